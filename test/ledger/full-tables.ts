// Tables with hundreds of thousands of rows, and how PostgreSQL would run a statement on them.

import type { Pool } from '../../src/ledger/database.ts'

const ROWS = 200_000

/** Every table that reads and commits touch, full. */
export const grow = `
insert into submissions (id, platform, external_id, client, theme, division, home_division, state, source, message_key, counts, data)
select 'sub_' || lpad(i::text, 26, '0'), 'p', i::text, 'c', 't', 'd', 'h', 'open', 's', i::text, '{}', '{}' from generate_series(1, ${ROWS}) i;
insert into messages (source, key, submission_id, sha256, media_type, encoding, body)
select 's', i::text, 'sub_' || lpad(i::text, 26, '0'), 'x', '', 'utf8', '' from generate_series(1, ${ROWS}) i;
insert into cases (id, submission_id, matter, system, state, data)
select 'case_' || lpad(i::text, 26, '0') || '01', 'sub_' || lpad(i::text, 26, '0'), 'm', 's', 'dispatched', '{}' from generate_series(1, ${ROWS}) i;
insert into materials select 'sub_' || lpad(i::text, 26, '0'), 'M1', '{}' from generate_series(1, ${ROWS}) i;
insert into parcels (id, submission_id, system, state, reference, data)
select 'par_' || lpad(i::text, 26, '0') || '01', 'sub_' || lpad(i::text, 26, '0'), 's',
  case when i > ${ROWS} - 1000 then 'in-transit' else 'delivered' end, 'r' || i, '{"tracker": "t"}' from generate_series(1, ${ROWS}) i;
insert into transfers (id, submission_id, system, operation, lane, sequence, state, next_attempt_at, lease_owner, settled_at, about)
select 'trf_' || lpad(i::text, 26, '0') || '01', 'sub_' || lpad(i::text, 26, '0'), 's', case i % 5 when 4 then 'submitCase' else 'notify' end, 'l', 1,
  case i % 50 when 0 then 'due' when 1 then 'leased' when 2 then 'dead' when 3 then 'held' else 'delivered' end, now(), 1,
  now() - i * interval '1 minute', '{}' from generate_series(1, ${ROWS}) i;
insert into entries (id, submission_id, case_id, number, type, occurred_at, data)
select 'evt_' || lpad(i::text, 26, '0') || '01', 'sub_' || lpad(i::text, 26, '0'), null, 1, 'submission.received', now(), '{}' from generate_series(1, ${ROWS}) i;
insert into uploads (id, client, idempotency_key, sha256, size, media_type, file_name)
select 'mat_' || i, 'c', i::text, 'x', 1, '', '' from generate_series(1, ${ROWS}) i;
insert into bookings (id, slot, seat, starts_at, matter, platform, client, key, state, held_until, external_id, confirmed_at)
select 'apt_' || i, 'slot' || i / 6, case i % 50 when 0 then i % 6 + 1 end, now() + interval '1 day', 'm', 'p', 'c', i::text,
  case i % 50 when 0 then 'confirmed' else 'released' end, now(), i::text, now() from generate_series(1, ${ROWS / 10}) i;
analyze`

export interface Node {
  'Node Type': string
  'Relation Name'?: string
  /** Where it was run. */
  'Actual Rows'?: number
  'Rows Removed by Filter'?: number
  Plans?: Node[]
}

const nodes = (one: Node): Node[] => [one, ...(one.Plans ?? []).flatMap(nodes)]

/** The generic plan, as a statement that was prepared long ago has it. */
export async function planOf(pool: Pool, text: string): Promise<Node[]> {
  const client = await pool.connect()
  try {
    await client.query('set plan_cache_mode = force_generic_plan')
    await client.query(`prepare asked as ${text}`)
    const { rows: asked } = await client.query<{ n: number }>(
      "select cardinality(parameter_types) as n from pg_prepared_statements where name = 'asked'",
    )
    const given = Array.from({ length: asked[0]!.n }, () => 'null').join(', ')
    const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
      `explain (format json) execute asked${given ? `(${given})` : ''}`,
    )
    await client.query('deallocate asked')
    return nodes(rows[0]!['QUERY PLAN'][0]!.Plan)
  } finally {
    client.release()
  }
}

/** Rows that the statement of these values looks at, and those of them that it has no use for. */
export async function looksAt(pool: Pool, asked: { text: string; values: unknown[] }): Promise<number> {
  const { rows } = await pool.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
    `explain (analyze, format json) ${asked.text}`,
    asked.values,
  )
  return nodes(rows[0]!['QUERY PLAN'][0]!.Plan)
    .filter((one) => one['Relation Name'] !== undefined)
    .reduce((sum, one) => sum + one['Actual Rows']! + (one['Rows Removed by Filter'] ?? 0), 0)
}

/** Tables with rows that the plan reads from end to end; partitions of months to come have none. */
export async function wholeTables(pool: Pool, plan: readonly Node[]): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    'select relname as name from pg_class where reltuples > 1000',
  )
  const full = new Set(rows.map(({ name }) => name))
  return plan
    .filter((one) => full.has(one['Relation Name'] ?? '') && one['Node Type'].endsWith('Scan'))
    .filter((one) => !/Index|Bitmap/.test(one['Node Type']))
    .map((one) => `${one['Node Type']} on ${one['Relation Name']}`)
}
