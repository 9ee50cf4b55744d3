// What follows from each kind of failure, and how long is waited.

import t from 'tap'
import { AdapterFailure, type FailureKind, failureKinds } from '../../src/adapter-kit/failures.ts'
import { backoffMs } from '../../src/delivery/backoff.ts'
import { isOutage, type Next, nextStep } from '../../src/delivery/outcome.ts'
import type { Leased } from '../../src/ledger/changes.ts'
import { deliverySettings, leasedOnce } from './scene.ts'

const delivery = deliverySettings({ retry: { baseMs: 1_000, maxMs: 60_000, forMs: 3_600_000 } })
const step = (failure: AdapterFailure, change: Partial<Leased> = {}): Next =>
  nextStep(failure, leasedOnce(change), delivery)
const old = { triedMs: 3_600_001, attempts: 11 }

const expected: Record<FailureKind, { next: Partial<Next>; whenOld: Partial<Next>; outage: boolean }> = {
  unavailable: {
    next: { do: 'postpone', look: true },
    whenOld: { do: 'bury', refused: false, reason: 'given up after 12 attempts: why' },
    outage: true,
  },
  uncertain: {
    next: { do: 'postpone', look: true },
    whenOld: { do: 'bury', refused: false, reason: 'given up after 12 attempts: why' },
    outage: true,
  },
  undecided: {
    next: { do: 'postpone', look: true },
    whenOld: { do: 'bury', refused: false, reason: 'given up after 12 attempts: why' },
    outage: false,
  },
  throttled: {
    next: { do: 'postpone', look: false },
    whenOld: { do: 'bury', refused: false, reason: 'given up after 12 attempts: why' },
    outage: false,
  },
  rejected: {
    next: { do: 'bury', refused: true, code: '4007', reason: 'why' },
    whenOld: { do: 'bury', refused: true },
    outage: false,
  },
  unrecognised: {
    next: { do: 'bury', refused: false, code: '4007', reason: 'why' },
    whenOld: { do: 'bury', refused: false },
    outage: true,
  },
  unauthorised: {
    next: { do: 'postpone', look: false, pause: 'why' },
    whenOld: { do: 'postpone', pause: 'why' },
    outage: false,
  },
}

for (const kind of Object.keys(failureKinds) as FailureKind[])
  t.test(`${kind}: ${failureKinds[kind].next}`, async (t) => {
    const failure = new AdapterFailure(kind, 'why', { code: '4007' })
    t.match(step(failure), expected[kind].next)
    t.match(step(failure, old), expected[kind].whenOld)
    t.equal(isOutage(failure), expected[kind].outage)
  })

t.test('what surely never left this machine need not be looked up', async (t) => {
  const failure = new AdapterFailure('unavailable', 'refused', { sent: false })
  t.match(step(failure), { do: 'postpone', look: false })
})

t.test('a system that asks for time gets it, and the whole queue waits', async (t) => {
  const failure = new AdapterFailure('throttled', 'slow down', { retryAfterMs: 7_000 })
  t.match(step(failure), { delayMs: 7_000, hold: 7_000 })
  const unavailable = step(new AdapterFailure('unavailable', 'maintenance', { retryAfterMs: 120_000 }))
  t.match(unavailable, { do: 'postpone', delayMs: 120_000 })
  t.notOk('hold' in unavailable)
  t.match(step(failure, old), { do: 'bury', hold: 7_000 }, 'even when we give one up')
})

t.test('no answer of a system makes us spin, wait for ever, or forget', async (t) => {
  for (const retryAfterMs of [0, -5, Number.NaN, Number.POSITIVE_INFINITY, 1e15])
    for (const kind of ['throttled', 'unavailable'] as const) {
      const next = step(new AdapterFailure(kind, 'why', { retryAfterMs }))
      if (next.do !== 'postpone') throw new Error('it must be tried again')
      t.ok(
        next.delayMs >= 500 && next.delayMs <= 24 * 3_600_000,
        `${kind} ${retryAfterMs}: ${next.delayMs} ms`,
      )
    }
})

t.test('back-off doubles up to its limit, is spread, and never below half of the first', async (t) => {
  const retry = { baseMs: 1_000, maxMs: 15 * 60_000 }
  const most = (made: number) => backoffMs(made, retry, () => 1)
  t.strictSame(
    [1, 2, 3, 4, 10, 11, 12, 5_000].map(most),
    [1, 2, 4, 8, 512, 900, 900, 900].map((s) => s * 1000),
  )
  for (const made of [1, 2, 10, 5_000])
    t.equal(
      backoffMs(made, retry, () => 0),
      500,
    )
  const spread = new Set(Array.from({ length: 50 }, () => backoffMs(8, retry)))
  t.ok(spread.size > 40)
})

t.test('a system that timed out is left alone for as long as it says it may need', async (t) => {
  const failure = new AdapterFailure('uncertain', 'no answer')
  t.ok((nextStep(failure, leasedOnce(), delivery, 30_000) as { delayMs: number }).delayMs >= 30_000)
})
