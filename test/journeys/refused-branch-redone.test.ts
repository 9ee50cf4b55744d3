// A pension is granted, the medical insurance that follows refused. The applicant does that branch again, and only that.

import t from 'tap'
import { departmentAt } from '../support/department.ts'
import { platformAt, retirement } from '../support/platform.ts'
import { startTown } from './town.ts'

// The department's own desk sleeps; its clerk decides below.
const town = await startTown(t, { speed: 0.001 })
const platform = platformAt(town.running.url)
const clerk = departmentAt(town.running.url, 'human-resources')

t.test('the refused branch is done again alone, and then succeeds', async (t) => {
  const files = [await platform.upload(), await platform.upload()] as const
  const first = await town.apply(retirement(files))
  const { 'retirement-approval': pension, 'retiree-medical-insurance': insurance } = first.cases
  const dispatched = (id: string) =>
    town.until('the department has it', async () => {
      const { reference } = (await platform.get(`/v1/cases/${id}`)).json()
      return reference !== undefined
    })
  const report = async (caseId: string, status: string, facts = {}) => {
    const { reference } = (await platform.get(`/v1/cases/${caseId}`)).json()
    const said = await clerk.report(caseId, status, { projectNo: reference, ...facts })
    t.equal(said.status, 200, said.message)
  }
  await dispatched(pension!)
  await report(pension!, '50', { result: { type: '1', name: '退休审批表', number: 'TX-1' } })
  await report(pension!, '90')
  await dispatched(insurance!)
  await report(insurance!, '40', { reason: '缴费年限不足' })
  t.equal(await first.state(), 'partly-completed')

  const second = await town.apply(retirement(files, { redoes: { submissionId: first.id }, materials: [] }))
  t.strictSame(Object.keys(second.cases), ['retiree-medical-insurance'], 'the pension is not asked for again')
  const again = second.cases['retiree-medical-insurance']!
  const third = await platform.submit(
    retirement(files, { redoes: { submissionId: first.id }, materials: [] }),
  )
  t.equal(third.status, 409, 'one at a time')
  await dispatched(again)
  await report(again, '90')

  await town.rest()
  t.equal(await second.state(), 'completed')
  t.match((await platform.get(`/v1/submissions/${first.id}`)).json(), {
    state: 'partly-completed',
    redoneBy: [{ submissionId: second.id, matters: ['retiree-medical-insurance'] }],
  })
  t.match((await platform.get(`/v1/submissions/${second.id}`)).json(), {
    redoes: {
      submissionId: first.id,
      satisfied: [{ matter: 'retirement-approval', caseId: pension, result: { number: 'TX-1' } }],
    },
  })
  const held = town.city.books()['human-resources']!.effects.filter(({ kind }) => kind === 'case')
  t.equal(held.length, 3, 'the department has the pension once, the insurance twice')
  await town.agree(t)
})
