// What a case waits for before it is handed over: certificates, supplements, paper, the applicant.

import t from 'tap'
import type { DomainEvent } from '../../src/domain/events.ts'
import { begin, certificate, material, matter, NOW, rulesWith, submission } from './life.ts'

const file = { sha256: 'a'.repeat(64), size: 1, mediaType: 'application/pdf', fileName: 'a.pdf' }

t.test('a case waits for its certificates and goes out with the evidence', async (t) => {
  const life = begin(submission({ materials: [certificate('C1'), certificate('C2')] }))
  t.strictSame(life.transfers('submitCase'), [])
  t.match(life.transfers('obtainCertificate'), [
    { system: 'registry', state: 'due' },
    { system: 'registry', state: 'due' },
  ])
  life.deliver('obtainCertificate', { reference: 'CERT-1', files: [file], data: { valid: true } })
  t.strictSame(life.transfers('submitCase'), [])
  life.deliver('obtainCertificate', { reference: 'CERT-2' })
  t.match(life.transfers('submitCase'), [{ state: 'due' }])
  t.match(life.state.materials[0], {
    files: [file],
    certificate: { type: 'type-C1', identifier: 'CERT-1', evidence: { valid: true } },
  })
  t.ok(life.told().includes('material.certificate-attached'))
})

t.test('one certificate serves all cases that need it', async (t) => {
  const life = begin(
    submission({
      cases: [matter('licence'), matter('food')],
      materials: [certificate('C1', { matters: ['licence', 'food'] })],
    }),
  )
  t.equal(life.transfers('obtainCertificate').length, 1)
  life.deliver('obtainCertificate')
  t.equal(life.transfers('submitCase').length, 2)
})

t.test('a certificate that is not there becomes a question to the applicant, never silence', async (t) => {
  const life = begin(submission({ materials: [certificate('C1')] }))
  life.tell({
    type: 'transfer.refused',
    transferId: life.open('obtainCertificate')!.id,
    code: 'certificate-not-found',
    reason: '证照登记系统：未查到证照',
  })
  t.match(life.case('licence'), {
    state: 'pending',
    round: 1,
    asked: [{ code: 'C1', reason: 'certificate-not-found' }],
    waits: [{ for: 'supplement', material: 'C1' }],
  })
  t.match(life.entries.at(-1), {
    type: 'case.correction-requested',
    data: { by: 'gateway', code: 'certificate-not-found', reason: /未查到/, reasonEn: /no such/ },
  })

  const { id } = life.case('licence')
  const wrong = life.tell({
    type: 'case.supplement-received',
    caseId: id,
    materials: [{ code: 'X', files: [file] }],
  })
  t.match(wrong, { outcome: 'refused', reason: { zh: '所补材料不在要求之列' } })
  life.tell({ type: 'case.supplement-received', caseId: id, materials: [{ code: 'C1', files: [file] }] })
  t.match(life.case('licence'), { waits: [], asked: [] })
  t.match(life.transfers('submitCase'), [{ state: 'due' }])
  t.match(life.state.materials, [{ code: 'C1', source: 'upload', files: [file] }])
  t.strictSame(life.transfers('supplementCase'), [], 'the department gets it with the case itself')
})

t.test('a registry that fails is a dead letter, and the case goes on waiting', async (t) => {
  const life = begin(submission({ materials: [certificate('C1')] }))
  const { id } = life.open('obtainCertificate')!
  life.tell({ type: 'transfer.buried', transferId: id, reason: 'given up' })
  t.match(life.case('licence'), { state: 'pending', waits: [{ for: 'certificate' }] })
  t.equal(life.open('obtainCertificate')?.state, 'dead')
  life.tell({ type: 'transfer.revived', transferId: id, by: 'op', reason: 'repaired' })
  t.equal(life.open('obtainCertificate')?.state, 'due')
})

t.test('an answer to a correction goes to the department, with its round', async (t) => {
  const life = begin()
  life.deliver('submitCase', { reference: 'D-1' })
  life.report('licence', 'case.accepted')
  life.report('licence', 'case.correction-requested', {
    detail: { materials: [{ code: 'M01', reason: '缺页' }] },
  })
  const { id } = life.case('licence')
  const answer = (): DomainEvent => ({
    type: 'case.supplement-received',
    caseId: id,
    materials: [{ code: 'M01', name: '租赁合同', files: [file] }],
    note: '已补',
  })
  t.equal(life.tell(answer()).outcome, 'applied')
  t.match(life.case('licence'), { state: 'accepted', asked: [], round: 1 })
  t.match(life.transfers('supplementCase'), [
    { state: 'due', about: { round: 1, materials: ['M01'], note: '已补' } },
  ])
  t.match(life.state.materials, [{ code: 'M01', name: '租赁合同', files: [file] }])
  t.equal(life.tell(answer()).outcome, 'refused', 'nothing is asked for any more')
})

t.test(
  'a supplement that leaves out what was asked for, or gives what is of another case, changes nothing',
  async (t) => {
    const life = begin(
      submission({
        cases: [matter('licence'), matter('food')],
        materials: [material('M01', 'upload'), material('M02', 'upload', { matters: ['food'] })],
      }),
    )
    life.report('licence', 'case.accepted')
    life.report('licence', 'case.correction-requested', {
      detail: { materials: [{ code: 'M01', reason: '缺页' }] },
    })
    const { id: caseId } = life.case('licence')
    const give = (...codes: string[]) =>
      life.tell({
        type: 'case.supplement-received',
        caseId,
        materials: codes.map((code) => ({ code, files: [file] })),
      })
    const before = life.state
    t.match(give('M03'), { outcome: 'refused', reason: { en: /M01 is asked for as well/, zh: /一次性/ } })
    t.match(give('M01', 'M02'), { outcome: 'refused', reason: { en: /M02 .*another case/, zh: /其他办件/ } })
    t.equal(life.state, before)
    t.equal(give('M01', 'M03').outcome, 'applied')
  },
)

t.test('paper that holds its case: one parcel, and the case goes out when it has arrived', async (t) => {
  const life = begin(
    submission({
      materials: [material('P1', 'paper', { holdsCase: true }), material('P2', 'paper')],
    }),
  )
  t.match(life.state.parcels, [{ direction: 'collect', materials: ['P1', 'P2'], system: 'ems' }])
  t.match(life.transfers('createOrder'), [{ system: 'ems', state: 'due' }])
  t.strictSame(life.transfers('submitCase'), [])
  life.deliver('createOrder', { reference: 'EMS-1' })
  t.match(life.state.parcels, [{ state: 'ordered', reference: 'EMS-1' }])
  const parcelId = life.state.parcels[0]!.id
  const tell = (event: 'parcel.in-transit' | 'parcel.delivered') =>
    life.tell({
      type: 'parcel.reported',
      parcelId,
      eventId: event,
      event,
      at: NOW,
      system: 'ems',
      detail: {},
    })
  tell('parcel.in-transit')
  t.strictSame(life.transfers('submitCase'), [])
  tell('parcel.delivered')
  t.match(life.transfers('submitCase'), [{ state: 'due' }])
})

t.test('paper that does not hold its case travels beside it', async (t) => {
  const life = begin(submission({ materials: [material('P1', 'paper')] }))
  t.equal(life.transfers('submitCase').length, 1)
  t.equal(life.parcels('collect').length, 1)
})

t.test('paper that is brought by hand orders no parcel, and holds its case all the same', async (t) => {
  const life = begin(
    submission({
      post: { collect: false, deliver: true },
      materials: [material('P1', 'paper', { holdsCase: true })],
    }),
  )
  t.strictSame(life.state.parcels, [])
  t.ok(life.told().includes('material.paper-awaited'))
  t.strictSame(life.case('licence').waits, [{ for: 'paper', material: 'P1' }])
  t.strictSame(life.transfers('submitCase'), [])
})

t.test(
  'without a postal contract the order is a dead letter that says so, and goes out once there is one',
  async (t) => {
    let contract: { system: string; customerNumber: string } | undefined
    const life = begin(
      submission({ materials: [material('P1', 'paper')] }),
      rulesWith({ postal: () => contract ?? { missing: 'no contract · 无合同' } }),
    )
    const { id } = life.open('createOrder')!
    t.match(life.transfers('createOrder'), [{ state: 'dead', reason: 'no contract · 无合同' }])
    const revive = { type: 'transfer.revived', transferId: id, by: 'op', reason: '' } as const
    t.match(life.tell(revive), { outcome: 'refused', reason: { zh: /无合同/ } })
    contract = { system: 'ems', customerNumber: '90000002' }
    t.equal(life.tell(revive).outcome, 'applied')
    t.match(life.transfers('createOrder'), [{ state: 'due', system: 'ems' }])
    t.match(life.state.parcels, [{ system: 'ems', customerNumber: '90000002' }])
  },
)

t.test('by appointment the case starts when the applicant has come', async (t) => {
  const life = begin(
    submission({
      mode: 'appointment',
      cases: [matter('licence', { mode: 'appointment', waitsForAttendance: true })],
    }),
  )
  const { id } = life.case('licence')
  const say = (outcome: 'attended' | 'missed') =>
    life.tell({ type: 'appointment.reported', caseId: id, outcome, at: NOW })
  t.equal(say('missed').outcome, 'applied')
  t.strictSame(life.transfers('submitCase'), [])
  t.equal(say('attended').outcome, 'applied')
  t.match(life.transfers('submitCase'), [{ state: 'due' }])
  t.equal(say('attended').outcome, 'duplicate')
})

t.test('an online case has no appointment', async (t) => {
  const life = begin()
  const { id } = life.case('licence')
  t.match(life.tell({ type: 'appointment.reported', caseId: id, outcome: 'attended', at: NOW }), {
    outcome: 'refused',
    reason: { zh: '该办件没有预约' },
  })
})
