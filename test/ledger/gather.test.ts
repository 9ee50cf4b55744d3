// Group commit: who waits for whom, and who pays for whose fault.

import t from 'tap'
import { createGatherer, type GatherOptions } from '../../src/ledger/gather.ts'

interface Batch {
  items: readonly number[]
  finish(error?: Error): void
}

/** A gatherer whose commits end when the test says so. */
function controlled(options: Partial<GatherOptions<number, string>> = {}) {
  const batches: Batch[] = []
  const gatherer = createGatherer<number, string>({
    maxBatch: 100,
    maxInFlight: 2,
    commit: (items) =>
      new Promise((resolve, reject) => {
        const finish = (error?: Error) => (error ? reject(error) : resolve(items.map((one) => `did ${one}`)))
        batches.push({ items, finish })
      }),
    ...options,
  })
  return { gatherer, batches, all: (...items: number[]) => items.map((one) => gatherer.submit(one)) }
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

t.test('an idle gateway commits at once; what comes together is written together', async (t) => {
  const { batches, all } = controlled()
  const outcomes = all(1, 2, 3)
  await turn()
  t.strictSame(
    batches.map((one) => one.items),
    [[1, 2, 3]],
  )
  batches[0]!.finish()
  t.strictSame(await Promise.all(outcomes), ['did 1', 'did 2', 'did 3'])
})

t.test('at most two commits are in flight; the next batch gathers meanwhile', async (t) => {
  const { gatherer, batches, all } = controlled()
  const outcomes = [...all(1)]
  await turn()
  outcomes.push(...all(2))
  await turn()
  for (const one of [3, 4, 5]) {
    outcomes.push(...all(one))
    await turn()
  }
  t.strictSame(
    batches.map((one) => one.items),
    [[1], [2]],
  )
  t.equal(gatherer.pending, 5)
  batches[0]!.finish()
  await turn()
  t.strictSame(batches[2]!.items, [3, 4, 5])
  for (const one of batches.slice(1)) one.finish()
  t.strictSame(await Promise.all(outcomes), ['did 1', 'did 2', 'did 3', 'did 4', 'did 5'])
})

t.test('a batch is never larger than allowed, and nobody is forgotten', async (t) => {
  const sizes: number[] = []
  const gatherer = createGatherer<number, number>({
    maxBatch: 10,
    maxInFlight: 2,
    commit: async (items) => {
      sizes.push(items.length)
      return items
    },
  })
  const items = Array.from({ length: 95 }, (_, i) => i)
  t.strictSame(await Promise.all(items.map((one) => gatherer.submit(one))), items)
  t.equal(Math.max(...sizes), 10)
  t.equal(
    sizes.reduce((sum, one) => sum + one, 0),
    95,
  )
})

t.test('one that cannot be written fails alone', async (t) => {
  const written: number[] = []
  const gatherer = createGatherer<number, number>({
    maxBatch: 100,
    maxInFlight: 2,
    commit: async (items) => {
      if (items.includes(13)) throw new Error('13 cannot be written')
      written.push(...items)
      return items
    },
  })
  const items = Array.from({ length: 30 }, (_, i) => i)
  const outcomes = await Promise.allSettled(items.map((one) => gatherer.submit(one)))
  t.strictSame(
    outcomes.flatMap((one, i) => (one.status === 'rejected' ? [i] : [])),
    [13],
  )
  t.strictSame(
    written,
    items.filter((one) => one !== 13),
    'each once, in order',
  )
})

t.test('when the database is away the whole batch is told at once', async (t) => {
  let commits = 0
  const gatherer = createGatherer<number, number>({
    maxBatch: 100,
    maxInFlight: 2,
    hopeless: () => true,
    commit: async () => {
      commits++
      throw new Error('away')
    },
  })
  const outcomes = await Promise.allSettled([1, 2, 3].map((one) => gatherer.submit(one)))
  t.ok(outcomes.every((one) => one.status === 'rejected'))
  t.equal(commits, 1)
})

t.test('the second of a key waits for a later batch', async (t) => {
  const { batches, all } = controlled({ key: (one) => String(one % 10) })
  const outcomes = all(1, 11, 2, 21)
  await turn()
  t.strictSame(
    batches.map((one) => one.items),
    [[1, 2], [11]],
  )
  for (const one of batches) one.finish()
  await turn()
  batches[2]!.finish()
  t.strictSame(await Promise.all(outcomes), ['did 1', 'did 11', 'did 2', 'did 21'])
})

t.test('idle is when nothing waits and nothing is in flight', async (t) => {
  const { gatherer, batches, all } = controlled()
  await gatherer.idle()
  all(1)
  let idle = false
  const told = gatherer.idle().then(() => {
    idle = true
  })
  await turn()
  t.equal(idle, false)
  batches[0]!.finish()
  await told
  t.equal(gatherer.pending, 0)
})

t.test('one subject is never in two commits at once, though several of it may be in one', async (t) => {
  const { batches, all } = controlled({ subject: (one) => String(one % 10) })
  const outcomes = [...all(1, 11, 2)]
  await turn()
  outcomes.push(...all(21))
  await turn()
  outcomes.push(...all(3))
  await turn()
  t.strictSame(
    batches.map((one) => one.items),
    [[1, 11, 2], [3]],
  )
  batches[1]!.finish()
  await turn()
  t.equal(batches.length, 2, 'what waits for a commit starts none by itself')
  batches[0]!.finish()
  await turn()
  t.strictSame(batches[2]!.items, [21])
  batches[2]!.finish()
  t.strictSame(await Promise.all(outcomes), ['did 1', 'did 11', 'did 2', 'did 21', 'did 3'])
})
