// The simulated booking system, called by the real adapter over HTTP, with faults around it: two readings of one paper
// must agree.

import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { createAppointmentBook as createAdapter } from '../../adapters/appointment-book-rest/adapter.ts'
import { settingsSchema } from '../../adapters/appointment-book-rest/settings-schema.ts'
import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import { createAppointmentBook } from '../../src/sandbox/appointment-book/index.ts'
import { injectFaults, openFaultBoard } from '../../src/sandbox/faults.ts'

const { reservation } = givens
const { reference: _, ...cancellation } = givens['reservation-cancel']
const line = {
  slotNo: reservation.slot,
  item: reservation.matter.taskCode!,
  area: reservation.division,
  begin: '2026-12-01 09:30:00',
  end: '2026-12-01 10:00:00',
  total: 1,
}
const asked = { matter: reservation.matter, division: '410204', from: '2026-12-01', to: '2026-12-01' }

t.test('a slot is shown, reserved once under our number, looked up, and given back', async (t) => {
  const { slots, reserve, find, cancel, actor } = await openOffice(t)
  t.match(await slots(), [{ id: reservation.slot, from: reservation.from, free: 1, capacity: 1 }])
  t.equal(await find(), null)
  const { reference } = await reserve()
  t.match(await reserve(), { reference, duplicate: true })
  t.match(await find(), { reference })
  t.match(await slots(), [{ free: 0 }])
  t.match(await failureOf(reserve('rsv_other')), { kind: 'rejected', code: 'slot-full' })
  t.notOk((await cancel()).duplicate)
  t.ok((await cancel()).duplicate)
  t.equal(await find(), null)
  t.match(await slots(), [{ free: 1 }])
  t.match(actor.books().effects, [{ key: reservation.reservationId, reference, state: 'cancelled' }])
})

t.test('a slot that was moved, or taken away, is gone', async (t) => {
  const { reserve, actor } = await openOffice(t)
  actor.desk.offer([{ ...line, begin: '2026-12-01 10:30:00' }])
  t.match(await failureOf(reserve()), { kind: 'rejected', code: 'slot-gone' })
})

t.test('an answer that is lost after the effect is uncertain, and found by our number', async (t) => {
  const { reserve, find, board, actor } = await openOffice(t)
  board.change({ actor: actor.name, faults: { lost: 1 } })
  t.match(await failureOf(reserve()), { kind: 'uncertain' })
  board.change({ actor: actor.name, faults: { lost: 0 } })
  t.ok(await find())
  t.ok((await reserve()).duplicate)
  t.equal(actor.desk.left(reservation.slot), 0)
})

t.test('a wrong secret is unauthorised', async (t) => {
  const { slots } = await openOffice(t, 'another-secret')
  t.match(await failureOf(slots()), { kind: 'unauthorised' })
})

async function openOffice(t: Test, secret = 'sample-secret') {
  const actor = createAppointmentBook({ secret: 'sample-secret', slots: [line] })
  const board = openFaultBoard('1', 'none')
  const app = Fastify()
  injectFaults(app, actor.name, board)
  await actor.routes(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const settings = { baseUrl: `http://127.0.0.1:${port}`, key: 'tongban', secret }
  const client = systemHttpClient({ settings: settingsSchema }, settings, {
    timeoutMs: 2_000,
    connections: 2,
  })
  t.teardown(async () => {
    board.stop()
    await client.close()
    await app.close()
  })
  const { outgoing, questions } = createAdapter(settings)
  const attempt = (key: string) => {
    const signal = AbortSignal.timeout(2_000)
    return { signal, key, number: 1, now: () => new Date(), http: client.forAttempt(signal) } as Attempt
  }
  return {
    actor,
    board,
    slots: () => questions!.slots!(asked, attempt('ask')),
    reserve: (reservationId = reservation.reservationId) =>
      outgoing.reserve!.send({ ...reservation, reservationId }, attempt(reservationId)),
    find: () => outgoing.reserve!.find!(reservation, attempt('find')),
    cancel: () => outgoing.cancel!.send(cancellation, attempt('cancel')),
  }
}

const failureOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'no failure',
    (error: unknown) => (error instanceof AdapterFailure ? error : Promise.reject(error)),
  )
