// PostgreSQL goes away in the middle and comes back.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { isAway } from '../../src/ledger/database.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { startPostgres } from '../support/postgres.ts'
import { openBooks } from './books.ts'

for (const how of ['fast', 'immediate'] as const)
  t.test(`after a ${how} stop what was answered is there, and recording goes on`, async (t) => {
    const postgres = await startPostgres()
    t.teardown(() => postgres.stop())
    await migrate(postgres.url())
    const books = await openBooks(t, { url: postgres.url() })
    const answered: string[] = []
    let away = 0
    let stop = false
    const load = Array.from({ length: 8 }, async () => {
      while (!stop) {
        try {
          answered.push((await books.take()).submissionId)
        } catch (error) {
          if (!isAway(error)) throw error
          away++
          await sleep(20)
        }
      }
    })
    await sleep(200)
    await postgres.restart(how)
    const before = answered.length
    for (let i = 0; i < 250 && answered.length < before + 50; i++) await sleep(20)
    stop = true
    await Promise.all(load)
    t.ok(away > 0, 'those who waited were told that it is away')
    t.ok(answered.length >= before + 50, 'and it works again')
    const kept = await books.ledger.readers.query<{ id: string }>('select id from submissions')
    const ids = new Set(kept.rows.map((one) => one.id))
    t.strictSame(
      answered.filter((id) => !ids.has(id)),
      [],
      'nothing that was answered is lost',
    )
    for (let i = 0; i < 150 && !books.ledger.presence.alive(); i++) await sleep(20)
    await books.ledger.check()
  })
