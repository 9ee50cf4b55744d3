// Slots of a department's own booking system, through the same routes as those of a hall: shown, held, taken,
// moved, cancelled, and given back whatever happens.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { dayAfter, dayOf } from '../../src/domain/calendar.ts'
import { number, platformAt, retirement } from '../support/platform.ts'
import { runGateway } from '../support/running.ts'
import { day, MATTER, openClock, openOffice, SYSTEM } from './booking-office.ts'

const office = await openOffice(t)
const { first, second, third, fourth, elsewhere } = office.slots
const running = await runGateway(t, {
  roles: ['api'],
  edit: { [`systems/${SYSTEM}.yaml`]: () => office.file },
  env: office.env,
})
const clock = await openClock(t, running)
const platform = platformAt(running.url)
const pdf = await platform.upload()

const shown = async (query: string) => platform.get(`/v1/slots?matter=${MATTER}&${query}`)
const free = async (slot: string): Promise<number> => {
  const { items } = (await shown(`home=410204&from=${day}&to=${day}`)).json()
  return items.find((one: { slot: string }) => one.slot === slot)?.free
}
const hold = (slot: string, ask: object = {}) =>
  platform.post('/v1/appointments', { body: { slot, matter: MATTER }, ...ask })
const held = async (slot: string): Promise<string> => (await hold(slot)).json().appointmentId
const change = (id: string, method: string, body?: object) =>
  platform.call(method, `/v1/appointments/${id}`, body ? { body } : {})
const byAppointment = (slot: string, changes: object = {}) =>
  retirement([pdf, pdf], { mode: 'appointment', appointment: { slot }, ...changes })
const caseOf = async (answer: { json(): { cases: { caseId: string }[] } }) =>
  (await platform.get(`/v1/cases/${answer.json().cases[0]!.caseId}`)).json()
const open = () => running.query(`select id, state, reference from reservations where state <> 'ended'`)
/** What `asked_until` and `due_at` wait for has passed. */
const later = (seconds: number) =>
  running.query(
    `update reservations set asked_until = asked_until - $1 * interval '1 second', due_at = due_at - $1 * interval '1 second'`,
    [seconds],
  )

t.afterEach(async () => {
  office.suffers({})
  for (const { id } of await running.query<{ id: string }>(
    `select id from bookings where state <> 'released'`,
  ))
    await change(id, 'DELETE')
  await later(100_000)
  await clock.round()
  t.equal(office.reserved(), 0, 'nothing is left behind')
  t.strictSame(await open(), [])
})

t.test("a department's slots are shown beside those of the halls, in order of time", async (t) => {
  const to = dayAfter(dayOf(new Date().toISOString()), 14)
  const { items, missing } = (await shown(`home=410204&to=${to}`)).json()
  t.equal(missing, undefined)
  t.match(
    items.find((one: { slot: string }) => one.slot === first),
    {
      system: SYSTEM,
      division: '410204',
      from: `${day}T09:00:00+08:00`,
      to: `${day}T09:25:00+08:00`,
      place: '晋安路 9 号二楼',
      capacity: 2,
      free: 2,
    },
  )
  t.ok(items.some((one: { hall?: string }) => one.hall === '410204-01'))
  const times = items.map((one: { from: string }) => one.from)
  t.strictSame(times, [...times].sort())
  const everywhere = (await shown(`from=${day}&to=${day}`)).json().items
  t.ok(everywhere.some((one: { slot: string }) => one.slot === elsewhere))
  t.notOk((await shown('hall=410204-01')).json().items.some((one: { system?: string }) => one.system))
})

t.test('a slot is held, named by a submission, and then its own', async (t) => {
  const answer = await hold(first)
  t.equal(answer.status, 201)
  const { appointmentId } = answer.json()
  t.match(answer.json(), {
    slot: first,
    system: SYSTEM,
    state: 'held',
    to: `${day}T09:25:00+08:00`,
    heldUntil: String,
  })
  t.equal(await free(first), 1)
  const submission = byAppointment(appointmentId)
  t.equal((await platform.post('/v1/submissions/check', { body: submission })).status, 200)
  const taken = await platform.submit(submission)
  t.match(await caseOf(taken), { appointment: { slot: first, state: 'booked' } })
  t.match((await change(appointmentId, 'GET')).json(), {
    state: 'confirmed',
    externalId: submission.externalId,
  })
  t.equal(office.reserved(), 1)
  t.match((await change(appointmentId, 'DELETE')).json(), { state: 'released' })
  t.equal(office.reserved(), 0, 'given back at once')
  t.match(await caseOf(taken), { appointment: { state: 'cancelled' } })
  t.equal((await change(appointmentId, 'DELETE')).status, 200, 'once more changes nothing')
})

t.test('a submission may name a slot that was not held, and its repeats take no second seat', async (t) => {
  const submission = byAppointment(third)
  t.equal((await platform.post('/v1/submissions/check', { body: submission })).status, 200)
  t.equal(office.reserved(), 0, 'only looked at')
  t.match(await caseOf(await platform.submit(submission)), { appointment: { slot: third } })
  t.equal((await platform.submit(submission)).status, 200)
  t.equal(office.reserved(), 1)
  t.match((await platform.submit(byAppointment(third))).json(), {
    errors: [{ pointer: '/appointment/slot', code: 'slot-full' }],
  })
})

t.test('the same request reserves one seat, also when it comes many times at once', async (t) => {
  const key = number()
  const answers = await Promise.all(Array.from({ length: 8 }, () => hold(first, { key })))
  const statuses = new Set(answers.map(({ status }) => status))
  t.ok(statuses.has(201))
  t.ok(
    [...statuses].every((status) => [200, 201, 503].includes(status)),
    [...statuses].join(),
  )
  t.equal((await hold(first, { key })).status, 200)
  t.equal(office.reserved(), 1)
  t.match((await hold(second, { key })).json(), { code: 'idempotency-conflict' })
  t.equal(office.reserved(), 1)
})

t.test(
  'moved, the new seat is reserved before the old one is given back, and its cases learn of it',
  async (t) => {
    const id = await held(first)
    const taken = await platform.submit(byAppointment(id))
    t.match((await change(id, 'PATCH', { slot: second })).json(), { slot: second, state: 'confirmed' })
    t.match(await caseOf(taken), {
      appointment: { slot: second, state: 'booked', startsAt: `${day}T09:30:00+08:00` },
    })
    t.equal(office.desk.left('A1'), 2)
    t.equal(office.desk.left('A2'), 1)
    await hold(third)
    t.match((await change(id, 'PATCH', { slot: third })).json(), {
      code: 'conflict-state',
      errors: [{ code: 'slot-full' }],
    })
    t.equal(office.desk.left('A2'), 1, 'and keeps its own')
    const hall = (await shown(`home=410204&to=${dayAfter(day, 8)}`))
      .json()
      .items.findLast((one: { hall?: string }) => one.hall).slot
    t.match((await change(id, 'PATCH', { slot: hall })).json(), { slot: hall, hall: '410204-01' })
    t.equal(office.desk.left('A2'), 2, "into a hall's")
    t.match((await change(id, 'PATCH', { slot: first })).json(), { slot: first, system: SYSTEM })
    t.match(await caseOf(taken), { appointment: { slot: first } })
    t.equal(office.desk.left('A1'), 1, 'and back')
  },
)

t.test('what cannot be had is said, and nothing is reserved', async (t) => {
  await hold(third)
  const refused = async (slot: string, status: number, code: string) => {
    const answer = await hold(slot)
    t.equal(answer.status, status, slot)
    t.match(answer.json(), { errors: [{ code, message: String, messageZh: String }] }, slot)
  }
  await refused(third, 409, 'slot-full')
  await refused(fourth.replace('A4', 'A9'), 409, 'slot-gone')
  await refused(fourth.replace('T1030', 'T1100'), 409, 'slot-gone')
  await refused(fourth.replace('410204', '410205'), 400, 'slot-for-others')
  await refused(fourth.replace(/\d{8}T/, '20200101T'), 400, 'slot-not-open')
  await refused(fourth.replace(SYSTEM, 'no-system'), 400, 'unknown-slot')
  const other = await platform.post('/v1/appointments', {
    body: { slot: fourth, matter: 'marriage-registration' },
  })
  t.match(other.json(), { errors: [{ code: 'slot-for-others', messageZh: /退休预约系统/ }] })
  office.desk.offer([office.line('A4', '11:00', 1)])
  await refused(fourth, 409, 'slot-gone')
  t.match((await platform.post('/v1/submissions/check', { body: byAppointment(fourth) })).json(), {
    errors: [{ pointer: '/appointment/slot', code: 'slot-gone' }],
  })
  office.desk.offer([office.line('A4', '10:30', 1)])
  t.equal(office.reserved(), 1)
})

t.test('a system that is down is named, and nothing else notices', async (t) => {
  office.suffers({ downEveryMs: 1, downForMs: 1 })
  const both = await shown(`home=410204&to=${dayAfter(day, 8)}`)
  t.equal(both.status, 200)
  t.ok(both.json().items.length > 0, "the halls' are shown")
  t.match(both.json().missing, [{ system: SYSTEM, detail: /Retirement booking/, detailZh: /退休预约系统/ }])
  const alone = await shown('home=410225')
  t.equal(alone.status, 503)
  const named = {
    code: 'unavailable',
    detail: /Retirement booking \(retirement-booking\)/,
    detailZh: /退休预约系统/,
  }
  t.match(alone.json(), named)
  const answer = await hold(first)
  t.equal(answer.status, 503)
  t.match(answer.json(), named)
  t.equal((await platform.post('/v1/submissions/check', { body: byAppointment(first) })).status, 503)
  t.equal((await platform.submit(byAppointment(first))).status, 503)
  t.equal((await hold(both.json().items[0].slot)).status, 201, "a hall's slot is held")
})

t.test('a slow system is waited for no longer than its time', async (t) => {
  office.suffers({ slow: 1, slowMs: 20_000 })
  const began = performance.now()
  t.match((await shown(`home=410204&from=${day}&to=${day}`)).json(), { missing: [{ system: SYSTEM }] })
  t.ok(performance.now() - began < 4_000)
})

t.test('an answer that was lost is looked for when the request is repeated: one seat', async (t) => {
  office.suffers({ lost: 1 })
  const key = number()
  t.equal((await hold(first, { key })).status, 503)
  t.equal(office.reserved(), 1, 'it had arrived')
  office.suffers({})
  const again = await hold(first, { key })
  t.equal(again.status, 201)
  t.equal(office.reserved(), 1)
  t.equal(office.asked('reserve DUPLICATE'), 0, 'found, not sent again')
  t.match((await change(again.json().appointmentId, 'GET')).json(), { state: 'held', slot: first })
})

t.test('an answer that is lost once is looked for at once', async (t) => {
  office.suffers({ silent: 1, silentMs: 1_500 })
  setTimeout(() => office.suffers({}), 700)
  t.equal((await hold(first)).status, 201)
  t.equal(office.reserved(), 1)
})

t.test('a reservation whose answer was lost, and that nobody asks for again, is given back', async (t) => {
  office.suffers({ lost: 1 })
  await hold(first)
  office.suffers({})
  await clock.round()
  t.equal(office.reserved(), 1, 'whoever asked may come back')
  await later(61)
  await clock.round()
  t.equal(office.reserved(), 0)
  t.match(await open(), [{ state: 'returning' }], 'what was sent may still arrive')
  await later(61)
  await clock.round()
  t.strictSame(await open(), [])
})

t.test('a reservation that arrives after it was looked for is given back as well', async (t) => {
  office.suffers({ unavailable: 1 })
  t.equal((await hold(first)).status, 503)
  office.suffers({})
  await later(61)
  await clock.round()
  const [{ id }] = (await open()) as [{ id: string }]
  office.desk.reserve({
    orderNo: id,
    item: 'SB-0017',
    area: '410204',
    slotNo: 'A1',
    begin: `${day} 09:00:00`,
  })
  await later(120)
  await clock.round()
  t.equal(office.reserved(), 0)
})

t.test(
  'a booking system that was stopped and started again answers again where nothing is delivered',
  async (t) => {
    const isMissing = async () =>
      (await shown(`home=410204&from=${day}&to=${day}`)).json().missing !== undefined
    const becomesMissing = async (wanted: boolean) => {
      for (let tries = 0; tries < 100 && (await isMissing()) !== wanted; tries++) await sleep(50)
      t.equal(await isMissing(), wanted)
    }
    await running.query(`insert into pauses (system, reason, by) values ($1, '检修', 'operator')`, [SYSTEM])
    await becomesMissing(true)
    await running.query('delete from pauses')
    await becomesMissing(false)
    t.equal(await free(first), 2)
  },
)

t.test('a hold that expires and a submission that never came give their seats back', async (t) => {
  const [expired, abandoned] = [await held(first), await held(second)]
  await running.query(`update bookings set held_until = now() - interval '1 second' where id = $1`, [expired])
  await running.query(
    `update bookings set state = 'confirmed', external_id = 'never', confirmed_at = now() - interval '11 minutes',
       changed_at = now() - interval '11 minutes' where id = $1`,
    [abandoned],
  )
  await clock.round()
  t.equal(office.reserved(), 0)
  t.match((await change(abandoned, 'GET')).json(), { state: 'released' })
})

t.test('a seat is given back although our own book cannot be put right', async (t) => {
  const id = await held(first)
  await running.query(`update bookings set held_until = now() - interval '1 second' where id = $1`, [id])
  const value = () => Promise.reject(new Error('too slow'))
  const slow = t.intercept(running.gateway.ledger.readers, 'query', { value })
  await t.rejects(clock.round(), { message: 'too slow' })
  slow.restore()
  t.equal(office.reserved(), 0)
})

t.test('cancelled while the system is away, the seat is given back when it is there again', async (t) => {
  const id = await held(third)
  office.suffers({ unavailable: 1 })
  t.match((await change(id, 'DELETE')).json(), { state: 'released' })
  t.equal(office.reserved(), 1)
  await later(61)
  await clock.round()
  t.match(clock.told.at(-1), { operation: 'cancel', outcome: 'unavailable', reservation: /^rsv_/ })
  t.equal(office.reserved(), 1)
  office.suffers({})
  await clock.round()
  t.equal(office.reserved(), 1, 'not asked again at once')
  await later(3_600)
  await clock.round()
  t.equal(office.reserved(), 0)
  t.strictSame(await open(), [])
})

t.test('a slot that has begun is given back to nobody', async (t) => {
  const id = await held(third)
  office.suffers({ unavailable: 1 })
  await change(id, 'DELETE')
  await running.query(
    `update reservations set starts_at = now() - interval '1 minute' where state = 'returning'`,
  )
  await clock.round()
  t.strictSame(await open(), [])
  for (const { key } of [...office.desk.read().effects]) office.desk.cancel(key)
})
