// Temporary folders that disappear with the process that asked for them, whatever way it ends short of SIGKILL.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made = new Set<string>()
let watching = false

/**
 * An empty folder; removed by `removeFolder`, or when this process exits. Readable by other users, as
 * PostgreSQL needs.
 */
export function temporaryFolder(name: string): string {
  if (!watching) {
    watching = true
    process.once('exit', () => made.forEach(removeFolder))
  }
  const folder = mkdtempSync(join(tmpdir(), `tongban-${name}-`))
  chmodSync(folder, 0o755)
  made.add(folder)
  return folder
}

export function removeFolder(folder: string): void {
  made.delete(folder)
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  } catch {
    // A process that is just ending may still write there; the system's own cleaning takes the rest.
  }
}
