// After a department's yes: results that belong in a registry are registered once, and what was accepted is
// offered again.

import t from 'tap'
import type { ReceivedMaterial } from '../../src/domain/events.ts'
import { begin, certificate, material, matter, rulesWith, submission } from './life.ts'

const file = { sha256: 'a'.repeat(64), size: 1, mediaType: 'application/pdf', fileName: 'a.pdf' }
const place = { registry: 'registry', certificateType: 'T1' }
const registering = rulesWith({ certificates: { maxAgeMs: () => null, registration: () => place } })
const result = { type: 'electronic', name: '许可证', number: 'JY1' } as const

t.test('an issued electronic result is registered, once, whatever comes after', async (t) => {
  const life = begin(submission(), registering)
  life.deliver('submitCase')
  life.report('licence', 'case.approved', { detail: { result } })
  t.strictSame(life.transfers('registerCertificate'), [], 'approved is not issued')
  life.report('licence', 'case.issued', { detail: { result }, at: '2026-11-24T01:00:00.000Z' })
  t.match(life.transfers('registerCertificate'), [{ system: 'registry', state: 'due' }])
  t.match(life.case('licence').registration, { ...place, state: 'asked', issuedOn: '2026-11-24' })
  life.deliver('registerCertificate', { reference: 'ID-1', duplicate: true })
  t.match(life.case('licence').registration, { state: 'registered', identifier: 'ID-1' })
  t.match(life.entries.at(-1), {
    type: 'case.certificate-registered',
    data: { identifier: 'ID-1', duplicate: true },
  })
  life.report('licence', 'case.closed')
  t.equal(life.transfers('registerCertificate').length, 1)
})

t.test('a result on paper, of no registered type, or refused is not registered', async (t) => {
  const outcome = (
    change: object,
    rules = registering,
    event: 'case.issued' | 'case.denied' = 'case.issued',
  ) => {
    const life = begin(submission(), rules)
    life.deliver('submitCase')
    life.report('licence', event, { detail: { result: { ...result, ...change } } })
    return life.transfers('registerCertificate').length
  }
  t.equal(outcome({}), 1)
  t.equal(outcome({ type: 'paper' }), 0)
  t.equal(outcome({}, rulesWith()), 0)
  t.equal(outcome({}, registering, 'case.denied'), 0)
})

t.test('a result learnt after the end is registered then', async (t) => {
  const life = begin(submission(), registering)
  life.deliver('submitCase')
  life.report('licence', 'case.closed')
  life.report('licence', 'case.issued', { detail: { result } })
  t.equal(life.transfers('registerCertificate').length, 1)
})

t.test('a registry that refuses a result is a dead letter; the case does not suffer', async (t) => {
  const life = begin(submission(), registering)
  life.deliver('submitCase')
  life.report('licence', 'case.issued', { detail: { result } })
  const { id } = life.open('registerCertificate')!
  life.tell({ type: 'transfer.refused', transferId: id, code: 'certificate-not-permitted', reason: 'no' })
  t.equal(life.open('registerCertificate')?.state, 'dead')
  t.equal(life.case('licence').state, 'issued')
  life.tell({ type: 'transfer.given-up', transferId: id, by: 'op', reason: '登记处不收' })
  t.match(life.case('licence').registration, { state: 'given-up' })
})

const upload = (change: Partial<ReceivedMaterial> = {}) =>
  material('M1', 'upload', { files: [file], reusableDays: 10, ...change })

function reusableAfter(
  one: ReceivedMaterial,
  event: 'case.approved' | 'case.denied' = 'case.approved',
  holder = 'h',
) {
  const life = begin(submission({ materials: [one], ...(holder ? { holder } : {}) }))
  if (one.source === 'certificate')
    life.deliver('obtainCertificate', {
      reference: 'CERT-1',
      files: [file],
      data: { verifyingCode: '0', validTo: '2026-11-30' },
    })
  life.deliver('submitCase')
  life.report('licence', event)
  return life.state.materials[0]?.reusable
}

t.test(
  'an accepted material may be used again, with its proof and for as long as the catalogue says',
  async (t) => {
    t.match(reusableAfter(upload()), {
      id: /^reu_01kb3v5m8q0123456789abcdef01$/,
      matter: 'licence',
      expiresOn: '2026-12-03',
      trust: 'accepted',
    })
    const checked = { hall: '410204-01', window: '07', at: '2026-11-23T09:00:00+08:00' }
    t.match(reusableAfter(upload({ checked })), { trust: 'window-checked' })
    const lasting = certificate('C1', { reusableDays: 10 })
    t.match(
      reusableAfter(lasting),
      { trust: 'verified', expiresOn: '2026-11-30' },
      'a certificate no longer than itself',
    )
  },
)

t.test('a scan that came with a supplement is not the one that a window had compared', async (t) => {
  const checked = { hall: '410204-01', window: '07', at: '2026-11-23T09:00:00+08:00' }
  const life = begin(submission({ materials: [upload({ checked })], holder: 'h' }))
  life.deliver('submitCase')
  life.report('licence', 'case.correction-requested', {
    detail: { materials: [{ code: 'M1', reason: 'x' }] },
  })
  const { id: caseId } = life.case('licence')
  life.tell({ type: 'case.supplement-received', caseId, materials: [{ code: 'M1', files: [file] }] })
  life.report('licence', 'case.approved')
  const [one] = life.state.materials
  t.equal(one?.checked, undefined)
  t.match(one?.reusable, { trust: 'accepted' })
})

t.test('nothing else may', async (t) => {
  const { reusableDays: _, ...once } = upload()
  t.equal(reusableAfter(once), undefined, 'the catalogue does not say so')
  t.equal(reusableAfter(upload(), 'case.denied'), undefined, 'refused')
  t.equal(reusableAfter(upload({ source: 'shared' })), undefined, 'its life is not made longer by using it')
  t.equal(reusableAfter(upload({ source: 'paper', files: [] })), undefined, 'there is no file')
  t.equal(reusableAfter(upload(), 'case.approved', ''), undefined, 'nobody knows whose it is')
})

t.test('the first yes counts, and a later one changes nothing', async (t) => {
  const life = begin(
    submission({
      cases: [matter('licence'), matter('food')],
      materials: [upload({ matters: ['licence', 'food'] })],
      holder: 'h',
    }),
  )
  life.deliver('submitCase')
  life.deliver('submitCase')
  life.report('licence', 'case.approved')
  const first = life.state.materials[0]?.reusable
  life.report('food', 'case.approved')
  t.equal(life.state.materials[0]?.reusable, first)
})

t.test('a shared certificate that is old is asked about again before it goes out', async (t) => {
  const known = {
    type: 'type-C1',
    identifier: 'CERT-1',
    verifiedAt: '2026-06-01T00:00:00.000Z',
    recheckAfter: '2026-06-02T00:00:00.000Z',
    evidence: {},
  }
  const life = begin(
    submission({
      materials: [material('C1', 'shared', { files: [file], certificate: known, registry: 'registry' })],
    }),
  )
  t.match(life.transfers('verifyCertificate'), [{ state: 'due' }])
  t.strictSame(life.transfers('submitCase'), [])
  life.deliver('verifyCertificate', { reference: 'CERT-1' })
  t.equal(life.transfers('submitCase').length, 1)

  const noRegistry = begin(
    submission({ materials: [material('C1', 'shared', { files: [file], certificate: known })] }),
  )
  t.equal(noRegistry.transfers('submitCase').length, 1, 'nor where no registry is known any more')
})
