// What a mapping in JSONata costs. The figures are printed, so that a page that names them can be checked.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const MOST_MS = 0.3
const measure = fileURLToPath(new URL('department-rest-measure.ts', import.meta.url))

t.test('request, answer and message of a case together cost at most 0.3 ms of CPU', async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, [measure])
  const costs = JSON.parse(stdout) as Record<string, number>
  const mappings = Object.groupBy(Object.entries(costs), ([name]) => name.split(':')[0]!)
  t.equal(Object.keys(mappings).length, 2)
  for (const [mapping, parts = []] of Object.entries(mappings)) {
    t.same(
      parts.map(([name]) => name.split(': ')[1]),
      ['request', 'answer', 'message'],
    )
    for (const [name, ms] of parts) t.comment(`JSONata mapping, ${name}: ${ms.toFixed(3)} ms of CPU`)
    const ms = parts.reduce((sum, [, one]) => sum + one, 0)
    t.ok(ms <= MOST_MS, `${mapping}: ${ms.toFixed(3)} ms`)
  }
})
