// Whoever stands still in the middle of a commit, or is kept waiting for a lock: neither holds up everybody,
// and no outcome is lost.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { untilAnswered } from '../../src/delivery/settle.ts'
import { isAway, isPassing, openWriters } from '../../src/ledger/database.ts'
import { createDatabase } from '../support/database.ts'

t.test(
  'a commit that stands still is ended within seconds, and counts as a database that is away',
  async (t) => {
    const { url } = await createDatabase(t)
    const writers = openWriters(url, 1)
    t.teardown(() => writers.end())
    const client = await writers.connect()
    await client.query('begin')
    await sleep(3_500)
    const error = await client.query('select 1').then(
      () => null,
      (failure: unknown) => failure,
    )
    t.ok(error !== null && isAway(error), String(error))
    client.release(true)
  },
)

t.test('an outcome waits for a submission that is kept locked, and is not thrown away', async (t) => {
  const locked = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })
  t.notOk(isAway(locked), 'its neighbours in the batch need not wait')
  t.ok(isPassing(locked))
  let asked = 0
  const faults: string[] = []
  const observer = { fault: (message: string) => void faults.push(message) }
  const ask = async () => {
    if (++asked < 3) throw locked
    return 'recorded'
  }
  t.equal(await untilAnswered({ observer } as never, new AbortController().signal, ask), 'recorded')
  t.strictSame(faults, [])
})
