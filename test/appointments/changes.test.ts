// A booking that is changed again before its cases have learnt of the change before: what they know in the
// end is the last one.

import t from 'tap'
import { mendBook } from '../../src/appointments/mend.ts'
import { tellCases } from '../../src/appointments/telling.ts'
import { dayAfter, dayOf } from '../../src/domain/calendar.ts'
import { moveSeat } from '../../src/ledger/bookings.ts'
import type { Change } from '../../src/ledger/changes.ts'
import { platformAt, retirement } from '../support/platform.ts'
import { runGateway } from '../support/running.ts'

const running = await runGateway(t, {
  roles: ['api'],
  edit: { 'halls/410204.yaml': (text) => text.replace('capacity: 6', 'capacity: 2') },
})
const platform = platformAt(running.url)
const pdf = await platform.upload()
const MATTER = 'retirement-approval'
const lastDay = dayAfter(dayOf(new Date().toISOString()), 14)
const slots: string[] = (await platform.get(`/v1/slots?matter=${MATTER}&home=410204&to=${lastDay}`))
  .json()
  .items.slice(-5)
  .map((one: { slot: string }) => one.slot)
const [first, second, third, fourth, fifth] = slots as [string, string, string, string, string]

async function booked(slot: string) {
  const held = await platform.post('/v1/appointments', { body: { slot, matter: MATTER } })
  const { appointmentId } = held.json()
  const taken = await platform.submit(
    retirement([pdf, pdf], { mode: 'appointment', appointment: { slot: appointmentId } }),
  )
  const { caseId } = taken.json().cases[0]
  return {
    appointmentId,
    caseId,
    move: (to: string) => platform.call('PATCH', `/v1/appointments/${appointmentId}`, { body: { slot: to } }),
    report: (outcome: string) => platform.post(`/v1/cases/${caseId}/appointment`, { body: { outcome } }),
    cancel: () => platform.call('DELETE', `/v1/appointments/${appointmentId}`),
    seat: async () => (await platform.get(`/v1/appointments/${appointmentId}`)).json(),
    known: async () => (await platform.get(`/v1/cases/${caseId}`)).json().appointment,
  }
}

/** A minute later, as far as the book can tell. */
async function later() {
  await running.query(
    `update bookings set confirmed_at = now() - interval '1 hour', changed_at = now() - interval '1 hour' where state = 'confirmed'`,
  )
  await mendBook({ ledger: running.gateway.ledger })
}

t.test('two changes at once: case and seat agree, and the seat stays', async (t) => {
  for (let times = 0; times < 5; times++) {
    const one = await booked(first)
    const answers = await Promise.all([one.move(second), one.move(third), one.move(fourth)])
    t.strictSame(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    await later()
    const seat = await one.seat()
    t.equal(seat.state, 'confirmed')
    t.match(await one.known(), { slot: seat.slot, state: 'booked' })
    await one.cancel()
  }
})

t.test('a change and a cancellation at once: the case has no slot that nobody keeps', async (t) => {
  for (let times = 0; times < 5; times++) {
    const one = await booked(first)
    await Promise.all([one.move(second), one.cancel()])
    await later()
    t.match([(await one.seat()).state, (await one.known()).state], ['released', 'cancelled'])
  }
})

t.test('a change whose process died before it was marked as told does not hide the next', async (t) => {
  const one = await booked(first)
  t.equal((await one.move(second)).status, 200)
  await running.query('update bookings set known_slot = $2 where id = $1', [one.appointmentId, first])
  t.equal((await one.move(third)).status, 200)
  t.match(await one.known(), { slot: third })
  await later()
  t.match(await one.seat(), { slot: third, state: 'confirmed' })
})

t.test('a change that is told late, after the next one, changes nothing', async (t) => {
  const one = await booked(first)
  const { ledger } = running.gateway
  const seat = (slot: string) => ({ slot, capacity: 2, startsAt: '2030-01-02T09:00:00+08:00' })
  await moveSeat(ledger.writers, one.appointmentId, seat(second))
  const late: Change[] = []
  const frozen = async (change: Change) => {
    late.push(change)
    throw new Error('frozen')
  }
  await t.rejects(tellCases({ ledger: { ...ledger, record: frozen } }, { id: one.appointmentId }))
  await moveSeat(ledger.writers, one.appointmentId, seat(third))
  await tellCases({ ledger }, { id: one.appointmentId })
  t.match(await one.known(), { slot: third })
  t.match(await ledger.record(late[0]!), { outcome: 'duplicate' })
  t.match(await one.known(), { slot: third, state: 'booked' })
  await one.cancel()
})

t.test('a booking whose case cannot be told keeps no other untold, and no seat taken', async (t) => {
  const [bad, good] = [await booked(first), await booked(first)]
  const { ledger } = running.gateway
  const seat = { capacity: 2, startsAt: '2030-01-02T09:00:00+08:00' }
  await moveSeat(ledger.writers, bad.appointmentId, { ...seat, slot: fourth })
  await moveSeat(ledger.writers, good.appointmentId, { ...seat, slot: fifth })
  await running.query(
    `update bookings set changed_at = now() - interval '1 hour' where known_slot is not null`,
  )
  await running.query(`update bookings set changed_at = now() - interval '2 hours' where id = $1`, [
    bad.appointmentId,
  ])
  const record = async (change: Change) => {
    if (change.message?.source === `booking:${bad.appointmentId}`) throw new Error('a mistake')
    return ledger.record(change)
  }
  await t.rejects(mendBook({ ledger: { ...ledger, record } }), { message: 'a mistake' })
  t.match(await good.known(), { slot: fifth })
  await mendBook({ ledger })
  t.match(await bad.known(), { slot: fourth })
  for (const one of [bad, good]) await one.cancel()
})

t.test('a case that goes from one slot to another and back finds a seat each time', async (t) => {
  const one = await booked(third)
  const rebook = (slot: string) =>
    platform.post(`/v1/cases/${one.caseId}/appointment`, { body: { outcome: 'rebooked', slot } })
  for (const slot of [fourth, fifth, fourth, fifth, fourth, fifth]) {
    const answer = await rebook(slot)
    t.equal(answer.status, 202, JSON.stringify(answer.json()))
    await later()
    t.match(await one.known(), { slot })
  }
})

t.test('a slot that the applicant has come to, or whose case is over, is not moved', async (t) => {
  const [came, left] = [await booked(first), await booked(first)]
  await came.report('attended')
  await platform.post(`/v1/cases/${left.caseId}/withdrawal`, { body: { reason: '不再办理' } })
  for (const [one, why] of [
    [came, /the applicant has come already/],
    [left, /a case that is withdrawn has no appointment/],
  ] as const) {
    const answer = await one.move(second)
    t.equal(answer.status, 409)
    t.match(answer.json(), { code: 'conflict-state', detail: why, detailZh: /预约/ })
    t.match(await one.seat(), { slot: first, state: 'confirmed' })
  }
})

t.test(
  'an applicant who comes at the very moment keeps his slot, and nobody sits on the other',
  async (t) => {
    const one = await booked(second)
    const { ledger } = running.gateway
    const { record } = ledger
    ledger.record = async (change) => {
      ledger.record = record
      await one.report('attended')
      return record(change)
    }
    const answer = await one.move(fifth)
    t.match([answer.status, answer.json().code], [409, 'conflict-state'])
    t.match(await one.known(), { slot: second, state: 'attended' })
    await later()
    t.match(await one.seat(), { state: 'released' })
  },
)

/** Held for a submission, which is `sent` when it is wanted. */
async function held(slot: string) {
  const { appointmentId } = (
    await platform.post('/v1/appointments', { body: { slot, matter: MATTER } })
  ).json()
  const body = retirement([pdf, pdf], { mode: 'appointment', appointment: { slot: appointmentId } })
  return {
    move: (to: string) => platform.call('PATCH', `/v1/appointments/${appointmentId}`, { body: { slot: to } }),
    seat: async () => (await platform.get(`/v1/appointments/${appointmentId}`)).json(),
    cancel: () => platform.call('DELETE', `/v1/appointments/${appointmentId}`),
    submitted: async () => (await platform.submit(body)).json().cases[0].caseId as string,
  }
}

t.test(
  'a submission that comes again, long after its process died over it, keeps the seat it takes',
  async (t) => {
    const one = await held(first)
    const { ledger } = running.gateway
    const { record } = ledger
    t.teardown(() => {
      ledger.record = record
    })
    ledger.record = async () => {
      throw Object.assign(new Error('the process is killed here'), { code: 'ECONNRESET' })
    }
    await t.rejects(one.submitted(), 'nothing is recorded')
    t.match(await one.seat(), { slot: first, state: 'confirmed' })
    await running.query(
      `update bookings set confirmed_at = now() - interval '3 minutes', changed_at = now() - interval '3 minutes' where state = 'confirmed'`,
    )
    // The clock's round falls between the seat and the commit.
    ledger.record = async (change) => {
      await mendBook({ ledger: { ...ledger, record } })
      return record(change)
    }
    const caseId = await one.submitted()
    t.match(await one.seat(), { slot: first, state: 'confirmed' })
    t.match(await knownTo(caseId), { slot: first, state: 'booked' })
    await one.cancel()
  },
)

const knownTo = async (caseId: string) => (await platform.get(`/v1/cases/${caseId}`)).json().appointment

t.test('a slot that is changed while a submission takes it is the one that its case has', async (t) => {
  const one = await held(first)
  const { writers } = running.gateway.ledger
  const { query } = writers
  writers.query = (async (...asked: [{ name?: string }]) => {
    if (asked[0].name === 'confirm-booking') {
      writers.query = query
      t.equal((await one.move(second)).status, 200)
    }
    return query.apply(writers, asked as never)
  }) as never
  t.match(await knownTo(await one.submitted()), { slot: second, state: 'booked' })
  t.match(await one.seat(), { slot: second, state: 'confirmed' })
})

t.test('a slot that is changed before its submission is recorded is told to its case after', async (t) => {
  const one = await held(third)
  const { ledger } = running.gateway
  const { record } = ledger
  ledger.record = async (change) => {
    ledger.record = record
    t.equal((await one.move(fourth)).status, 200)
    return record(change)
  }
  const caseId = await one.submitted()
  await later()
  t.match(await knownTo(caseId), { slot: fourth, state: 'booked' })
  await later()
  t.match(await one.seat(), { slot: fourth, state: 'confirmed' })
})
