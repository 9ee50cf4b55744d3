import { Client } from 'pg'
import t from 'tap'
import { createDatabase } from '../support/database.ts'
import { watchLedger } from './ledger-watch.ts'

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

const twoTransfers = `
  INSERT INTO transfers (id, submission_id, case_id, system, operation, lane, sequence, state, next_attempt_at, epoch, about) VALUES
    ('trf_leased', 'sub_1', 'case_1', 'd', 'submitCase', 'd:case_1', 1, 'leased', null, 4, '{}'),
    ('trf_due', 'sub_1', 'case_1', 'd', 'notify', 'd:case_1', 2, 'due', now() - interval '1 second', 0, '{}'),
    ('trf_later', 'sub_1', 'case_1', 'p', 'notify', 'p:case_1', 3, 'due', now() + interval '1 hour', 0, '{}')`

t.test('abandoned work has moved once it is leased anew or settled, not before', async (t) => {
  const { url } = await createDatabase(t)
  const watch = watchLedger(url)
  t.teardown(watch.close)
  await execute(url, twoTransfers)

  const leased = await watch.leased()
  t.strictSame(leased, { ids: ['trf_leased'], epochs: [4] })
  t.strictSame((await watch.untilMoved(leased, 50)).notMoved, ['trf_leased'])

  await execute(url, `UPDATE transfers SET state = 'due', next_attempt_at = now() WHERE id = 'trf_leased'`)
  t.strictSame(
    (await watch.untilMoved(leased, 50)).notMoved,
    ['trf_leased'],
    'being due again is not moving yet',
  )

  await execute(url, `UPDATE transfers SET state = 'leased', epoch = 5 WHERE id = 'trf_leased'`)
  t.strictSame((await watch.untilMoved(leased, 50)).notMoved, [])
})

t.test('only work that is due now and first of its lane is expected to move', async (t) => {
  const { url } = await createDatabase(t)
  const watch = watchLedger(url)
  t.teardown(watch.close)
  await execute(url, twoTransfers)
  t.strictSame((await watch.dueNow()).ids, ['trf_leased'])
  await execute(url, `UPDATE transfers SET state = 'delivered' WHERE id = 'trf_leased'`)
  t.strictSame((await watch.dueNow()).ids, ['trf_due'])
  t.match(await watch.openWork(), { transfers: 2, cases: 0, entries: 0 })
})
