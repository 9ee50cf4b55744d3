import t from 'tap'
import { isProblem } from '../../src/http/problems.ts'
import { createDoor } from '../../src/intake/door.ts'

interface Visit {
  leave(): void
  done: Promise<unknown>
}

/** A door of three, with room for one always and for two to wait, or for ten bytes. */
function scene(waiting = 2) {
  const ledger = { pending: 0, answers: true }
  const told: number[] = []
  const door = createDoor({
    observe: (waiting) => told.push(waiting),
    pending: () => ledger.pending,
    answers: () => ledger.answers,
    limits: { atOnce: 3, always: 1, waiting, waitingBytes: 10 },
  })
  const entered: string[] = []
  const come = (name: string, client = 'platform', bytes = 1): Visit => {
    let leave = (): void => undefined
    const done = door.pass(client, bytes, () => {
      entered.push(name)
      return new Promise<void>((resolve) => {
        leave = resolve
      })
    })
    return { leave: () => leave(), done }
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { told, ledger, door, entered, come, turn }
}

t.test('so many are in work at once, and the others follow in the order in which they came', async (t) => {
  const { told, entered, come, turn } = scene()
  const first = [come('a'), come('b'), come('c')]
  come('d')
  come('e')
  await turn()
  t.strictSame(entered, ['a', 'b', 'c'])
  first[1]!.leave()
  await turn()
  t.strictSame(entered, ['a', 'b', 'c', 'd'])
  first[0]!.leave()
  await turn()
  t.strictSame(entered, ['a', 'b', 'c', 'd', 'e'])
  t.strictSame(told, [1, 2, 1, 0])
})

t.test('what waits for a commit goes first, but never keeps everyone out', async (t) => {
  const { ledger, entered, come, turn } = scene()
  ledger.pending = 50
  const first = come('a')
  come('b')
  await turn()
  t.strictSame(entered, ['a'])
  first.leave()
  await turn()
  t.strictSame(entered, ['a', 'b'])
})

t.test('more than may wait are told so', async (t) => {
  const { come, turn } = scene()
  for (const name of ['a', 'b', 'c', 'd', 'e']) come(name)
  await turn()
  const error = await come('f').done.catch((refusal: unknown) => refusal)
  t.ok(isProblem(error))
  t.match(error, { problemCode: 'unavailable' })
})

const isRefused = (visit: Visit) => visit.done.then(() => false, isProblem)

t.test('bodies that wait are counted in bytes as well, and give them back with their turn', async (t) => {
  const { come, turn } = scene(100)
  const [first] = [come('a'), come('b'), come('c')]
  come('d', 'platform', 6)
  await turn()
  t.equal(await isRefused(come('e', 'platform', 5)), true)
  come('f', 'platform', 4)
  await turn()
  first!.leave()
  await turn()
  const later = come('g', 'platform', 6)
  t.equal(await Promise.race([isRefused(later), turn()]), undefined, 'it waits')
})

t.test('no client takes the places of the others, however many of its own wait', async (t) => {
  const { entered, come, turn } = scene(4)
  const first = ['a', 'b', 'c'].map((name) => come(name))
  for (const name of ['d', 'e', 'f', 'g']) come(name)
  await turn()
  t.equal(await isRefused(come('h')), true)
  come('x1', 'county')
  come('x2', 'county')
  await turn()
  t.equal(await isRefused(come('x3', 'county')), true, 'half of the places, now that two wait')
  t.equal(await isRefused(come('i')), true)
  for (const { leave } of first) leave()
  await turn()
  t.strictSame(entered, ['a', 'b', 'c', 'd', 'e', 'f'])
  come('j')
  t.equal(await isRefused(come('k')), true, 'two of its own wait beside two of the county')
})

t.test('nobody waits for a ledger that does not answer', async (t) => {
  const { ledger, entered, come, turn } = scene()
  for (const name of ['a', 'b', 'c', 'd']) come(name)
  await turn()
  ledger.answers = false
  come('e')
  await turn()
  t.strictSame(entered.sort(), ['a', 'b', 'c', 'd', 'e'])
})

t.test('a fault makes room like an answer', async (t) => {
  const { door } = scene()
  for (let i = 0; i < 10; i++)
    await t.rejects(
      door.pass('platform', 1, () => Promise.reject(new Error('refused'))),
      /refused/,
    )
  t.equal(await door.pass('platform', 1, async () => 'in'), 'in')
})
