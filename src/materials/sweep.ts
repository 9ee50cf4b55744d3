// Clears a folder of files nobody has written to for a while: uploads whose process died.
// Files still being written are young, because each write renews their time.

import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Returns how many files it removed. */
export async function sweepFolder(folder: string, olderThanMs: number, now = Date.now()): Promise<number> {
  let removed = 0
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const facts = await stat(path).catch(() => null)
    if (facts === null || now - facts.mtimeMs < olderThanMs) continue
    await rm(path, { force: true })
    removed++
  }
  return removed
}
