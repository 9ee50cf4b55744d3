// The rules of certificate-registry that no sample can tell: identifiers, dates and copies.
// Samples and failure questions are run by conformance.test.ts.

import { Readable } from 'node:stream'
import t from 'tap'
import { createCertificateRegistry } from '../../adapters/certificate-registry/adapter.ts'
import type { Line } from '../../adapters/certificate-registry/call.ts'
import { theValidOne } from '../../adapters/certificate-registry/choice.ts'
import { readBase64 } from '../../adapters/certificate-registry/copies.ts'
import { isOfd, kindOf } from '../../adapters/certificate-registry/file-kinds.ts'
import { grantFields } from '../../adapters/certificate-registry/grants.ts'
import { holderTypeCode, holderTypeRows } from '../../adapters/certificate-registry/holders.ts'
import { checkCharacter, readIdentifier } from '../../adapters/certificate-registry/identifier.ts'
import { linkOf, linksIn } from '../../adapters/certificate-registry/links.ts'
import { readRecord, recordsIn } from '../../adapters/certificate-registry/records.ts'
import { grantDefaults } from '../../adapters/certificate-registry/settings.ts'
import {
  answerByCode,
  answerRows,
  rowOf,
  verificationRows,
} from '../../adapters/certificate-registry/statuses.ts'
import { causeOf, factsOf } from '../../adapters/certificate-registry/translate.ts'
import { copyEnd, dateOf, isExpired } from '../../adapters/certificate-registry/validity.ts'
import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { makeOfd, storedZip } from '../../src/sandbox/files/ofd.ts'
import { makePng } from '../../src/sandbox/files/png.ts'

const registry = { baseUrl: 'https://a.example', accessId: 'a', accessToken: 'b' }
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
  for (const endless of ['长期', '长期有效', '', undefined, '9999-12-31', '--'])
    t.equal(dateOf(endless), null)
  for (const wrong of [
    '2026-02-30',
    '见正本',
    '2026',
    '23-11-2026',
    '20260230120000',
    '202611222359',
    '22112026',
    '-1',
    '2026-11',
    '2026/12',
    '202611',
    '2026111',
    '2026-1122',
    '2026-02-30T16:00:00Z',
  ])
    t.equal(dateOf(wrong), undefined, wrong)
})

t.test('dates are read with their time without separators, and as milliseconds', async (t) => {
  for (const written of ['20261122235959', '1795363199000', '1795276800000'])
    t.equal(dateOf(written), '2026-11-22', written)
  t.equal(dateOf('946655999000'), '1999-12-31')
})

t.test('a moment that tells its offset is the day that it is in Beijing', async (t) => {
  for (const written of [
    '2026-11-21T16:00:00.000+0000',
    '2026-11-21T16:00:00Z',
    '2026-11-22 15:59:59+00:00',
    '2026-11-22T00:00:00+08:00',
    '2026-11-22T23:59+0800',
  ])
    t.equal(dateOf(written), '2026-11-22', written)
  t.equal(dateOf('9999-12-30T16:00:00.000+0000'), null)
  t.equal(dateOf('0001-01-01T00:00:00Z'), null)
})

t.test('what a database writes for no date is none, and expires nothing', async (t) => {
  const nothing = ['1753-1-1', '1753-01-01 00:00:00.000', '17530101000000', '0001-01-01T00:00:00']
  for (const written of [...nothing, '0000-00-00', '0000-00-00 00:00:00', '1899-12-30', '-6847833600000'])
    t.equal(dateOf(written), null, written)
  for (const endless of ['99991231235959', '253402271999000']) t.equal(dateOf(endless), null, endless)
  t.equal(dateOf('1900-01-01'), '1900-01-01')
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

t.test('a copy inside an answer is Base64 within the limit, bare or in `content`', async (t) => {
  const base64 = Buffer.alloc(300, 7).toString('base64')
  t.equal(readBase64(base64, 300).length, 300)
  t.equal(readBase64({ content: `${base64.slice(0, 76)}\n${base64.slice(76)}` }, 300).length, 300)
  for (const data of ['<html>', undefined, {}, [], 7.5, '===='])
    t.equal(
      failureKind(() => readBase64(data, 300)),
      'unrecognised',
    )
  t.equal(
    failureKind(() => readBase64(base64, 299)),
    'unrecognised',
  )
})

t.test('a copy is what its bytes are, never what it is called', async (t) => {
  const ofd = makeOfd({ title: '营业执照', lines: ['样张'], date: '2026-01-01' })
  const png = makePng({ bytes: 500, filler: Buffer.from('grey') })
  const pdf = Buffer.from('%PDF-1.7\n…\n%%EOF\n')
  t.equal(await kindOf(ofd), 'ofd')
  t.equal(await kindOf(png), 'png')
  t.equal(await kindOf(pdf), 'pdf')
  for (const bytes of [
    png.subarray(0, -4),
    pdf.subarray(0, -8),
    Buffer.alloc(0),
    Buffer.from('<html>'),
    storedZip([['Other.xml', '<OFD><DocRoot/></OFD>']]),
    storedZip([['OFD.xml', 'not an entrance']]),
    storedZip([['OFD.xml', '<!DOCTYPE x><ofd:OFD x=""><ofd:DocRoot x=""/></ofd:OFD>']]),
    storedZip([['../OFD.xml', '<ofd:OFD ><ofd:DocRoot >x</ofd:DocRoot></ofd:OFD>']]),
  ])
    t.equal(await kindOf(bytes), undefined)
})

t.test('no cut or broken OFD passes, and none brings the reader down', async (t) => {
  const ofd = makeOfd({ title: '营业执照', lines: [], date: '2026-01-01' })
  t.ok(await isOfd(ofd))
  for (let length = 0; length < ofd.length; length += 7) t.notOk(await isOfd(ofd.subarray(0, length)))
  const wild = Buffer.from(ofd)
  wild.writeUInt32LE(0xfffffff0, wild.length - 6)
  t.notOk(await isOfd(wild))
})

t.test('an archive with too many entries is not searched to its end', async (t) => {
  const entries = Array.from({ length: 5_001 }, (_, i) => [`f${i}`, ''] as const)
  t.notOk(await isOfd(storedZip([['OFD.xml', '<OFD ><DocRoot >x</DocRoot></OFD>'], ...entries])))
})

t.test('a link without a host is the registry’s own; what is no http address is not followed', async (t) => {
  const registry = 'https://zzgx.example.gov.cn/CertShare'
  t.equal(linkOf('/zzgxpt/download?id=1', registry), 'https://zzgx.example.gov.cn/zzgxpt/download?id=1')
  t.equal(linkOf(' http://other.example/d?id=1', registry), 'http://other.example/d?id=1')
  for (const link of [
    'file:///etc/passwd',
    '//other.example/x',
    'javascript:1',
    'd?id=1',
    'http://user:word@zzgx.example.gov.cn/',
    `/${'x'.repeat(3_000)}`,
  ])
    t.equal(
      failureKind(() => linkOf(link, registry)),
      'unrecognised',
      link.slice(0, 40),
    )
})

t.test('links come bare, as objects, one or many, and never without end', async (t) => {
  t.same(linksIn('/a'), [{ link: '/a' }])
  t.same(linksIn([{ content: '/a', certIdentifier: 'X' }, { url: '/b' }]), [
    { link: '/a', identifier: 'X' },
    { link: '/b' },
  ])
  t.same(linksIn(undefined), [])
  for (const data of [[{}], Array(101).fill('/a')])
    t.equal(
      failureKind(() => linksIn(data)),
      'unrecognised',
    )
})

t.test(
  'every holder code type of the registry is told as it is, others only when they are mapped',
  async (t) => {
    const none = { holderTypes: {} }
    for (const { code } of holderTypeRows) t.equal(holderTypeCode(code, none), code)
    t.equal(holderTypeCode('PP', { holderTypes: { PP: '414' } }), '414')
    for (const [code, types] of [
      ['888', none],
      ['__proto__', none],
      ['111', { holderTypes: { 111: null } }],
    ] as const)
      t.equal(
        failureKind(() => holderTypeCode(code, types)),
        'rejected',
        code,
      )
  },
)

t.test('a grant is told only where somebody named one, in the registry’s words', async (t) => {
  t.same(grantFields(grantDefaults, undefined), {})
  t.same(grantFields(grantDefaults, { type: 'function' }), { grantType: 'function' })
  const theirs = {
    ...grantDefaults,
    type: 'authorization',
    authCode: 'standing',
    typeField: 'yylx',
    codeField: 'sqm',
    typeCodes: { function: '1', authorization: '2' },
  } as const
  t.same(grantFields(theirs, undefined), { yylx: '2', sqm: 'standing' })
  t.same(grantFields(theirs, { type: 'authorization', authCode: 'once' }), { yylx: '2', sqm: 'once' })
  t.same(grantFields(theirs, { type: 'function' }), { yylx: '1' })
})

t.test('the end of an annotated copy is a whole day of Beijing, in the registry’s form', async (t) => {
  const late = new Date('2026-11-23T17:00:00Z')
  t.equal(copyEnd(late, 30, 'date-time'), '2026-12-24 23:59:59')
  t.equal(copyEnd(late, 30, 'date'), '2026-12-24')
  t.equal(copyEnd(late, 30, 'compact'), '20261224235959')
})

t.test('a number typed wrongly is said to be wrong before anything is asked', async (t) => {
  const { questions } = createCertificateRegistry(registry)
  const identifier = PUBLISHED.replace(/U$/, 'V')
  const unused = {} as Attempt
  for (const ask of [
    () => questions!.verifyCertificate!({ identifier, purpose: '核验' }, unused),
    () => questions!.downloadCertificate!({ identifier, purpose: '核验', format: 'ofd' }, unused),
  ])
    t.match(await ask().catch((error: unknown) => error), {
      kind: 'rejected',
      code: 'identifier-wrong',
      sent: false,
    })
})

t.test('a copy is valid only where the registry says so, or says nothing beside its success', async (t) => {
  const answers = async (data: unknown) => {
    const http = { request: async () => ({ json: () => ({ head: { status: '0' }, data }) }) }
    const files = { open: async () => Readable.from([Buffer.from('%PDF-1.7\n%%EOF\n')]) }
    const attempt = { http, files } as unknown as Attempt
    const file = { sha256: '', size: 1, mediaType: 'application/pdf', fileName: 'a.pdf' }
    const asked = { file, certificateType: '11100000000013338W011', purpose: '核验' }
    const { questions } = createCertificateRegistry(registry)
    const answer = await questions!.verifyCertificateFile!(asked, attempt).catch((error: unknown) => error)
    return answer instanceof AdapterFailure ? answer.kind : (answer as { status: string }).status
  }
  for (const good of [undefined, null, '', {}, 0, '0', { result: 0 }, [{ result: '0' }]])
    t.equal(await answers(good), 'valid', JSON.stringify(good))
  for (const bad of [3, '3', { result: 3 }, [{ result: 3 }], ['3']])
    t.equal(await answers(bad), 'revoked', JSON.stringify(bad))
  t.equal(await answers('5'), 'not-found')
  const unreadable = [{ verdict: 3 }, { result: '' }, { result: {} }, [], ['0', '3'], true, '有效', 99, '7']
  for (const strange of unreadable) t.equal(await answers(strange), 'unrecognised', JSON.stringify(strange))
})

t.test('a record is believed only when identifier, type, holder and dates hold together', async (t) => {
  const certData = { certificateType: '11100000000013338W011', certificateValidateEnd: '2029-01-01' }
  t.match(readRecord({ cert_identifier: PUBLISHED, certData }, PUBLISHED), { validTo: '2029-01-01' })
  t.match(readRecord({ certData }, PUBLISHED), { identifier: PUBLISHED })
  for (const [entry, asked] of [
    [{ cert_identifier: PUBLISHED.replace(/U$/, 'V'), certData }, undefined],
    [{ certData }, undefined],
    [{ cert_identifier: PUBLISHED, certData }, PUBLISHED.replace('20230000403', '20230000404')],
    [{ cert_identifier: PUBLISHED, certData: { certificateType: '11100000000013338W012' } }, PUBLISHED],
    [{ cert_identifier: PUBLISHED, certData: { certificateValidateEnd: '2029-02-30' } }, PUBLISHED],
  ] as const)
    t.equal(
      failureKind(() => readRecord(entry, asked)),
      'unrecognised',
      JSON.stringify(entry),
    )
  t.equal(
    failureKind(() => recordsIn(Array(101).fill({ a: 1 }))),
    'unrecognised',
  )
})

t.test('of more than ten certificates within their dates none is asked about', async (t) => {
  const found = readRecord({ cert_identifier: PUBLISHED })
  const many = [found, ...Array<typeof found>(10).fill(found)] as const
  const unused = {} as Line
  t.match(await theValidOne(unused, many).catch((error: unknown) => error), {
    kind: 'rejected',
    code: 'certificate-ambiguous',
  })
})

t.test('facts are told whole or not at all', async (t) => {
  const record = { certificateName: '许可证', certificateNumber: '1', certificateHolder: '某公司' }
  const found = { ...readRecord({ certData: record }, PUBLISHED) }
  t.same(factsOf(found, 'valid'), {
    identifier: PUBLISHED,
    type: '11100000000013338W011',
    name: '许可证',
    number: '1',
    holder: '某公司',
    status: 'valid',
  })
  for (const name of Object.keys(record))
    t.equal(
      failureKind(() => factsOf({ ...found, record: { ...record, [name]: '' } }, 'valid')),
      'unrecognised',
      name,
    )
})

t.test('an unreadable code of the registry is not repeated in the failure', async (t) => {
  for (const code of ['13800138000', '张三', 'x'.repeat(30)]) {
    const failure = failureOf(() => rowOf(code, answerByCode, 'queryCertInfo'))
    t.equal(failure?.kind, 'unrecognised')
    t.notOk(`${failure?.message}${failure?.code}`.includes(code))
  }
})

t.test('every call is a read, so that sending again without looking is safe', async (t) => {
  const adapter = createCertificateRegistry(registry)
  t.equal(adapter.outgoing.obtainCertificate?.honoursKey, true)
})

t.test('whatever lets the applicant bring the document is a refusal, never a wait', async (t) => {
  for (const { failure, failureCode } of [...answerRows, ...verificationRows]) {
    if (failureCode !== undefined) t.equal(failure, 'rejected', failureCode)
  }
})

const failureKind = (action: () => unknown): string => failureOf(action)?.kind ?? 'none'

function failureOf(action: () => unknown): AdapterFailure | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof AdapterFailure) return error
    throw error
  }
}
