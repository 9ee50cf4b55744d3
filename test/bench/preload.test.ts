import { Client } from 'pg'
import t from 'tap'
import { createDatabase } from '../support/database.ts'
import { names } from './bodies.ts'
import { preloadLedger } from './preload.ts'

const model = `
  INSERT INTO submissions (id, platform, external_id, client, theme, division, home_division, state, source, message_key, counts, data)
    VALUES ('sub_01a', 'p', 'X1', 'p', '${names.relayTheme}', '410204', '410204', 'completed', 'p', 'X1', '{}', '{"id":"sub_01a","cases":["case_01a01"]}');
  INSERT INTO messages (source, key, submission_id, sha256, media_type, encoding, body) VALUES
    ('p', 'X1', 'sub_01a', 'ff', 'application/json', 'utf8', '{"externalId":"X1"}'),
    ('d', 'Ecase_01a01', 'sub_01a', 'ff', 'application/json', 'utf8', '{"outerNo":"case_01a01"}');
  INSERT INTO cases (id, submission_id, matter, system, state, reference, data)
    VALUES ('case_01a01', 'sub_01a', 'm', 'd', 'closed', 'Pcase_01a01', '{}');
  INSERT INTO transfers (id, submission_id, case_id, system, operation, lane, sequence, state, about) VALUES
    ('trf_01a01', 'sub_01a', 'case_01a01', 'd', 'submitCase', 'd:case_01a01', 1, 'delivered', '{}'),
    ('trf_01a02', 'sub_01a', 'case_01a01', 'p', 'notify', 'p:case_01a01', 2, 'delivered', '{}');
  INSERT INTO attempts (transfer_id, number, owner, started_at, duration_ms, outcome) VALUES
    ('trf_01a01', 1, 1, now(), 2, 'delivered'), ('trf_01a02', 1, 1, now(), 2, 'delivered');
  INSERT INTO entries (id, submission_id, case_id, number, type, occurred_at, data) VALUES
    ('evt_01a01', 'sub_01a', null, 1, 'submission.received', now(), '{}'),
    ('evt_01a02', 'sub_01a', 'case_01a01', 2, 'case.closed', now(), '{}');
`

async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows as Row[]
  } finally {
    await client.end()
  }
}

t.test('a filled ledger holds whole cases that differ only in their ids', async (t) => {
  const { url } = await createDatabase(t)
  await query(url, model)
  await preloadLedger(url, 30)

  const counts = await query(
    url,
    `SELECT (SELECT count(*)::integer FROM submissions) AS submissions,
            (SELECT count(*)::integer FROM messages) AS messages, (SELECT count(*)::integer FROM cases) AS cases,
            (SELECT count(*)::integer FROM transfers) AS transfers, (SELECT count(*)::integer FROM attempts) AS attempts,
            (SELECT count(DISTINCT id)::integer FROM entries) AS entries`,
  )
  const [s, n] = [31, 62]
  t.strictSame(counts, [{ submissions: s, messages: n, cases: s, transfers: n, attempts: n, entries: n }])

  const whole = await query(
    url,
    `SELECT count(*)::integer AS cases FROM submissions s
       JOIN messages m ON m.source = s.source AND m.key = s.message_key AND m.submission_id = s.id
       JOIN cases c ON c.submission_id = s.id AND c.id = 'case_' || substr(s.id, 5) || '01' AND s.data->'cases'->>0 = c.id AND c.reference = 'P' || c.id
       JOIN transfers f ON f.case_id = c.id AND f.lane = 'd:' || c.id
       JOIN attempts a ON a.transfer_id = f.id
       JOIN entries e ON e.case_id = c.id AND e.submission_id = s.id`,
  )
  t.strictSame(whole, [{ cases: s }])
})

t.test('an empty ledger cannot be filled, since there is nothing to multiply', async (t) => {
  const { url } = await createDatabase(t)
  await t.rejects(preloadLedger(url, 10), /no finished case to multiply/)
})
