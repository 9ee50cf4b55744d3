// The order of what was told: kept through an upgrade, and through a dump that is restored into a younger cluster.

import t from 'tap'
import { openReaders, type Pool } from '../../src/ledger/database.ts'
import { type FeedPosition, readFeed } from '../../src/ledger/feed.ts'
import { migrate, migrations } from '../../src/ledger/migrate.ts'
import { orderRestoredLedger } from '../../src/ledger/restored.ts'
import { createDatabase, type Teardown } from '../support/database.ts'

const START = { at: '0', id: '' }

function poolOf(t: Teardown, url: string): Pool {
  const pool = openReaders(url, 2)
  t.teardown(() => pool.end())
  return pool
}

/** Event `n` of a hundred, told a second after the one before; ids do not follow the time. */
const tell = `
  insert into transfers (id, submission_id, system, operation, lane, sequence, state, created_at, about)
  select 'trf_' || to_char(n * 37 % 101, 'FM000'), 'sub_1', 'p', 'notify', 'l', n, 'delivered',
    timestamptz '2026-11-23T00:00:00Z' + n * interval '1 second', json_build_object('event', json_build_object('id', n))
  from generate_series($1::integer, $2::integer) n`

async function all(pool: Pool, after: FeedPosition = START): Promise<number[]> {
  const seen: number[] = []
  for (let at = after; ; ) {
    const { events, end } = await readFeed(pool, 'p', at, 7)
    seen.push(...events.map(({ id }) => Number(id)))
    if (!end) return seen
    at = end
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const second = (n: number) => `${BigInt(Date.parse('2026-11-23T00:00:00Z') + n * 1_000) * 1000n}`

t.test('an upgrade keeps the order, and cursors handed out before it go on', async (t) => {
  const { url } = await createDatabase(t, async () => undefined)
  const pool = poolOf(t, url)
  for (const { sql, name } of migrations()) {
    if (name === '0006_supervision.sql') await pool.query(tell, [1, 60])
    await pool.query(sql)
  }
  for (let n = 61; n <= 100; n++) await pool.query(tell, [n, n])
  t.strictSame(await all(pool), numbers(1, 100))
  const id = `trf_${String((40 * 37) % 101).padStart(3, '0')}`
  t.strictSame(await all(pool, { at: second(40), id }), numbers(41, 100))
  t.strictSame(await all(pool, { at: second(40), id: '' }), numbers(40, 100))
  t.strictSame(await all(pool, { at: second(80), id: '' }), numbers(80, 100))
  t.strictSame(await all(pool, { at: second(200), id: '' }), [])
})

t.test('what was restored from an older cluster is shown, in its order, before what is new', async (t) => {
  const { url } = await createDatabase(t)
  const pool = poolOf(t, url)
  await pool.query(tell, [1, 50])
  await pool.query('update transfers set born = (sequence + 5000000000)::text::xid8')
  t.strictSame(await all(pool), [], 'ids of transactions that are still to come')
  await migrate(url)
  await pool.query(tell, [51, 60])
  t.strictSame(await all(pool), [
    ...numbers(1, 50),
    ...numbers(51, 60).sort((a, b) => ((a * 37) % 101) - ((b * 37) % 101)),
  ])
})

t.test(
  'what was restored is noticed although more was told since, to another system or the same',
  async (t) => {
    const { url } = await createDatabase(t)
    const pool = poolOf(t, url)
    await pool.query(tell, [1, 50])
    await pool.query('update transfers set born = (sequence + 5000000000)::text::xid8')
    await pool.query(tell, [51, 60])
    await pool.query(`insert into transfers (id, submission_id, system, operation, lane, sequence, state, about)
    select 'trf_9' || s, 'sub_1', s, 'notify', 'l', 1, 'delivered', '{}' from unnest(array['a', 'z']) s`)
    t.equal(await orderRestoredLedger(url), true)
    t.strictSame(await all(pool), numbers(1, 60))
    t.equal(await orderRestoredLedger(url), false, 'once')
  },
)

t.test('of two hundred thousand a page is found in milliseconds, wherever it begins', async (t) => {
  const { url } = await createDatabase(t)
  const pool = poolOf(t, url)
  await pool.query(
    `insert into transfers (id, submission_id, system, operation, lane, sequence, state, born, created_at, about)
     select 'trf_' || to_char(n, 'FM000000'), 'sub_1', 'p', 'notify', 'l', 1, 'delivered', (1 + n / 400)::text::xid8,
       timestamptz '2026-11-23T00:00:00Z' + n * interval '0.1 seconds', json_build_object('event', json_build_object('id', n))
     from generate_series(1, 200000) n`,
  )
  await pool.query('vacuum analyze transfers')
  const began = performance.now()
  for (let n = 4_000; n < 200_000; n += 4_000) {
    const { events } = await readFeed(pool, 'p', { at: second(n / 10), id: '' }, 10)
    t.match(events, [{ id: n }])
  }
  const each = (performance.now() - began) / 49
  t.ok(each < 25, `${each.toFixed(1)} ms a page`)
})
