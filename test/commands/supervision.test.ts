// `tongban statistics` and `tongban replay`, as a shell runs them beside a ledger that is at work.

import t from 'tap'
import { migrateAll } from '../../src/commands/database.ts'
import { rulesWith } from '../domain/life.ts'
import { delivered, openBooks } from '../ledger/books.ts'
import { createDatabase } from '../support/database.ts'
import { place, tongban } from './tongban.ts'

t.setTimeout(180_000)
const { url } = await createDatabase(t, migrateAll)
const { env } = await place(t, { DATABASE_URL: url })
const run = (...args: string[]) => tongban(args, { env, withinMs: 60_000 })
const books = await openBooks(t, {
  url,
  rules: rulesWith({ subscribes: (system) => system === 'kaifeng-platform' }),
})

for (let i = 0; i < 6; i++) {
  const { submissionId, aggregate } = await books.take({ platform: 'kaifeng-platform', theme: 'newborn' })
  for (const { id, operation } of aggregate!.transfers)
    if (operation === 'notify') await books.tell(submissionId, delivered(id))
}

t.test('statistics are printed as JSON or CSV', async (t) => {
  const json = await run('statistics', '--by', 'theme')
  t.equal(json.code, 0, json.output)
  t.match(JSON.parse(json.output), { by: 'theme', items: [{ key: 'newborn', figures: { received: 6 } }] })
  const csv = await run('statistics', '--by', 'month', '--format', 'csv')
  t.match(csv.output, /^\ufeffmonth,名称 name,收件数 received,/)
})

t.test('a question that makes no sense is one line a fault, and status 2', async (t) => {
  const { code, output } = await run('statistics', '--from', 'May', '--by', 'colour')
  t.equal(code, 2)
  t.match(output, /^tongban: --from must be a day/m)
  t.match(output, /^tongban: --by must be one of/m)
})

t.test('a replay is counted first, then made due with who asked and why', async (t) => {
  const since = new Date(Date.now() - 600_000).toISOString()
  const asked = ['replay', '--system', 'kaifeng-platform', '--since', since]
  const counted = await run(...asked, '--dry-run')
  t.equal(counted.code, 0, counted.output)
  t.match(JSON.parse(counted.output), { dryRun: true, events: 6, types: { 'submission.received': 6 } })
  const unsaid = await run(...asked)
  t.equal(unsaid.code, 2)
  t.match(unsaid.output, /^tongban: --reason say why/m)
  const done = await run(...asked, '--reason', '平台恢复', '--types', 'submission.*')
  t.match(JSON.parse(done.output), { dryRun: false, events: 6 })
  const due = await books.query("select state from transfers where about -> 'replay' is not null")
  t.equal(due.length, 6)
  t.match(due[0], { state: 'due' })
  t.match(await books.query("select data from entries where type = 'callbacks.replayed' limit 1"), [
    { data: { by: /^command:/, reason: '平台恢复' } },
  ])
  t.equal((await run('replay', '--system', 'nobody', '--since', since, '--dry-run')).code, 1)
})
