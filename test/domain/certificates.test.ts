// Certificates between look-up and dispatch: fresh ones go at once, old ones are asked about again, what is
// no longer good or out of reach is asked of the applicant, and whichever comes first counts.

import t from 'tap'
import { certificateReasons } from '../../src/domain/certificate-reasons.ts'
import type { DomainEvent } from '../../src/domain/events.ts'
import { after, begin, certificate, type Life, matter, rulesWith, submission } from './life.ts'

const file = { sha256: 'a'.repeat(64), size: 1, mediaType: 'application/pdf', fileName: 'a.pdf' }
const copy = { ...file, mediaType: 'application/ofd' }
const DAY = 24 * 60
const good = { reference: 'CERT-1', files: [copy], data: { verifyingCode: '0', validTo: '2030-01-01' } }
const two = submission({
  cases: [matter('licence'), matter('food', { after: ['licence'] })],
  materials: [certificate('C1', { matters: ['licence', 'food'], uploadInstead: true })],
})

/** `food` waits for `licence`, which is approved `minutes` after the certificate was obtained. */
function approvedAfter(minutes: number, rules = rulesWith()): Life {
  const life = begin(two, rules)
  life.tell(delivered(life, 'obtainCertificate', good), after(0))
  life.deliver('submitCase')
  const { id } = life.case('licence')
  life.tell(
    {
      type: 'case.reported',
      caseId: id,
      event: 'case.approved',
      at: after(minutes),
      system: 'licence',
      detail: {},
    },
    after(minutes),
  )
  return life
}

const delivered = (
  life: Life,
  operation: 'obtainCertificate' | 'verifyCertificate',
  receipt: (DomainEvent & { type: 'transfer.delivered' })['receipt'],
): DomainEvent => ({ type: 'transfer.delivered', transferId: life.open(operation)!.id, receipt })
const refusedAs = (
  life: Life,
  operation: 'obtainCertificate' | 'verifyCertificate',
  code: string,
): DomainEvent => ({
  type: 'transfer.refused',
  transferId: life.open(operation)!.id,
  code,
  reason: '证照登记系统',
})
const overdue = (life: Life, operation: 'obtainCertificate' | 'verifyCertificate'): DomainEvent => ({
  type: 'certificate.overdue',
  transferId: life.open(operation)!.id,
})
const scan = (life: Life, code: string): DomainEvent => ({
  type: 'case.supplement-received',
  caseId: life.case(code).id,
  materials: [{ code: 'C1', files: [file] }],
})
const submitted = (life: Life, code: string): number =>
  life.transfers('submitCase').filter(({ caseId }) => caseId === life.case(code).id).length

t.test('a fresh certificate costs no second question', async (t) => {
  const life = approvedAfter(DAY)
  t.equal(submitted(life, 'food'), 1)
  t.strictSame(life.transfers('verifyCertificate'), [])
})

t.test('one verified too long ago is asked about again before its case goes out', async (t) => {
  const life = approvedAfter(DAY + 1)
  t.equal(submitted(life, 'food'), 0)
  t.match(life.case('food').waits, [{ for: 'recheck', material: 'C1' }])
  t.match(life.transfers('verifyCertificate'), [
    { system: 'registry', state: 'due', about: { material: 'C1' } },
  ])

  life.tell(
    delivered(life, 'verifyCertificate', { reference: 'CERT-1', data: { result: 'valid' } }),
    after(DAY + 2),
  )
  t.equal(submitted(life, 'food'), 1)
  t.match(life.state.materials[0]?.certificate, {
    trust: 'verified',
    verifiedAt: after(DAY + 2),
    recheckAfter: after(2 * DAY + 2),
    evidence: { verifyingCode: '0' },
    recheck: { result: 'valid' },
  })
  t.strictSame(life.state.materials[0]?.files, [copy], 'the copy stays')
})

t.test('where its registry cannot be asked again, it goes as it is', async (t) => {
  const rules = rulesWith({ certificates: { maxAgeMs: () => null, registration: () => null } })
  t.equal(submitted(approvedAfter(400 * DAY, rules), 'food'), 1)
})

t.test('however short its life is, one more question is enough', async (t) => {
  const rules = rulesWith({ certificates: { maxAgeMs: () => 0, registration: () => null } })
  const life = begin(submission({ materials: [certificate('C1'), certificate('C2')] }), rules)
  const answer = (operation: 'obtainCertificate' | 'verifyCertificate', minute: number) =>
    life.tell(delivered(life, operation, good), after(minute))
  answer('obtainCertificate', 1)
  answer('obtainCertificate', 2)
  t.match(
    life.case('licence').waits,
    [{ for: 'recheck', material: 'C1' }],
    'the second is of this very moment',
  )
  answer('verifyCertificate', 3)
  t.equal(submitted(life, 'licence'), 1)
})

t.test('revoked meanwhile: the applicant is asked for the document, in both languages', async (t) => {
  const life = approvedAfter(DAY + 1)
  life.tell(refusedAs(life, 'verifyCertificate', 'certificate-revoked'))
  t.match(life.case('food'), {
    state: 'pending',
    waits: [{ for: 'supplement', material: 'C1' }],
    asked: [{ code: 'C1', reason: 'certificate-revoked', messageZh: /注销/, message: /revoked/ }],
  })
  t.match(life.entries.at(-1), {
    type: 'case.correction-requested',
    data: { by: 'gateway', code: 'certificate-revoked', reason: /注销/, reasonEn: /revoked/ },
  })
  t.equal(life.state.materials[0]?.certificate?.standing, 'certificate-revoked')
  life.tell(scan(life, 'food'))
  t.equal(submitted(life, 'food'), 1)
  t.match(life.state.materials, [{ source: 'upload', files: [file] }])
})

t.test('every reason has its own words in both languages', async (t) => {
  const reasons = Object.entries(certificateReasons)
  for (const [code, { zh, en }] of reasons) {
    t.match(zh, /[一-龥]/, code)
    t.match(en, /^[A-Z]/, code)
  }
  t.equal(new Set(reasons.map(([, { zh }]) => zh)).size, reasons.length)
})

t.test(
  'a refusal that says nothing of the certificate is for an operator, not for the applicant',
  async (t) => {
    const life = begin(two)
    life.tell(refusedAs(life, 'obtainCertificate', '103'))
    t.match(life.open('obtainCertificate'), { state: 'dead' })
    t.match(life.case('licence').waits, [{ for: 'certificate' }])
  },
)

t.test('what is known of a copy depends on what the registry said', async (t) => {
  const trustOf = (receipt: Parameters<typeof delivered>[2]) => {
    const life = begin(two)
    life.tell(delivered(life, 'obtainCertificate', receipt))
    return life.state.materials[0]?.certificate?.trust
  }
  t.equal(trustOf(good), 'verified')
  t.equal(trustOf({ ...good, data: {} }), 'fetched')
  t.equal(trustOf({ reference: 'CERT-1', data: { verifyingCode: '0' } }), 'shown')
})

t.test('a registry out of reach for long: a scan will do, and comes first', async (t) => {
  const life = begin(two)
  t.equal(life.tell(overdue(life, 'obtainCertificate')).outcome, 'applied')
  t.match(life.case('licence'), {
    waits: [{ for: 'supplement', material: 'C1', orCertificate: true }],
    asked: [{ code: 'C1', reason: 'registry-unavailable' }],
  })
  t.equal(life.tell(overdue(life, 'obtainCertificate')).outcome, 'duplicate', 'asked once')
  t.equal(life.open('obtainCertificate')?.state, 'due', 'the registry is asked on')

  const { id } = life.open('obtainCertificate')!
  life.tell(scan(life, 'licence'))
  t.equal(submitted(life, 'licence'), 1)
  t.equal(life.transfers('obtainCertificate')[0]?.state, 'cancelled')
  t.equal(
    life.tell({ type: 'transfer.delivered', transferId: id, receipt: good }).outcome,
    'duplicate',
    'too late',
  )
  t.match(life.state.materials, [{ source: 'upload', files: [file] }])
  t.equal(submitted(life, 'licence'), 1)
})

t.test('a registry out of reach for long: the certificate comes first after all', async (t) => {
  const life = begin(two)
  life.tell(overdue(life, 'obtainCertificate'))
  life.tell(delivered(life, 'obtainCertificate', good))
  t.match(life.case('licence'), { waits: [], asked: [] })
  t.equal(submitted(life, 'licence'), 1)
  t.match(life.entries.filter(({ type }) => type === 'case.supplemented').length, 2, 'both cases are told')
  t.equal(life.tell(scan(life, 'licence')).outcome, 'refused', 'nothing is asked for any more')
  t.match(life.state.materials, [{ source: 'certificate', files: [copy] }])
})

t.test('back again, it says that there is none: the scan is still asked for, once', async (t) => {
  const life = begin(two)
  life.tell(overdue(life, 'obtainCertificate'))
  const asked = life.told().length
  life.tell(refusedAs(life, 'obtainCertificate', 'certificate-not-found'))
  t.strictSame(life.case('licence').waits, [{ for: 'supplement', material: 'C1' }])
  t.equal(life.told().length, asked, 'nobody is asked a second time')
})

t.test('out of reach when asked again: a scan will do as well', async (t) => {
  const life = approvedAfter(DAY + 1)
  life.tell(overdue(life, 'verifyCertificate'))
  t.match(life.case('food').waits, [{ for: 'supplement', material: 'C1', orCertificate: true }])
  life.tell(delivered(life, 'verifyCertificate', { reference: 'CERT-1' }), after(DAY + 9))
  t.equal(submitted(life, 'food'), 1, 'the registry was quicker')
})

t.test('a scan given for one case serves all that were asked while the registry was away', async (t) => {
  const life = begin(
    submission({
      cases: [matter('licence'), matter('food')],
      materials: [certificate('C1', { matters: ['licence', 'food'], uploadInstead: true })],
    }),
  )
  life.tell(overdue(life, 'obtainCertificate'))
  life.report('food', 'case.pre-review-returned', { detail: { materials: [{ code: 'C1', reason: '缺' }] } })
  life.tell(scan(life, 'food'))
  t.match(life.case('licence'), { waits: [], asked: [] })
  t.equal(submitted(life, 'licence'), 1)
  t.equal(life.open('obtainCertificate'), undefined)
})

t.test('where the catalogue takes no scan, the case waits for the registry', async (t) => {
  const life = begin(submission({ materials: [certificate('C1')] }))
  t.equal(life.tell(overdue(life, 'obtainCertificate')).outcome, 'duplicate')
  t.match(life.case('licence').waits, [{ for: 'certificate' }])
})

t.test('a scan that a department asked for serves the case that still waits for the registry', async (t) => {
  const life = begin(
    submission({
      cases: [matter('licence'), matter('food')],
      materials: [certificate('C1', { matters: ['food'] })],
    }),
  )
  life.deliver('submitCase')
  life.report('licence', 'case.accepted')
  life.report('licence', 'case.correction-requested', {
    detail: { materials: [{ code: 'C1', reason: '缺' }] },
  })
  life.tell(scan(life, 'licence'))
  t.equal(life.transfers('obtainCertificate')[0]?.state, 'cancelled')
  t.equal(submitted(life, 'food'), 1)
})
