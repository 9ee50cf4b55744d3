// How often a system is asked once asking fails: more and more seldom where it is to blame, as ever where the ledger is.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { problem } from '../../src/http/problems.ts'
import { startAsking } from '../../src/intake/asking.ts'
import { systemWith, tools } from '../delivery/scene.ts'

const EVERY_MS = 20
// Pauses are drawn by lot, so that not all come back at once: here always the longest.
Math.random = () => 0.99

interface Around {
  pause?(): Promise<void>
}

/** What was told until it was asked so often; `gaps` between one asking and the next, ms. */
async function failing(error: unknown, times: number, { pause }: Around = {}) {
  const system = systemWith({})
  system.settings.polling.everyMs = EVERY_MS
  const pauses: number[] = []
  const faults: string[] = []
  const askedAt: number[] = []
  const asking = startAsking(
    {
      systems: new Map([[system.id, system]]),
      files: tools.files,
      now: () => new Date(),
      leads: async () => true,
      pause: pause ?? (async () => undefined),
      observer: {
        asked: () => undefined,
        askingFailed: ({ nextInMs }) => void pauses.push(nextInMs),
        fault: (message) => void faults.push(message),
      },
    },
    () => true,
    async () => {
      askedAt.push(performance.now())
      throw error
    },
  )
  const deadline = performance.now() + 10_000
  while (askedAt.length < times && performance.now() < deadline) await sleep(10)
  await asking.close()
  const gaps = askedAt.slice(1).map((at, i) => at - askedAt[i]!)
  return { pauses, faults, asked: askedAt.length, gaps }
}

t.test('a system that is away is told of, and asked more and more seldom', async (t) => {
  const away = new AdapterFailure('unavailable', 'Connection timeout: connect ECONNREFUSED')
  const { pauses, faults, asked } = await failing(away, 6)
  t.equal(pauses.length, asked)
  t.ok(pauses.at(-1)! > 4 * EVERY_MS, `${pauses}`)
  t.strictSame(faults, [])
})

for (const [what, error] of Object.entries({
  'a connection to the ledger that broke': Object.assign(new Error('terminating connection'), {
    code: '57P01',
  }),
  'a ledger that cannot be reached': problem('unavailable'),
}))
  t.test(`${what} is no fault of the system: it is told of, and asked as ever`, async (t) => {
    // More and more seldom, so many would take twenty seconds.
    const { pauses, faults, asked } = await failing(error, 10)
    t.strictSame(pauses, [])
    t.equal(asked, 10)
    t.equal(faults.length, 10)
  })

t.test('what our own code gets wrong is not asked again and again', async (t) => {
  const { faults, asked, gaps } = await failing(problem('not-found'), 6)
  t.equal(faults.length, asked)
  t.ok(Math.max(...gaps) > 10 * EVERY_MS, `${gaps}`)
})

t.test('a pause that cannot be written down ends nothing: it is told of', async (t) => {
  const refused = new AdapterFailure('unauthorised', 'the token is not known')
  const gone = Object.assign(new Error('terminating connection'), { code: '57P01' })
  const { faults, asked } = await failing(refused, 1, { pause: () => Promise.reject(gone) })
  t.equal(asked, 1)
  await sleep(20)
  t.match(faults, [/^pausing /])
})

t.test('who learns while it ends that it may ask asks nobody any more', async (t) => {
  const led = Promise.withResolvers<boolean>()
  let looked = false
  let asked = 0
  const system = systemWith({})
  const asking = startAsking(
    {
      systems: new Map([[system.id, system]]),
      files: tools.files,
      now: () => new Date(),
      leads: () => {
        looked = true
        return led.promise
      },
      pause: async () => undefined,
      observer: { asked: () => undefined, askingFailed: () => undefined, fault: () => undefined },
    },
    () => true,
    async () => {
      asked++
      return { items: 0, more: false }
    },
  )
  while (!looked) await sleep(10)
  await asking.close()
  led.resolve(true)
  await sleep(20)
  t.equal(asked, 0)
})
