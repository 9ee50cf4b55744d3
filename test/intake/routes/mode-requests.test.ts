// A change of mode, a moved appointment and the withdrawal of a whole submission: taken once, every fault of a body told
// at once, and refused where the case does not stand so.

import t from 'tap'
import { departmentAt } from '../../support/department.ts'
import { newborn, platformAt, retirement, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused } from './refused.ts'

const running = await runGateway(t, { roles: ['api'] })
const platform = platformAt(running.url)
const department = departmentAt(running.url, 'human-resources')
const pdf = await platform.upload()

const say = (caseId: string, what: string, body: unknown, key?: string | null) =>
  platform.post(`/v1/cases/${caseId}/${what}`, { body, ...(key === undefined ? {} : { key }) })
const read = async (caseId: string) => (await platform.get(`/v1/cases/${caseId}`)).json()
const typesOf = async (caseId: string): Promise<string[]> =>
  (await platform.get(`/v1/cases/${caseId}/events`)).json().items.map((one: { type: string }) => one.type)
const submit = async (change: Record<string, unknown> = {}) =>
  (await platform.submit(retirement([pdf, pdf], change))).json()
const booked = { mode: 'appointment', appointment: { slot: '410204-2026-12-01-0930' } }

t.test('a case goes on in another mode, once, and back again', async (t) => {
  const [{ caseId }] = (await submit(booked)).cases
  t.match(await read(caseId), { mode: 'appointment', waits: [{ for: 'attendance' }] })
  const online = { mode: 'online', reason: '行动不便' }
  t.equal((await say(caseId, 'mode', online, 'm-1')).status, 202)
  t.match(await read(caseId), { mode: 'online' })
  await nothingKept(t, running, async () => {
    const again = await say(caseId, 'mode', online, 'm-1')
    t.equal(again.status, 200)
    t.equal(again.headers.get('idempotent-replayed'), 'true')
    refused(t, await say(caseId, 'mode', { ...online, reason: '另一原因' }, 'm-1'), 'idempotency-conflict')
  })
  const agent = { hall: '410202-01', window: '01', clerk: '王晓明' }
  t.equal((await say(caseId, 'mode', { mode: 'agent', reason: '就近办理', agent })).status, 202)
  t.match(await read(caseId), { mode: 'agent', agent })
  t.strictSame(await typesOf(caseId), ['case.mode-changed', 'case.mode-changed'])
})

t.test('all faults of a change of mode are told at once, and nothing is kept', async (t) => {
  const { cases } = await submit()
  const caseId = cases[0].caseId
  await nothingKept(t, running, async () => {
    const faults = async (body: unknown, list: string[]) =>
      refused(t, await say(caseId, 'mode', body), 'invalid-request', list)
    await faults({}, ['/mode invalid-value', '/reason required'])
    await faults({ mode: 'post', reason: 5, why: 1 }, [
      '/mode invalid-value',
      '/reason invalid-type',
      '/why unknown-field',
    ])
    await faults({ mode: 'appointment', reason: '改约' }, ['/appointment required'])
    await faults({ mode: 'appointment', reason: '改约', appointment: { at: 'x' }, agent: [] }, [
      '/appointment/slot required',
      '/appointment/at invalid-date',
      '/agent invalid-value',
      '/agent invalid-type',
    ])
    const window = { hall: 'nowhere', window: '01', clerk: '' }
    await faults({ mode: 'agent', reason: '代办', agent: window }, ['/agent/clerk invalid-type'])
    await faults({ mode: 'agent', reason: '代办', agent: { ...window, clerk: '王' } }, [
      '/agent/hall unknown-hall',
    ])
    refused(t, await say(caseId, 'mode', { mode: 'online', reason: '想' }, null), 'idempotency-key-missing')
  })
  const known = cases.find((one: { matter: string }) => one.matter === 'retiree-medical-insurance')
  await nothingKept(t, running, async () => {
    const body = { ...booked, reason: '想当面办' }
    const answer = await say(known.caseId, 'mode', body)
    refused(t, answer, 'invalid-request', ['/mode mode-not-offered'])
    t.match(answer.json().errors[0], { message: /offered: online/, messageZh: /可选/ })
  })
})

t.test('a settled case, or one of another platform, does not change its mode', async (t) => {
  const [{ caseId }] = (await submit()).cases
  await department.report(caseId, '97', { reason: '不属于本机关' })
  const body = { ...booked, reason: '想当面办' }
  const answer = await say(caseId, 'mode', body)
  refused(t, answer, 'conflict-state')
  t.match(answer.json(), { detail: /rejected can no longer change its mode/, detailZh: /不能再变更/ })
  await nothingKept(t, running, async () => {
    refused(
      t,
      await platformAt(running.url, tokens.county).post(`/v1/cases/${caseId}/mode`, { body }),
      'not-found',
    )
    refused(t, await say('case_01kb3v5m8q000000000000000001', 'mode', body), 'not-found')
  })
})

t.test('an appointment is missed, moved and cancelled; a slot goes with a move alone', async (t) => {
  const [{ caseId }] = (await submit(booked)).cases
  t.match(await read(caseId), { appointment: { slot: booked.appointment.slot, state: 'booked' } })
  await nothingKept(t, running, async () => {
    const faults = async (body: unknown, list: string[]) =>
      refused(t, await say(caseId, 'appointment', body), 'invalid-request', list)
    await faults({ outcome: 'rebooked' }, ['/slot required'])
    await faults({ outcome: 'missed', slot: 'S-2' }, ['/slot invalid-value'])
    await faults({ outcome: 'cancelled', startsAt: '2099-01-01T09:00:00+08:00' }, ['/startsAt invalid-value'])
    await faults({ outcome: 'rebooked', slot: 'S-2', startsAt: 'noon' }, ['/startsAt invalid-date'])
    await faults({ outcome: 'rebooked', slot: 7, reason: '' }, ['/slot invalid-type', '/reason invalid-type'])
  })
  for (const body of [{ outcome: 'missed' }, { outcome: 'cancelled' }, { outcome: 'rebooked', slot: 'S-2' }])
    t.equal((await say(caseId, 'appointment', body)).status, 202, body.outcome)
  t.match(await read(caseId), { appointment: { slot: 'S-2', state: 'booked' }, state: 'pending' })
  t.equal((await say(caseId, 'appointment', { outcome: 'rebooked', slot: 'S-2' })).status, 200)
  t.strictSame(await typesOf(caseId), ['appointment.missed', 'appointment.cancelled', 'appointment.changed'])
  const startsAt = '2099-01-02T01:00:00.000Z'
  t.equal((await say(caseId, 'appointment', { outcome: 'rebooked', slot: 'S-3', startsAt })).status, 202)
  t.match(await read(caseId), { appointment: { slot: 'S-3', startsAt } })
  const early = await say(caseId, 'appointment', { outcome: 'attended', at: '2099-01-01T09:00:00+08:00' })
  refused(t, early, 'conflict-state')
  t.match(early.json().detailZh, /超前/)
})

t.test('a whole submission is withdrawn, and the answer tells what became of each case', async (t) => {
  const { submissionId, cases } = (await platform.submit(newborn())).json()
  await departmentAt(running.url, 'human-resources').report(cases[0].caseId, '30')
  const path = `/v1/submissions/${submissionId}/withdrawal`
  const withdraw = (body: unknown, key?: string | null) =>
    platform.post(path, { body, ...(key === undefined ? {} : { key }) })
  await nothingKept(t, running, async () => {
    refused(t, await withdraw({ why: 1 }), 'invalid-request', ['/reason required', '/why unknown-field'])
    refused(t, await withdraw({ reason: '不办了' }, null), 'idempotency-key-missing')
    refused(
      t,
      await platformAt(running.url, tokens.county).post(path, { body: { reason: '不办了' } }),
      'not-found',
    )
    refused(
      t,
      await platform.post('/v1/submissions/sub_0/withdrawal', { body: { reason: '不办了' } }),
      'not-found',
    )
  })
  const answer = await withdraw({ reason: '不办了' }, 'w-all')
  t.equal(answer.status, 202)
  t.match(answer.json(), { submissionId, state: 'refused' })
  t.ok(answer.json().cases.every((one: { outcome: string }) => one.outcome === 'withdrawn'))
  for (const key of ['w-all', undefined]) {
    const again = await withdraw({ reason: '不办了' }, key)
    t.equal(again.status, 200)
    t.equal(again.headers.get('idempotent-replayed'), 'true')
    t.strictSame(again.json(), answer.json())
  }
  refused(t, await withdraw({ reason: '真的' }, 'w-all'), 'idempotency-conflict')
})

t.test('what is decided is kept, and nothing is withdrawn where all is decided', async (t) => {
  const { submissionId, cases } = await submit()
  await department.report(cases[0].caseId, '50', { result: { type: '1', name: '退休证', number: '1' } })
  const path = `/v1/submissions/${submissionId}/withdrawal`
  const answer = await platform.post(path, { body: { reason: '不办了' } })
  t.match(answer.json().cases, [
    { outcome: 'kept', state: 'approved', detail: /no longer/, detailZh: /不能再撤回/ },
    { outcome: 'withdrawn' },
  ])
  const other = await submit()
  for (const { caseId } of other.cases) await department.report(caseId, '90')
  const late = await platform.post(`/v1/submissions/${other.submissionId}/withdrawal`, {
    body: { reason: '不办了' },
  })
  if (late.status === 409) t.match(late.json(), { detail: /none of its cases/, detailZh: /不能再撤回/ })
  else t.match(late.json().cases[0], { outcome: 'kept' })
})
