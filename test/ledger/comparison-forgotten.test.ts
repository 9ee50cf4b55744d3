// The nightly comparison on a line that forgets its connection: it fails, so that the next round can begin. Waiting for
// an answer and asking nothing, nobody would ever tell it.

import t from 'tap'
import { openComparison } from '../../src/ledger/reconciliation.ts'
import { createDatabase } from '../support/database.ts'
import { startLine } from '../support/line.ts'

t.test('a comparison whose line is forgotten fails and ends', { timeout: 20_000 }, async (t) => {
  const { url } = await createDatabase(t)
  const line = await startLine(Number(new URL(url).port))
  t.teardown(() => line.close())
  const comparison = await openComparison({
    url: line.through(url),
    system: 'health',
    day: '2026-11-20',
    operations: ['submitCase'],
    answersWithinMs: 1_000,
  })
  line.forget()
  await t.rejects(comparison.compare(), /timeout/)
  await comparison.close()
})
