// Proves address, login, the rights in each directory and the clock, and leaves nothing behind.

import { randomUUID } from 'node:crypto'
import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Drop, Entry } from './drop.ts'
import { type Layout, TEMPORARY } from './layout.ts'
import { once } from './placing.ts'
import { directoryNames } from './settings.ts'

const CLOCK_MS = 5 * 60_000
const LEFT_OVER_MS = 3600_000

interface Checked {
  ok: boolean
  summary: string
}

export async function checkDrop(drop: Drop, layout: Layout, attempt: Attempt): Promise<Checked> {
  const now = attempt.now().getTime()
  const problems: string[] = []
  const remarks: string[] = []
  for (const name of directoryNames) {
    try {
      const probe = await tryDirectory(drop, layout.directory[name])
      if (Math.abs(probe.mtimeMs - now) > CLOCK_MS)
        problems.push(`${name}: 时钟相差超过 5 分钟 (the clock is off)`)
      const left = await leftovers(drop, layout.directory[name], now)
      if (left > 0) remarks.push(`${name}: ${left} 个遗留临时文件 (left-over temporary files)`)
    } catch (error) {
      if (!(error instanceof AdapterFailure)) throw error
      problems.push(`${name}: ${error.message}`)
    }
  }
  const good = problems.length === 0
  const said = good
    ? ['目录可读写，时钟一致 (directories can be read and written, the clock agrees)']
    : problems
  return { ok: good, summary: [...said, ...remarks].join('; ') }
}

/** Writes, sees, renames and removes a small file whose name nobody takes. */
async function tryDirectory(drop: Drop, directory: string): Promise<Entry> {
  const first = `${directory}/.tongban-check-${randomUUID()}${TEMPORARY}`
  const second = `${first.slice(0, -TEMPORARY.length)}-2${TEMPORARY}`
  await drop.write(first, once(Buffer.from('tongban\n')))
  try {
    await drop.rename(first, second, false)
    const seen = await drop.stat(second)
    if (seen?.size === 8) return seen
    throw new AdapterFailure(
      'unavailable',
      '探测文件写入后不见或大小不符 (the probe was not there as written)',
      {
        sent: false,
      },
    )
  } finally {
    await drop.remove(first).catch(() => undefined)
    await drop.remove(second).catch(() => undefined)
  }
}

async function leftovers(drop: Drop, directory: string, now: number): Promise<number> {
  const { entries } = await drop.list(directory, 10_000, (name) => name.endsWith(TEMPORARY))
  return entries.filter(({ mtimeMs }) => now - mtimeMs > LEFT_OVER_MS).length
}
