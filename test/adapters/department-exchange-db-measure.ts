// Measures what three columns made by expressions cost for a row, in a process of its own: a test runner that follows
// every promise would be measured with it. Prints milliseconds of CPU.

import { ownColumns } from '../../adapters/department-exchange-db/own-values.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { toLocal } from '../../src/adapter-kit/local-time.ts'

const ROUND = 500
const values = {
  project_type: '=limits.promised.days <= 1 ? "1" : "2"',
  legal: '=applicant.contact',
  address: '=$join([form.shopName, homeDivision], " ")',
}
const own = ownColumns('accept', { values }, (iso) => toLocal(iso, '+08:00'))

let best = Number.POSITIVE_INFINITY
for (let round = 0; round < 8; round++) {
  const before = process.cpuUsage()
  for (let i = 0; i < ROUND; i++) await own.of(givens['case-online'], '2026-11-23 09:30:00')
  const { user, system } = process.cpuUsage(before)
  best = Math.min(best, (user + system) / 1000 / ROUND)
}
process.stdout.write(String(best))
