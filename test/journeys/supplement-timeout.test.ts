// A department asks for better papers, and nobody answers in time: the case ends, and everybody hears of it.

import t from 'tap'
import { watchDeadlines } from '../../src/supervision/deadlines.ts'
import { departmentAt } from '../support/department.ts'
import { platformAt, retirement } from '../support/platform.ts'
import { startTown } from './town.ts'

// The department's own desk sleeps; its clerk asks below.
const town = await startTown(t, { speed: 0.001 })
const platform = platformAt(town.running.url)
const clerk = departmentAt(town.running.url, 'human-resources')

/**
 * As if the case had been asked long ago: its days are moved back in the ledger, and whoever remembers it
 * reads it anew.
 */
async function monthsPass(caseId: string): Promise<void> {
  const { query } = town.running
  await query(
    `update cases set rings_on = rings_on - 90, data = jsonb_set(data::jsonb, '{clock}', data::jsonb -> 'clock' || jsonb_build_object(
       'from', ((data -> 'clock' ->> 'from')::date - 90)::text,
       'warnOn', ((data -> 'clock' ->> 'warnOn')::date - 90)::text,
       'dueOn', ((data -> 'clock' ->> 'dueOn')::date - 90)::text))::json
     where id = $1`,
    [caseId],
  )
  await query(
    'update submissions set version = version + 1 where id = (select submission_id from cases where id = $1)',
    [caseId],
  )
}

t.test('a correction that nobody answers ends the case; a supplement after that is refused', async (t) => {
  const files = [await platform.upload(), await platform.upload()] as const
  const pensioner = await town.apply(retirement(files))
  const pension = pensioner.cases['retirement-approval']!
  const { ledger } = town.running.gateway
  await town.until(
    'the department has it',
    async () => (await pensioner.stateOf('retirement-approval')) === 'dispatched',
  )
  const { reference } = (await platform.get(`/v1/cases/${pension}`)).json()
  const asked = await clerk.report(pension, '28', {
    projectNo: reference,
    reason: '材料不清晰',
    limitDays: 5,
    materials: [{ code: 'personnel-file', reason: '不清晰' }],
  })
  t.equal(asked.status, 200, asked.message)
  await monthsPass(pension)

  const faults: string[] = []
  const observer = { warned: () => undefined, fault: (message: string) => void faults.push(message) }
  const watch = watchDeadlines({ ledger, observer })
  t.teardown(() => watch.close())
  await watch.round()
  t.strictSame(faults, [])

  const ended = (await platform.get(`/v1/cases/${pension}`)).json()
  t.match(ended, { state: 'terminated', reason: 'supplement-timeout', supplementDueOn: /^2\d{3}-/ })
  const events = await pensioner.events('retirement-approval')
  t.strictSame(events.slice(events.indexOf('deadline.passed')).slice(0, 2), [
    'deadline.passed',
    'case.terminated',
  ])
  const late = await platform.post(`/v1/cases/${pension}/supplements`, {
    body: { materials: [{ code: 'personnel-file', materialId: files[1] }] },
  })
  t.equal(late.status, 409)
  t.match(late.json(), { detail: new RegExp(`by ${ended.supplementDueOn}`), detailZh: /逾期未补正/ })

  await town.rest()
  t.equal(await pensioner.state(), 'refused')
  t.equal(await pensioner.stateOf('retiree-medical-insurance'), 'terminated')
  const told = (await pensioner.read('transfers')).filter(({ operation }) => operation === 'withdrawCase')
  t.match(told, [{ system: 'human-resources', state: 'delivered' }], 'the department knows')
  t.ok(town.told().cases[pension]?.types.includes('case.terminated'), 'and so does the applicant')
  await town.agree(t)
})
