// Who stopped a system stopped it in every process, and who started it again did so in every process, whatever its role.

import t from 'tap'
import { obeyPauses, type PausesDeps } from '../../src/delivery/pauses.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Teardown } from '../support/database.ts'
import { systemWith } from './scene.ts'

/** One system, the pauses that the ledger has, and what the queues were told; looked at whenever the test says so. */
async function process(t: Teardown, pauses: { system: string; reason: string }[] = []) {
  const system = systemWith({})
  let looks = 0
  let engineIsAway = false
  const refusals: Error[] = []
  const told: string[] = []
  const tell = (word: string) => async (id: string) => {
    if (engineIsAway) await new Promise(() => undefined)
    if (refusals.length > 0) throw refusals.shift()
    told.push(`${word} ${id}`)
  }
  let whileLooking: (() => void) | undefined
  const query = async () => {
    looks++
    const rows = [...pauses]
    whileLooking?.()
    whileLooking = undefined
    return { rows }
  }
  const deps: PausesDeps = {
    ledger: { readers: { query } as unknown as Ledger['readers'] },
    queues: { pause: tell('pause'), resume: tell('resume') },
    systems: new Map([[system.id, system]]),
    observer: { fault: (_, error) => Promise.reject(error) },
    everyMs: 1,
  }
  const { close } = await obeyPauses(deps)
  t.teardown(close)
  return {
    told,
    gate: system.gate,
    paused: () => system.gate.state().paused,
    /** Once the next look has read the ledger, and before it obeys. */
    duringNextLook: (act: () => void) => {
      whileLooking = act
    },
    engineAway: () => {
      engineIsAway = true
    },
    refusing: (...errors: Error[]) => void refusals.push(...errors),
    refusals,
    pause: (reason: string) => void pauses.splice(0, 1, { system: system.id, reason }),
    lift: () => void pauses.splice(0),
    /** Until at least so many whole looks were made from now on. */
    async looks(count: number) {
      for (const until = looks + count + 1; looks < until; )
        await new Promise((resolve) => setTimeout(resolve, 1))
    },
  }
}

t.test('a pause is obeyed and lifted, and the queue is told each time', async (t) => {
  const { pause, lift, looks, paused, told } = await process(t)
  await looks(1)
  t.strictSame(told, ['resume licence'], 'the engine may remember a pause that was lifted while nobody ran')
  pause('maintenance')
  await looks(1)
  t.equal(paused(), 'maintenance')
  lift()
  await looks(1)
  t.equal(paused(), null)
  t.strictSame(told, ['resume licence', 'pause licence', 'resume licence'])
})

t.test('a pause that stands is obeyed before anything can pass the gate', async (t) => {
  const { paused } = await process(t, [{ system: 'licence', reason: 'credentials' }])
  t.equal(paused(), 'credentials')
})

t.test('a pause that this process makes while the ledger is looked at is not lifted', async (t) => {
  const { gate, pause, duringNextLook, looks, paused } = await process(t)
  let lifted = 0
  const { resume } = gate
  gate.resume = () => {
    lifted++
    resume()
  }
  duringNextLook(() => {
    gate.pause('HTTP 401')
    pause('HTTP 401')
  })
  await looks(3)
  t.equal(paused(), 'HTTP 401')
  t.equal(lifted, 0, 'not for a moment either')
})

t.test('one that never reached the ledger is lifted', async (t) => {
  const { gate, looks, paused } = await process(t)
  gate.pause('HTTP 401')
  await looks(3)
  t.equal(paused(), null)
})

t.test('a queue engine that is away holds up no gate', async (t) => {
  const { engineAway, pause, lift, looks, paused } = await process(t)
  await looks(1)
  engineAway()
  pause('maintenance')
  await looks(2)
  t.equal(paused(), 'maintenance')
  lift()
  await looks(2)
  t.equal(paused(), null)
})

t.test('an engine that is away is told when it is back, and is no fault of ours meanwhile', async (t) => {
  const { pause, looks, told, refusing, refusals } = await process(t)
  await looks(1)
  refusing(
    new Error(
      'Reached the max retries per request limit (which is 1). Refer to "maxRetriesPerRequest" option.',
    ),
    new Error('Command timed out'),
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' }),
  )
  pause('stopped by hand')
  while (refusals.length > 0) await looks(1)
  await looks(2)
  t.equal(told.at(-1), 'pause licence')
})
