// How fast the machine is just now. Limits in milliseconds are those of the machine that they were set on; a shared host may be
// at half its speed an hour later. So the same work is timed there and then, Node's alone and nothing of ours, and a limit
// is stretched by as much as that took longer than on the machine of the limits. It is never shortened.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Of the machine that limits are set on: two virtual cores in a quiet hour. */
const REFERENCE_MS = 125

const work = `
const { createHash } = require('node:crypto')
const rows = Array.from({ length: 3000 }, (_, i) => ({ id: 'row-' + i, at: i * 7, text: '办件'.repeat(i % 20) }))
let text = ''
for (let i = 0; i < 20; i++) text = JSON.stringify(JSON.parse(JSON.stringify(rows)))
for (let i = 0; i < 20; i++) createHash('sha256').update(text + i).digest('hex')
for (let i = 0; i < 200; i++) new Function('a', 'return ' + '(a + 1) * '.repeat(200) + i)(i)
`

/** How much longer the same work takes now: 1 where it takes no longer. The best of three: what others do meanwhile is not its speed. */
export async function slowness(): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const began = performance.now()
    await run(process.execPath, ['-e', work], { env: { PATH: process.env.PATH } })
    best = Math.min(best, performance.now() - began)
  }
  return Math.max(1, best / REFERENCE_MS)
}
