// After a death, one relative applies for everything. She thinks better of one matter, and once of all of them.

import t from 'tap'
import { newborn, platformAt } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t)
const platform = platformAt(town.running.url)

async function bereaved(situations: Record<string, unknown>, uploads: readonly string[]) {
  const upload = async (code: string) => ({ code, source: 'upload', materialId: await platform.upload() })
  return town.apply(
    newborn({
      theme: 'bereavement',
      applicant: {
        type: 'person',
        name: '王丽',
        idType: '111',
        idNumber: holderWith(),
        mobile: '13900139000',
      },
      situations,
      form: { deceasedName: '王建国', diedOn: '2026-11-01', relation: '子女' },
      materials: [
        { code: 'id-card', source: 'certificate' },
        { code: 'household-register', source: 'certificate' },
        ...(await Promise.all(uploads.map(upload))),
      ],
      delivery: { return: { by: 'hall' } },
    }),
  )
}

t.test('one matter is withdrawn while it waits; the others are done', async (t) => {
  const family = await bereaved({ cremated: false, insuredAs: 'employee' }, [
    'death-certificate',
    'kinship-proof',
    'bank-account',
  ])
  const benefit = family.cases['survivors-benefit']
  const withdrawn = await platform.post(`/v1/cases/${benefit}/withdrawal`, { body: { reason: '由兄长申领' } })
  t.equal(withdrawn.status, 202, withdrawn.body.toString())

  await town.rest()
  t.equal(await family.state(), 'partly-completed')
  t.strictSame(await Promise.all(Object.keys(family.cases).map(family.stateOf)), [
    'closed',
    'closed',
    'withdrawn',
  ])
  t.notOk(
    (await family.read('transfers')).some(
      ({ caseId, operation }) =>
        caseId === benefit && (operation === 'submitCase' || operation === 'withdrawCase'),
    ),
  )
  await town.agree(t)
})

t.test('everything is withdrawn at once, and the family is told what became of each', async (t) => {
  const family = await bereaved({ cremated: false, insuredAs: 'resident' }, ['death-certificate'])
  const ask = () =>
    platform.post(`/v1/submissions/${family.id}/withdrawal`, { body: { reason: '改由兄长办理' } })
  const answer = await ask()
  t.match(answer.json(), { submissionId: family.id, state: /refused|partly/ })
  t.match(
    answer.json().cases.map((one: { matter: string; outcome: string }) => [one.matter, one.outcome]),
    [
      ['household-cancellation', 'withdrawn'],
      ['pension-end', 'withdrawn'],
    ],
  )
  t.equal((await ask()).status, 200)

  await town.rest()
  t.equal(await family.state(), 'refused')
  t.notOk(
    (await family.read('transfers')).some(
      ({ caseId, operation }) => caseId === family.cases['pension-end'] && operation === 'withdrawCase',
    ),
    'a department that never knew of its case is told nothing',
  )
  await town.agree(t)
})
