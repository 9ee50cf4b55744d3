// What one matter yields is a material of the next.

import t from 'tap'
import type { ReceivedMaterial } from '../../src/domain/events.ts'
import { begin, type Life, material, matter, rulesWith, submission } from './life.ts'

const fromLicence = (change: Partial<ReceivedMaterial> = {}): ReceivedMaterial =>
  material('licence-copy', 'result', {
    from: 'licence',
    matters: ['food'],
    certificateType: 'T1',
    ...change,
  })
const chain = () =>
  begin(
    submission({
      cases: [matter('licence'), matter('food', { after: ['licence'] })],
      materials: [fromLicence()],
    }),
  )
const licence = { type: 'electronic', name: '营业执照', number: 'N-1', identifier: 'I-1' } as const
const sentTo = (life: Life, code: string) =>
  life.transfers('submitCase').filter((one) => one.caseId === life.case(code).id).length

t.test('an approval without its result does not start what needs the result', async (t) => {
  const life = chain()
  t.match(life.case('food').waits, [{ for: 'case' }, { for: 'result', material: 'licence-copy' }])
  life.report('licence', 'case.approved')
  t.match(life.case('food').waits, [{ for: 'result' }])
  life.report('licence', 'case.issued', { detail: { result: licence } })
  t.strictSame(life.case('food').waits, [])
  t.equal(sentTo(life, 'food'), 1)
  t.match(life.state.materials[0], {
    source: 'result',
    certificate: { type: 'T1', identifier: 'I-1', evidence: { matter: 'licence', number: 'N-1' } },
  })
  t.ok(life.told().includes('material.result-attached'))
})

t.test('a refusal upstream ends what waited for its result, even after an approval', async (t) => {
  for (const events of [['case.denied'], ['case.approved', 'case.terminated']] as const) {
    const life = chain()
    for (const event of events) life.report('licence', event)
    t.match(life.case('food'), { state: 'terminated', reason: 'upstream-refused' }, events.join())
  }
})

t.test('where it ended well without a result, the applicant is asked for the document', async (t) => {
  for (const result of [
    undefined,
    { ...licence, type: 'paper' } as const,
    { type: 'electronic', name: '营业执照' } as const,
    { ...licence, certificateType: 'T2' },
  ]) {
    const life = chain()
    life.report('licence', 'case.closed', { detail: result ? { result } : {} })
    t.match(life.case('food'), {
      state: 'pending',
      asked: [{ code: 'licence-copy', reason: 'result-missing' }],
      waits: [{ for: 'supplement', material: 'licence-copy' }],
    })
    const { id: caseId } = life.case('food')
    life.tell({ type: 'case.supplement-received', caseId, materials: [{ code: 'licence-copy', files: [] }] })
    t.equal(sentTo(life, 'food'), 1)
  }
})

t.test('a result that comes late spares the applicant the question', async (t) => {
  const life = chain()
  life.report('licence', 'case.closed')
  t.match(life.case('food').waits, [{ for: 'supplement' }])
  life.report('licence', 'case.issued', { detail: { result: licence } })
  t.match(life.case('food'), { waits: [], asked: [] })
  t.equal(sentTo(life, 'food'), 1)
})

t.test('the applicant’s own document is not overwritten by a late result', async (t) => {
  const life = chain()
  life.report('licence', 'case.closed')
  const { id: caseId } = life.case('food')
  life.tell({ type: 'case.supplement-received', caseId, materials: [{ code: 'licence-copy', files: [] }] })
  life.report('licence', 'case.issued', { detail: { result: licence } })
  t.match(life.state.materials[0], { source: 'upload' })
  t.equal(life.state.materials[0]?.certificate, undefined)
})

t.test('what comes by itself is not taken from the applicant before it is asked for', async (t) => {
  const life = chain()
  life.report('licence', 'case.correction-requested')
  const before = life.state
  const { id: caseId } = life.case('licence')
  const materials = [{ code: 'licence-copy', files: [] }]
  t.match(life.tell({ type: 'case.supplement-received', caseId, materials }), {
    outcome: 'refused',
    reason: { en: /result of another matter/, zh: /另一事项办理产生/ },
  })
  t.equal(life.state, before)
})

t.test('the question has the limit of every correction', async (t) => {
  const limits = () => ({ supplement: { days: 5, unit: 'G' as const }, warnShare: 0.8 })
  const life = begin(
    submission({
      cases: [matter('licence'), matter('food', { after: ['licence'] })],
      materials: [fromLicence()],
    }),
    rulesWith({ limits }),
  )
  life.report('licence', 'case.closed')
  t.match(life.case('food').clock, { of: 'supplement', days: 5 })
  life.report('licence', 'case.issued', { detail: { result: licence } })
  t.equal(life.case('food').clock, undefined)
})

t.test('a result that an earlier submission has is there from the beginning', async (t) => {
  const life = begin(
    submission({
      cases: [matter('food')],
      materials: [fromLicence()],
      redoes: {
        submissionId: 'sub_0',
        satisfied: [{ matter: 'licence', caseId: 'case_0', result: licence }],
      },
    }),
  )
  t.equal(sentTo(life, 'food'), 1)
  t.match(life.state.materials[0], { from: 'case_0', certificate: { identifier: 'I-1' } })
})
