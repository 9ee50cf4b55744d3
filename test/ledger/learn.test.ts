// What the rules must know of a submission that another process took is in memory before anything is decided about it.

import t from 'tap'
import { rulesWith } from '../domain/life.ts'
import { openBooks, report } from './books.ts'

t.test('nothing is decided before the catalogue of every submission in the batch is known', async (t) => {
  const known = new Set<string>()
  const asked: string[] = []
  const limits = (_: string, version: string) => {
    if (!known.has(version)) throw new Error(`decided without ${version}`)
    return { decision: { days: 7, unit: 'G' as const }, warnShare: 0.8 }
  }
  const books = await openBooks(t, {
    rules: rulesWith({ limits }),
    learn(submissions) {
      const versions = [...submissions].map(({ aggregate }) => aggregate.submission.catalogueVersion)
      const missing = versions.filter((version) => !known.has(version))
      if (missing.length === 0) return null
      asked.push(...missing)
      return new Promise((resolve) =>
        setImmediate(() => {
          for (const version of missing) known.add(version)
          resolve()
        }),
      )
    },
  })
  const other = await openBooks(t, { url: books.url })
  const { submissionId } = await other.take({ catalogueVersion: 'new' })
  const told = await books.ledger.record(report(submissionId, 'case.accepted', 'E-1'))
  t.match(told, { outcome: 'applied', aggregate: { cases: [{ clock: { days: 7 } }] } })
  await books.ledger.record(report(submissionId, 'case.correction-requested', 'E-2'))
  t.strictSame(asked, ['new'], 'asked for once')
})

t.test('while it cannot be learnt nothing is recorded', async (t) => {
  let away = false
  const books = await openBooks(t, {
    learn: () => (away ? Promise.reject(new Error('the ledger is away')) : null),
  })
  const other = await openBooks(t, { url: books.url })
  const { submissionId } = await other.take()
  away = true
  const change = report(submissionId, 'case.accepted', 'E-1')
  await t.rejects(books.ledger.record(change), /away/)
  away = false
  t.match(await books.ledger.record(change), { outcome: 'applied' })
})
