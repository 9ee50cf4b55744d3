// A department with a booking system of its own beside a gateway: the simulated one, with its misfortunes,
// and what a test has to know to be its applicant, its clerk and the gateway's clock.

import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { keepBook } from '../../src/appointments/mend.ts'
import { type BookCallFacts, bookCalls } from '../../src/delivery/book-calls.ts'
import { closeSystem, openSystem } from '../../src/delivery/systems.ts'
import { dayAfter, dayOf } from '../../src/domain/calendar.ts'
import { createAppointmentBook } from '../../src/sandbox/appointment-book/index.ts'
import { injectFaults, openFaultBoard } from '../../src/sandbox/faults.ts'
import type { Running } from '../support/running.ts'

export const SYSTEM = 'retirement-booking'
export const MATTER = 'retirement-approval'
const SECRET = 'booking-secret-91c2'
const ITEM = 'SB-0017'

/** The day of all its slots. */
export const day = dayAfter(dayOf(new Date().toISOString()), 3)

type Ending = { teardown(action: () => unknown): unknown }

/** Two seats at 09:00 and 09:30, one at 10:00 and 10:30, in 410204; the same at 09:00 in 410225. */
export async function openOffice(t: Ending) {
  const actor = createAppointmentBook({ secret: SECRET, slots: [] })
  const line = (slotNo: string, clock: string, total: number, area = '410204') => ({
    slotNo,
    item: ITEM,
    area,
    begin: `${day} ${clock}:00`,
    end: `${day} ${clock.slice(0, 3)}${clock.endsWith('00') ? '25' : '55'}:00`,
    total,
    place: '晋安路 9 号二楼',
  })
  const slots = [
    line('A1', '09:00', 2),
    line('A2', '09:30', 2),
    line('A3', '10:00', 1),
    line('A4', '10:30', 1),
  ]
  actor.desk.offer([...slots, line('B1', '09:00', 1, '410225')])
  const board = openFaultBoard('1', 'none')
  const app = Fastify({ forceCloseConnections: true })
  injectFaults(app, actor.name, board)
  await actor.routes(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    board.stop()
    await app.close()
  })
  const { port } = app.server.address() as AddressInfo
  const named = (no: string, clock: string, area = '410204'): string =>
    `${SYSTEM}:${area}:${day.replaceAll('-', '')}T${clock}:${no}`
  return {
    desk: actor.desk,
    line,
    reserved: () => actor.books().effects.filter(({ state }) => state === 'booked').length,
    asked: (what: string) => actor.books().counts[what] ?? 0,
    suffers: (faults: Record<string, number>) => board.change({ profile: 'none', actor: actor.name, faults }),
    slots: {
      first: named('A1', '0900'),
      second: named('A2', '0930'),
      third: named('A3', '1000'),
      fourth: named('A4', '1030'),
      elsewhere: named('B1', '0900', '410225'),
    },
    env: { BOOKING_SECRET: SECRET },
    file: `title: { zh: 退休预约系统, en: Retirement booking }
adapter: appointment-book-rest
delivery: { timeoutMs: 1000, breaker: { failures: 1000 } }
appointments:
  - { matters: [${MATTER}], divisions: ["410204", "410225"], holdMinutes: 10 }
settings:
  baseUrl: http://127.0.0.1:${port}
  key: tongban
  secret: { env: BOOKING_SECRET }
  items: { ${MATTER}: ${ITEM} }
`,
  }
}

/** The rounds that the clock role makes every minute. */
export async function openClock(t: Ending, { settings, gateway }: Running) {
  const adapters = await loadAdapters([new URL('../../adapters/', import.meta.url)])
  const system = openSystem(settings.systems.get(SYSTEM)!, adapters.get('appointment-book-rest')!)
  t.teardown(() => closeSystem(system))
  const told: BookCallFacts[] = []
  const calls = bookCalls({
    systems: new Map([[SYSTEM, system]]),
    files: {} as never,
    now: gateway.ledger.now,
    pause: async () => undefined,
    observer: { bookAsked: (facts) => void told.push(facts), paused: () => undefined },
  })
  const catalogues = { inForce: () => settings.catalogue }
  return {
    told,
    round: () => keepBook({ ledger: gateway.ledger, calls, catalogues }),
  }
}
