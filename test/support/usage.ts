// What a process has used, read from /proc. Answers null where there is no /proc, never a guess.

import { readdirSync, readFileSync } from 'node:fs'

const MS_PER_TICK = 10 // USER_HZ is 100 on every Linux that Node runs on

/**
 * CPU time of one process so far, user and system, ms; with `children` also of all that it started, ended
 * ones included.
 */
export function cpuMs(pid: number, { children = false } = {}): number | null {
  const own = readStat(pid)
  if (own === null) return null
  if (!children) return own.ticks * MS_PER_TICK
  const running = childrenOf(pid).reduce((sum, child) => sum + (readStat(child)?.ticks ?? 0), 0)
  return (own.ticks + own.endedChildrenTicks + running) * MS_PER_TICK
}

/** The most memory a process has held at once (VmHWM), bytes. */
export function peakMemoryBytes(pid: number): number | null {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')
  return line === null ? null : Number(line[1]) * 1024
}

interface Stat {
  parent: number
  ticks: number
  endedChildrenTicks: number
}

function readStat(pid: number): Stat | null {
  const text = read(`/proc/${pid}/stat`)
  if (text === null) return null
  // The name in parentheses may hold spaces: fields are counted from its end, see proc_pid_stat(5).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const at = (index: number) => Number(fields[index])
  return { parent: at(1), ticks: at(11) + at(12), endedChildrenTicks: at(13) + at(14) }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readStat(pid)?.parent === parent)
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
