// What a mapping in JSONata costs. The figures are printed, so that a page that names them can be checked.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const MOST_MS = 0.3
const measure = fileURLToPath(new URL('department-rest-measure.ts', import.meta.url))

t.test('a configured mapping costs at most 0.3 ms of CPU a case', async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, [measure])
  const costs = JSON.parse(stdout) as Record<string, number>
  t.equal(Object.keys(costs).length, 2)
  for (const [name, ms] of Object.entries(costs)) {
    t.comment(`JSONata mapping, ${name}: ${ms.toFixed(3)} ms of CPU a case`)
    t.ok(ms <= MOST_MS, `${name}: ${ms.toFixed(3)} ms`)
  }
})
