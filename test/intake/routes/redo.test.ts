// A submission that does the failed branch of an earlier one again: planned alone, once at a time, linked both ways.

import t from 'tap'
import { createRandom } from '../../../src/sandbox/random.ts'
import { idNumber } from '../../../src/sandbox/world/numbers.ts'
import { departmentAt } from '../../support/department.ts'
import { newborn, number, platformAt, retirement, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused } from './refused.ts'

const running = await runGateway(t, { roles: ['api'] })
const platform = platformAt(running.url)
const department = departmentAt(running.url, 'human-resources')
const pdf = await platform.upload()
const somebodyElse = idNumber(createRandom('redo'), { division: '410204', born: '1990-05-05', sex: 'female' })

const read = async (id: string) => (await platform.get(`/v1/submissions/${id}`)).json()
const again = (submissionId: unknown, change: Record<string, unknown> = {}, matters?: unknown) =>
  retirement([pdf, pdf], { redoes: { submissionId, ...(matters ? { matters } : {}) }, ...change })

/** The approval is given, the medical insurance refused. */
async function refusedBranch(): Promise<string> {
  const { submissionId, cases } = (await platform.submit(retirement([pdf, pdf]))).json()
  await department.report(cases[0].caseId, '60', { result: { type: '1', name: '退休证', number: 'T-1' } })
  await platform.post(`/v1/cases/${cases[1].caseId}/withdrawal`, { body: { reason: '材料未备齐' } })
  return submissionId
}

t.test('the failed branch alone is done again, and both know of each other', async (t) => {
  const earlier = await refusedBranch()
  const redo = again(earlier)
  const given: unknown[] = []
  const check = await platform.post('/v1/submissions/check', { body: { ...redo, materials: given } })
  t.match(check.json(), {
    valid: true,
    cases: [{ matter: 'retiree-medical-insurance', after: [] }],
    materials: [],
  })
  t.equal((await read(earlier)).redoneBy, undefined, 'a check promises nothing')
  const answer = await platform.submit({ ...redo, materials: given }, { key: `redo-${earlier}` })
  t.equal(answer.status, 202, answer.body.toString())
  const { submissionId, cases } = answer.json()
  t.match(cases, [{ matter: 'retiree-medical-insurance' }])
  t.match(await read(submissionId), {
    redoes: { submissionId: earlier, satisfied: [{ matter: 'retirement-approval' }] },
  })
  t.match(await read(earlier), { redoneBy: [{ submissionId, matters: ['retiree-medical-insurance'] }] })
  const { items } = (await platform.get(`/v1/submissions/${earlier}/events`)).json()
  t.match(items.at(-1), { type: 'submission.redone', data: { redoneBy: submissionId } })

  await nothingKept(t, running, async () => {
    const repeat = await platform.submit({ ...redo, materials: given }, { key: `redo-${earlier}` })
    t.equal(repeat.status, 200, repeat.body.toString())
    t.equal(repeat.json().submissionId, submissionId)
    const second = await platform.submit({ ...again(earlier), materials: given })
    refused(t, second, 'conflict-state', ['/redoes/submissionId redo-taken'])
  })
  await platform.post(`/v1/submissions/${submissionId}/withdrawal`, { body: { reason: '再备材料' } })
  t.equal((await platform.submit({ ...again(earlier), materials: given })).status, 202, 'the first has ended')
})

t.test('of two at the same time one is taken', async (t) => {
  const earlier = await refusedBranch()
  const materials: unknown[] = []
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => platform.submit(again(earlier, { materials }))),
  )
  t.strictSame(answers.map(({ status }) => status).sort(), [202, 409, 409, 409, 409, 409])
  t.equal((await read(earlier)).redoneBy.length, 1)
})

t.test('a redo that was promised and cut off goes on under the id it was promised', async (t) => {
  const earlier = await refusedBranch()
  const externalId = number()
  const promised = 'sub_01kb3v5m8q0000000000000009'
  const { outcome } = await running.gateway.ledger.record({
    submissionId: earlier,
    event: {
      type: 'submission.redone',
      by: promised,
      externalId,
      matters: ['retiree-medical-insurance'],
      over: [],
    },
  })
  t.equal(outcome, 'applied')
  refused(t, await platform.submit(again(earlier, { materials: [] })), 'conflict-state')
  const answer = await platform.submit(again(earlier, { externalId, materials: [] }))
  t.match(answer.json(), { submissionId: promised })
})

t.test('what may not be redone is refused with every reason, and nothing is kept', async (t) => {
  const earlier = await refusedBranch()
  const open = (await platform.submit(retirement([pdf, pdf]))).json().submissionId
  await nothingKept(t, running, async () => {
    const faults = async (body: unknown, list: string[]) =>
      refused(t, await platform.submit(body), 'invalid-submission', list)
    const empty = { materials: [] }
    await faults(again('sub_0', empty), [
      '/redoes/submissionId invalid-form',
      '/materials material-missing',
      '/materials material-missing',
    ])
    for (const id of ['sub_01kb3v5m8q0000000000000000'])
      await faults(again(id), ['/redoes/submissionId unknown-submission'])
    await faults(again(open), ['/redoes/submissionId redo-nothing-failed', '/redoes redo-nothing-planned'])
    await faults(newborn({ redoes: { submissionId: earlier } }), ['/theme redo-other-theme'])
    const other = { type: 'person', name: '李四', idType: '111', idNumber: somebodyElse }
    const answer = await platform.submit(again(earlier, { ...empty, applicant: other }))
    t.match(JSON.stringify(answer.json().errors), /redo-other-applicant/)
    await faults(again(earlier, empty, ['retirement-approval', 'tea']), [
      '/redoes/matters redo-not-failed',
      '/redoes/matters redo-not-in-submission',
    ])
    const theirs = platformAt(running.url, tokens.county)
    const foreign = await theirs.submit(again(earlier))
    t.match(JSON.stringify(foreign.json().errors), /unknown-submission/)
  })
})
