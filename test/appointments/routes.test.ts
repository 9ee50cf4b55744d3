// The book of slots over HTTP: offered, held, confirmed by a submission, moved, cancelled, and never sold twice.

import t from 'tap'
import { mendBook } from '../../src/appointments/mend.ts'
import { dayAfter, dayOf } from '../../src/domain/calendar.ts'
import { newborn, number, platformAt, retirement, tokens } from '../support/platform.ts'
import { runGateway } from '../support/running.ts'

const running = await runGateway(t, {
  roles: ['api'],
  env: { ELSEWHERE_TOKEN: 'token-of-410202' },
  edit: {
    'gateway.yaml': (text) =>
      text.replace(
        'clients:\n',
        'clients:\n  - { id: elsewhere, tokens: [{ env: ELSEWHERE_TOKEN }], scopes: [submissions:read, appointments:write], divisions: ["410202"], platform: kaifeng-platform }\n',
      ),
    'halls/410204.yaml': (text) =>
      text
        .replace('capacity: 6', 'capacity: 3')
        .replace('hours: ["09:00-11:30"', 'hours: ["00:00-09:00", "09:00-11:30"'),
  },
})
const platform = platformAt(running.url)
const county = platformAt(running.url, tokens.county)
const pdf = await platform.upload()
const MATTER = 'retirement-approval'

/** As far ahead as the hall offers them: beyond the longest holiday. */
const lastDay = dayAfter(dayOf(new Date().toISOString()), 14)
const slots = async () =>
  (await platform.get(`/v1/slots?matter=${MATTER}&home=410204&to=${lastDay}`)).json().items
const free = async (id: string): Promise<number> =>
  (await slots()).find((one: { slot: string }) => one.slot === id).free
const [first, second, third, fourth, fifth, sixth, seventh] = (await slots())
  .slice(-7)
  .map((one: { slot: string }) => one.slot) as string[]
const hold = (slot: string | undefined, ask: object = {}) =>
  platform.post('/v1/appointments', { body: { slot, matter: MATTER }, ...ask })
const byAppointment = (slot: string | undefined, change: object = {}) =>
  retirement([pdf, pdf], { mode: 'appointment', appointment: { slot }, ...change })
const caseOf = async (answer: { json(): { cases: { caseId: string }[] } }) => {
  const { caseId } = answer.json().cases[0]!
  return { caseId, ...(await platform.get(`/v1/cases/${caseId}`)).json() }
}

t.test('a slot is held, named by a submission, and then its own', async (t) => {
  const held = await hold(first)
  t.equal(held.status, 201)
  const { appointmentId } = held.json()
  t.equal(held.headers.get('location'), `/v1/appointments/${appointmentId}`)
  for (const path of [`/v1/appointments/${appointmentId}`, `/v1/slots?matter=${MATTER}&home=410204`]) {
    const etag = (await platform.get(path)).headers.get('etag') ?? 'none'
    t.equal((await platform.get(path, { headers: { 'if-none-match': etag } })).status, 304, path)
  }
  t.match(held.json(), { slot: first, matter: MATTER, state: 'held', hall: '410204-01', heldUntil: String })
  t.equal(await free(first!), 2)
  const submission = byAppointment(appointmentId)
  const checked = await platform.post('/v1/submissions/check', { body: submission })
  t.equal(checked.status, 200)
  t.match(
    (await platform.get(`/v1/appointments/${appointmentId}`)).json(),
    { state: 'held' },
    'only looked at',
  )
  const taken = await platform.submit(submission)
  t.equal(taken.status, 202)
  t.match(await caseOf(taken), { appointment: { slot: first, state: 'booked' } })
  t.match((await platform.get(`/v1/appointments/${appointmentId}`)).json(), {
    state: 'confirmed',
    externalId: submission.externalId,
  })
  t.equal(await free(first!), 2)
  const other = await platform.submit(byAppointment(appointmentId))
  t.equal(other.status, 422)
  t.match(other.json().errors, [{ pointer: '/appointment/slot', code: 'slot-not-held' }])
  t.match(await platform.submit(submission), { status: 200 }, 'a repeat is known')
})

t.test('the same request holds one seat, another body under its key none', async (t) => {
  const key = number()
  const one = await hold(second, { key })
  const again = await hold(second, { key })
  t.equal(again.status, 200)
  t.equal(again.headers.get('idempotent-replayed'), 'true')
  t.strictSame(again.json(), one.json())
  t.equal(await free(second!), 2)
  t.match((await hold(third, { key })).json(), { code: 'idempotency-conflict' })
})

t.test('a slot is never sold twice, however many ask at once', async (t) => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => hold(third)))
  const statuses = answers.map(({ status }) => status)
  t.equal(statuses.filter((status) => status === 201).length, 3)
  t.equal(statuses.filter((status) => status === 409).length, 37)
  t.match(answers.find(({ status }) => status === 409)?.json(), {
    code: 'conflict-state',
    errors: [{ code: 'slot-full' }],
  })
  t.equal(await free(third!), 0)
  const late = await platform.submit(byAppointment(third))
  t.match(late.json().errors, [{ pointer: '/appointment/slot', code: 'slot-full' }])
})

t.test('a submission may name a slot that was not held, once', async (t) => {
  const submission = byAppointment(fourth)
  const taken = await platform.submit(submission)
  t.match(await caseOf(taken), { appointment: { slot: fourth } })
  t.equal(await free(fourth!), 2)
  t.equal((await platform.submit(submission)).status, 200)
  t.equal(await free(fourth!), 2, 'its repeat takes no second seat')
})

t.test('moved or cancelled, its cases learn of it', async (t) => {
  const { appointmentId } = (await hold(fifth)).json()
  const taken = await platform.submit(byAppointment(appointmentId))
  const change = (method: string, body?: object) =>
    platform.call(method, `/v1/appointments/${appointmentId}`, body ? { body } : {})
  t.match((await change('PATCH', { slot: sixth })).json(), { slot: sixth, state: 'confirmed' })
  t.match(await caseOf(taken), { appointment: { slot: sixth, state: 'booked' } })
  t.equal(await free(fifth!), 3)
  t.equal(await free(sixth!), 2)
  t.equal((await change('PATCH', { slot: third })).status, 409, 'into a full one')
  t.match(await caseOf(taken), { appointment: { slot: sixth } })
  t.match((await change('DELETE')).json(), { state: 'released' })
  t.match(await caseOf(taken), { appointment: { state: 'cancelled' } })
  t.equal(await free(sixth!), 3)
  t.equal((await change('DELETE')).status, 200, 'once more changes nothing')
  t.equal((await change('PATCH', { slot: fifth })).status, 409, 'what is cancelled is over')
})

t.test('a case under way takes a slot when it is booked again or goes on by appointment', async (t) => {
  const { caseId } = await caseOf(await platform.submit(retirement([pdf, pdf])))
  const ask = (what: string, body: object) => platform.post(`/v1/cases/${caseId}/${what}`, { body })
  const mode = (slot: string | undefined) =>
    ask('mode', { mode: 'appointment', reason: '需要到场', appointment: { slot } })
  t.match((await mode(third)).json(), { errors: [{ pointer: '/appointment/slot', code: 'slot-full' }] })
  const { appointmentId } = (await hold(fifth)).json()
  t.equal((await mode(appointmentId)).status, 202)
  t.match((await platform.get(`/v1/cases/${caseId}`)).json(), { appointment: { slot: fifth } })
  t.match((await ask('appointment', { outcome: 'rebooked', slot: third })).json(), {
    errors: [{ pointer: '/slot', code: 'slot-full' }],
  })
  t.equal((await ask('appointment', { outcome: 'rebooked', slot: sixth })).status, 202)
  t.match((await platform.get(`/v1/cases/${caseId}`)).json(), { appointment: { slot: sixth } })
  await running.query(
    `update bookings set confirmed_at = now() - interval '1 hour', changed_at = now() - interval '1 hour' where id = $1`,
    [appointmentId],
  )
  await mendBook({ ledger: running.gateway.ledger })
  t.match((await platform.get(`/v1/appointments/${appointmentId}`)).json(), { state: 'released' })
  await ask('withdrawal', { reason: '不再办理' })
  await running.query(`delete from bookings where slot = any ($1)`, [[fifth, sixth]])
})

t.test('a change that was not told is told a minute later', async (t) => {
  const { appointmentId } = (await hold(fifth)).json()
  const taken = await platform.submit(byAppointment(appointmentId))
  await running.query(
    `update bookings set slot = $2, known_slot = slot, changes = 1, changed_at = now() - interval '2 minutes' where id = $1`,
    [appointmentId, sixth],
  )
  await mendBook({ ledger: running.gateway.ledger })
  t.match(await caseOf(taken), { appointment: { slot: sixth } })
  await mendBook({ ledger: running.gateway.ledger })
  t.equal(await free(sixth!), 2, 'and keeps its seat')
})

t.test('seats that nobody will come for are free again', async (t) => {
  const { appointmentId } = (await hold(seventh)).json()
  const abandoned = (await hold(seventh)).json().appointmentId
  const taken = await platform.submit(byAppointment(seventh))
  t.equal(await free(seventh!), 0)
  await running.query(`update bookings set held_until = now() - interval '1 second' where id = $1`, [
    appointmentId,
  ])
  t.equal(await free(seventh!), 1, 'held too long')
  await running.query(
    `update bookings set state = 'confirmed', external_id = 'never', confirmed_at = now(), changed_at = now() - interval '11 minutes' where id = $1`,
    [abandoned],
  )
  await mendBook({ ledger: running.gateway.ledger })
  t.equal(await free(seventh!), 1, 'its submission may still come')
  await running.query(`update bookings set confirmed_at = now() - interval '11 minutes' where id = $1`, [
    abandoned,
  ])
  await mendBook({ ledger: running.gateway.ledger })
  t.equal(await free(seventh!), 2, 'it did not')
  const { caseId } = await caseOf(taken)
  await platform.post(`/v1/cases/${caseId}/withdrawal`, { body: { reason: '不再办理' } })
  await running.query(
    `update bookings set confirmed_at = now() - interval '1 hour', changed_at = now() - interval '1 hour' where slot = $1`,
    [seventh],
  )
  await mendBook({ ledger: running.gateway.ledger })
  t.equal(await free(seventh!), 3, 'its case was withdrawn')
})

t.test('what cannot be booked is said, and nothing is held', async (t) => {
  const before = await running.query('select id from bookings')
  const wrong = async (body: object, ...codes: string[]) =>
    t.match((await platform.post('/v1/appointments', { body })).json(), {
      code: 'invalid-request',
      errors: codes.map((code) => ({ code })),
    })
  await wrong({ slot: '410204-01.general.20200101T0900', matter: MATTER }, 'slot-not-open')
  await wrong({ slot: '410204-01.general.20261201T0907', matter: MATTER }, 'unknown-slot')
  await wrong({ slot: 5, hall: 'x' }, 'required', 'required', 'unknown-field')
  t.match((await platform.post('/v1/appointments', { body: '{"slot":"a","slot":"b"}' })).json(), {
    code: 'unsafe-json',
  })
  t.equal(
    (await platform.post('/v1/appointments', { body: { slot: first, matter: MATTER }, key: null })).status,
    400,
  )
  const { appointmentId } = (await hold(second)).json()
  t.equal((await county.get(`/v1/appointments/${appointmentId}`)).status, 404, "another platform's")
  t.equal((await county.call('DELETE', `/v1/appointments/${appointmentId}`)).status, 404)
  t.equal((await platform.get('/v1/appointments/apt_none')).status, 404)
  const queries = {
    '': '/query/matter',
    '?matter=retirement-aproval': '/query/matter',
    [`?matter=${MATTER}&form=x`]: '/query/form',
    [`?matter=${MATTER}&from=x`]: '/query/from',
    [`?matter=${MATTER}&to=2020-01-01`]: '/query/to',
    [`?matter=${MATTER}&home=999999`]: '/query/home',
  }
  for (const [query, pointer] of Object.entries(queries))
    t.match((await platform.get(`/v1/slots${query}`)).json(), { errors: [{ pointer }] }, query)
  t.equal((await running.query('select id from bookings')).length, before.length + 1)
})

t.test("a slot of somebody else's book is taken as it is", async (t) => {
  const taken = await platform.submit(byAppointment('窗口 3 号 2026-12-01 上午'))
  t.match(await caseOf(taken), { appointment: { slot: '窗口 3 号 2026-12-01 上午' } })
  t.equal((await platform.submit(newborn())).status, 202, 'nor does who needs none')
})

t.test('the same request many times at once holds one seat, and is answered alike', async (t) => {
  const before = await free(seventh!)
  const key = number()
  const answers = await Promise.all(Array.from({ length: 8 }, () => hold(seventh, { key })))
  const statuses = answers.map(({ status }) => status).sort()
  t.strictSame(statuses, [200, 200, 200, 200, 200, 200, 200, 201])
  t.equal(new Set(answers.map((one) => one.json().appointmentId)).size, 1)
  t.equal(await free(seventh!), before - 1)
})

t.test('a client of another division of the same platform does not touch it', async (t) => {
  const { appointmentId } = (await hold(seventh)).json()
  const elsewhere = platformAt(running.url, 'token-of-410202')
  for (const method of ['GET', 'PATCH', 'DELETE'])
    t.match(
      (
        await elsewhere.call(
          method,
          `/v1/appointments/${appointmentId}`,
          method === 'PATCH' ? { body: { slot: sixth } } : {},
        )
      ).json(),
      { code: 'division-not-allowed' },
      method,
    )
  t.match((await platform.get(`/v1/appointments/${appointmentId}`)).json(), { state: 'held', slot: seventh })
  t.strictSame(
    (await elsewhere.get('/v1/events')).json().items,
    [],
    'nor does it read what was handed in elsewhere',
  )
  t.ok((await platform.get('/v1/events')).json().items.length > 0)
})
