// Everything that can go wrong between two honest sides: answers lost after the work was done, reports sent twice,
// late and overtaken. Each thing still happens once.

import t from 'tap'
import { startTown } from './town.ts'

const faults = {
  lost: 0.25,
  silent: 0.03,
  silentMs: 1_500,
  unavailable: 0.1,
  repeated: 0.5,
  overtaken: 0.3,
  overtakenMs: 300,
}

t.test('lost answers, repeated and reordered reports: one effect each', async (t) => {
  const town = await startTown(t, { shares: { corrected: 0.3, special: 0.3, denied: 0.1 } })
  town.city.board.change({ faults })
  const run = await town.city.run({ count: 6, concurrency: 6, repeat: 0.5 }).finished
  t.match(run, { accepted: 6, refused: 0 })

  await town.rest()
  const injected = Object.values(town.city.board.counts()).flatMap((one) => Object.entries(one))
  const times = (fault: string) =>
    injected.reduce((sum, [name, count]) => (name === fault ? sum + count : sum), 0)
  for (const fault of ['lost', 'repeated', 'overtaken', 'unavailable'])
    t.ok(times(fault) > 0, `${fault}: ${times(fault)} times`)
  const books = Object.values(town.city.books())
  t.ok(books.every(({ effects }) => effects.every((one) => one.times === 1)))
  t.ok(
    books.some(({ counts }) => (counts.duplicates ?? 0) > 0),
    'something did come twice and was known',
  )
  t.strictSame(
    (await town.running.ledger()).transfers.filter(({ state }) => state === 'dead'),
    [],
  )
  await town.agree(t)
})
