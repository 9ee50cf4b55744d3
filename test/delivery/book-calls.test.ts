// What a booking system is asked while somebody waits: one deadline, its gate, and every failure by its name.

import t from 'tap'
import type { Adapter, Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { type BookCallFacts, bookCalls } from '../../src/delivery/book-calls.ts'
import { createGate } from '../../src/delivery/gate.ts'
import type { System } from '../../src/delivery/systems.ts'

const { reservation, 'reservation-cancel': cancellation } = givens
const receipt: Receipt = {
  reference: 'YY1',
  data: { from: reservation.from, to: '2026-12-01T10:00:00+08:00' },
}

function scene(adapter: Partial<Adapter>, timeoutMs = 1_000, concurrency = 4) {
  const gate = createGate({ concurrency, waitingRoom: 4, breaker: { failures: 3, openMs: 60_000 } })
  const system = {
    id: 'office',
    gate,
    adapter: { outgoing: {}, ...adapter },
    settings: { delivery: { timeoutMs } },
    http: { forAttempt: () => ({}) },
  } as unknown as System
  const told: BookCallFacts[] = []
  const paused: string[] = []
  const calls = bookCalls({
    systems: new Map([['office', system]]),
    files: {} as never,
    now: () => new Date(),
    pause: async (id) => void paused.push(id),
    observer: { bookAsked: (facts) => void told.push(facts), paused: () => undefined },
  })
  return { calls, gate, told, paused }
}

/** Deadlines alone keep no process alive. */
const awake = setInterval(() => undefined, 1_000)
t.teardown(() => clearInterval(awake))

const failureOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'no failure',
    (error: unknown) => error,
  )

const failing = (failure: AdapterFailure) => ({ send: () => Promise.reject(failure) })

t.test('a first try is sent, a further one is looked for first', async (t) => {
  const asked: string[] = []
  const reserve = {
    async send() {
      asked.push('send')
      return receipt
    },
    async find() {
      asked.push('find')
      return asked.length > 3 ? receipt : null
    },
  }
  const { calls, told } = scene({ outgoing: { reserve } })
  t.strictSame(await calls.reserve('office', reservation, 1), receipt)
  t.strictSame(asked, ['send'])
  await calls.reserve('office', reservation, 2)
  t.strictSame(asked, ['send', 'find', 'send'])
  t.strictSame(await calls.reserve('office', reservation, 3), { ...receipt, duplicate: true })
  t.match(told[0], { operation: 'reserve', outcome: 'delivered', reservation: reservation.reservationId })
})

t.test('what can neither be looked for nor be trusted with our key is not sent again', async (t) => {
  const { calls } = scene({ outgoing: { reserve: { send: async () => receipt } } })
  t.match(await failureOf(calls.reserve('office', reservation, 2)), {
    kind: 'rejected',
    code: 'cannot-answer',
  })
  t.equal(await calls.find('office', reservation), undefined)
})

t.test('an adapter that does not end is left behind, and may have sent', async (t) => {
  const { calls, told } = scene({ outgoing: { cancel: { send: () => new Promise(() => undefined) } } }, 50)
  t.match(await failureOf(calls.cancel('office', cancellation)), { kind: 'uncertain', sent: true })
  t.match(told, [{ operation: 'cancel', outcome: 'uncertain' }])
})

t.test('a system that keeps failing is not asked for a while, and surely nothing was sent', async (t) => {
  const away = new AdapterFailure('unavailable', 'away')
  const { calls } = scene({ outgoing: { reserve: failing(away) } })
  for (let i = 0; i < 3; i++)
    t.match(await failureOf(calls.reserve('office', reservation, 1)), { sent: true })
  t.match(await failureOf(calls.reserve('office', reservation, 1)), { kind: 'unavailable', sent: false })
})

t.test('refused credentials pause the system', async (t) => {
  const { calls, paused, gate } = scene({
    questions: { slots: () => Promise.reject(new AdapterFailure('unauthorised', 'no')) },
  })
  const asked = { matter: reservation.matter, division: '410204', from: '2026-12-01', to: '2026-12-01' }
  t.match(await failureOf(calls.slots('office', asked)), { kind: 'unauthorised' })
  t.strictSame(paused, ['office'])
  t.equal(gate.state().paused, 'no')
  t.match(await failureOf(calls.slots('office', asked)), { kind: 'unavailable', sent: false })
})

t.test('who waits in line for too long has sent nothing', async (t) => {
  const { calls } = scene({ outgoing: { cancel: { send: () => new Promise(() => undefined) } } }, 60, 1)
  const first = failureOf(calls.cancel('office', cancellation))
  t.match(await failureOf(calls.cancel('office', cancellation)), { kind: 'unavailable', sent: false })
  t.match(await first, { kind: 'uncertain' })
})

t.test('a system that is not there, or cannot do it, is said so', async (t) => {
  const { calls } = scene({})
  const cannot = { kind: 'rejected', code: 'cannot-answer', sent: false }
  t.match(await failureOf(calls.cancel('nobody', cancellation)), cannot)
  t.match(await failureOf(calls.cancel('office', cancellation)), cannot)
  t.match(await failureOf(calls.reserve('office', reservation, 1)), cannot)
})
