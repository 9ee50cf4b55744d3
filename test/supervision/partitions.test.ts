// The months to come have their partitions, however long nobody has migrated.

import t from 'tap'
import { ensurePartitions } from '../../src/ledger/partitions.ts'
import { keepPartitions } from '../../src/supervision/partitions.ts'
import { type Books, openBooks } from '../ledger/books.ts'

const existing = async ({ query }: Books): Promise<string[]> =>
  (
    await query<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and relname ~ '^(entries|attempts)_[0-9]{6}$' order by 1",
    )
  ).map(({ name }) => name)

/** As if the last migration were months ago. */
async function forgetNewest(books: Books): Promise<string[]> {
  const all = await existing(books)
  for (const parent of ['attempts', 'entries'])
    await books.query(`drop table ${all.filter((name) => name.startsWith(parent)).at(-1)}`)
  return all
}

async function until(holds: () => Promise<boolean> | boolean): Promise<boolean> {
  for (let i = 0; i < 500; i++) {
    if (await holds()) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return false
}

t.test('the process that leads makes the partitions that are missing', async (t) => {
  const books = await openBooks(t)
  const all = await forgetNewest(books)
  t.equal((await existing(books)).length, all.length - 2)
  const faults: string[] = []
  const rounds = keepPartitions({
    ledger: books.ledger,
    everyMs: 20,
    fault: (what) => faults.push(what),
  })
  t.teardown(() => rounds.close())
  t.ok(await until(async () => (await existing(books)).join() === all.join()))
  t.strictSame(faults, [])
})

t.test('who is at work is not held up, and the next round makes up for it', async (t) => {
  const books = await openBooks(t)
  const all = await forgetNewest(books)
  await books.query('begin')
  await books.query('select count(*) from entries')
  await t.rejects(ensurePartitions(books.ledger.writers), { code: '55P03' })
  await books.query('commit')
  await ensurePartitions(books.ledger.writers)
  t.strictSame(await existing(books), all)
})
