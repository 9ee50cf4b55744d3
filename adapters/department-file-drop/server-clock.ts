// The time by the clock of the machine that holds the files, which alone dates them: ours may be ahead of it or behind.

import { randomUUID } from 'node:crypto'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Drop } from './drop.ts'
import { TEMPORARY } from './layout.ts'
import { once } from './placing.ts'

/** Milliseconds; whole seconds over SFTP. Writes a small file whose name nobody takes, and takes it away again. */
export async function serverNow(drop: Drop, directory: string): Promise<number> {
  const probe = `${directory}/.tongban-clock-${randomUUID()}${TEMPORARY}`
  await drop.write(probe, once(Buffer.from('tongban\n')))
  try {
    const seen = await drop.stat(probe)
    if (seen) return seen.mtimeMs
    const sentence = '探测文件写入后不见 (the probe was not there as written)'
    throw new AdapterFailure('unavailable', sentence, { sent: false })
  } finally {
    await drop.remove(probe).catch(() => undefined)
  }
}
