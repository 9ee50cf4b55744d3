// The statements of every commit look rows up by key, however large the tables have grown.

import t from 'tap'
import { openWriters, type Pool } from '../../src/ledger/database.ts'
import { statements } from '../../src/ledger/statements.ts'
import { createDatabase } from '../support/database.ts'

const ROWS = 200_000

const grow = `
insert into submissions (id, platform, external_id, client, theme, division, home_division, state, source, message_key, counts, data)
select 'sub_' || lpad(i::text, 26, '0'), 'p', i::text, 'c', 't', 'd', 'h', 'open', 's', i::text, '{}', '{}' from generate_series(1, ${ROWS}) i;
insert into messages (source, key, submission_id, sha256, media_type, encoding, body)
select 's', i::text, 'sub_' || lpad(i::text, 26, '0'), 'x', '', 'utf8', '' from generate_series(1, ${ROWS}) i;
insert into cases (id, submission_id, matter, system, state, data)
select 'case_' || lpad(i::text, 26, '0') || '01', 'sub_' || lpad(i::text, 26, '0'), 'm', 's', 'dispatched', '{}' from generate_series(1, ${ROWS}) i;
insert into materials select 'sub_' || lpad(i::text, 26, '0'), 'M1', '{}' from generate_series(1, ${ROWS}) i;
insert into parcels (id, submission_id, system, state, data)
select 'par_' || lpad(i::text, 26, '0') || '01', 'sub_' || lpad(i::text, 26, '0'), 's', 'ordered', '{}' from generate_series(1, ${ROWS}) i;
insert into transfers (id, submission_id, system, operation, lane, sequence, state, next_attempt_at, lease_owner, about)
select 'trf_' || lpad(i::text, 26, '0') || '01', 'sub_' || lpad(i::text, 26, '0'), 's', 'notify', 'l', 1,
  case i % 50 when 0 then 'due' when 1 then 'leased' when 2 then 'dead' else 'delivered' end, now(), 1, '{}' from generate_series(1, ${ROWS}) i;
analyze`

interface Node {
  'Node Type': string
  'Relation Name'?: string
  Plans?: Node[]
}

const nodes = (one: Node): Node[] => [one, ...(one.Plans ?? []).flatMap(nodes)]

/** The generic plan, as a statement that was prepared long ago has it. */
async function planOf(writers: Pool, text: string): Promise<Node[]> {
  const client = await writers.connect()
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

t.test('with hundreds of thousands of rows no statement of a commit reads a whole table', async (t) => {
  const { url } = await createDatabase(t)
  const writers = openWriters(url, 1)
  t.teardown(() => writers.end())
  await planOf(writers, statements.write.text)
  await writers.query(grow)
  for (const [name, { text }] of Object.entries(statements)) {
    const plan = await planOf(writers, text)
    const scans = plan.filter(
      (one) => one['Relation Name'] !== undefined && one['Node Type'].endsWith('Scan'),
    )
    const whole = scans.filter((one) => !/Index|Bitmap/.test(one['Node Type']))
    t.strictSame(
      whole.map((one) => `${one['Node Type']} on ${one['Relation Name']}`),
      [],
      `${name} (${scans.length} scans of tables)`,
    )
  }
})
