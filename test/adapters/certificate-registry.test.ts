// The rules of certificate-registry that no sample can tell: identifiers, dates and copies.
// Samples and failure questions are run by conformance.test.ts.

import t from 'tap'
import { createCertificateRegistry } from '../../adapters/certificate-registry/adapter.ts'
import { isOfd, readCopy } from '../../adapters/certificate-registry/copy.ts'
import { checkCharacter, readIdentifier } from '../../adapters/certificate-registry/identifier.ts'
import { answerRows, verificationRows } from '../../adapters/certificate-registry/statuses.ts'
import { causeOf } from '../../adapters/certificate-registry/translate.ts'
import { dateOf, isExpired } from '../../adapters/certificate-registry/validity.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { makeOfd, storedZip } from '../../src/sandbox/files/ofd.ts'

const PUBLISHED = '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U'

t.test('the published identifier has the check character of GB/T 36904', async (t) => {
  t.same(readIdentifier(PUBLISHED), {
    type: '11100000000013338W011',
    issuer: '11430000006122244L',
    serial: '20230000403',
    version: '001',
  })
  t.equal(checkCharacter('11100000000013338W01111430000006122244L20230000403001'), 'U')
})

t.test('any single wrong character of an identifier is noticed', async (t) => {
  const start = '1.2.156.3005.2.'.length
  for (let at = start; at < PUBLISHED.length; at++) {
    const wrong = PUBLISHED[at] === '7' ? '8' : '7'
    const changed = PUBLISHED.slice(0, at) + wrong + PUBLISHED.slice(at + 1)
    if (PUBLISHED[at] !== '.') t.equal(readIdentifier(changed), null, changed)
  }
})

t.test('what has another form is no identifier', async (t) => {
  t.equal(readIdentifier(PUBLISHED.replace('1.2.156.3005.2', '1.2.156.3005.3')), null)
  t.equal(readIdentifier(PUBLISHED.toLowerCase()), null)
  t.equal(readIdentifier(''), null)
})

t.test('dates are read in the forms that registries write', async (t) => {
  for (const written of ['2026-11-22', '20261122', '2026/11/22', '2026年11月22日', '2026-11-22 23:59:59']) {
    t.equal(dateOf(written), '2026-11-22', written)
  }
  t.equal(dateOf('2026-1-2'), '2026-01-02')
  t.equal(dateOf('长期'), null)
  t.equal(dateOf(undefined), null)
})

t.test('a certificate is good until its last day is over in Beijing', async (t) => {
  t.notOk(isExpired('2026-11-22', new Date('2026-11-22T15:59:59Z')))
  t.ok(isExpired('2026-11-22', new Date('2026-11-22T16:00:00Z')))
  t.notOk(isExpired(null, new Date('2099-01-01T00:00:00Z')))
})

t.test('a purpose is cut to what registries take, never within a character', async (t) => {
  const cause = causeOf({ ...givens.certificate, purpose: '𬀩'.repeat(300) })
  t.equal([...cause].length, 200)
  t.ok(cause.isWellFormed())
})

t.test('a copy is kept only when it is what was asked for', async (t) => {
  const ofd = makeOfd({ title: '营业执照', lines: ['样张'], date: '2026-01-01' })
  t.same(readCopy(ofd.toString('base64'), 'ofd', 4096), ofd)
  t.same(readCopy({ content: ofd.toString('base64') }, 'ofd', 4096), ofd)
  for (const [data, fileType, maxBytes] of [
    ['<html>', 'ofd', 4096],
    [undefined, 'ofd', 4096],
    [ofd.toString('base64'), 'png', 4096],
    [ofd.toString('base64'), 'ofd', 100],
    [storedZip([['Other.xml', '']]).toString('base64'), 'ofd', 4096],
  ] as const) {
    t.equal(
      failureKind(() => readCopy(data, fileType, maxBytes)),
      'unrecognised',
    )
  }
})

t.test('no cut or broken OFD passes, and none brings the reader down', async (t) => {
  const ofd = makeOfd({ title: '营业执照', lines: [], date: '2026-01-01' })
  t.ok(isOfd(ofd))
  for (let length = 0; length < ofd.length; length += 7) t.notOk(isOfd(ofd.subarray(0, length)))
  const wild = Buffer.from(ofd)
  wild.writeUInt32LE(0xfffffff0, wild.length - 6)
  t.notOk(isOfd(wild))
})

t.test('every call is a read, so that sending again without looking is safe', async (t) => {
  const adapter = createCertificateRegistry({ baseUrl: 'https://a.example', accessId: 'a', accessToken: 'b' })
  t.equal(adapter.outgoing.obtainCertificate?.honoursKey, true)
})

t.test('whatever lets the applicant bring the document is a refusal, never a wait', async (t) => {
  for (const { failure, failureCode } of [...answerRows, ...verificationRows]) {
    if (failureCode !== undefined) t.equal(failure, 'rejected', failureCode)
  }
})

function failureKind(action: () => unknown): string {
  try {
    action()
    return 'none'
  } catch (error) {
    if (error instanceof AdapterFailure) return error.kind
    throw error
  }
}
