// Real processes for tests that kill them: started, awaited until ready, watched, ended one way or another.
// Must not outlive the test: whatever still runs when this process exits is killed.

import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuMs, peakMemoryBytes } from './usage.ts'

const KEPT_OUTPUT_CHARACTERS = 1_000_000
const PROBE_EVERY_MS = 20

export interface StartOptions {
  /** Used in messages. */
  name: string
  env?: Record<string, string | undefined>
  cwd?: string
  uid?: number
  gid?: number
  /** Asked again and again until true; a rejection counts as false. Ready at once when absent. */
  ready?: () => Promise<boolean>
  /** ms; default 30 s. */
  readyWithinMs?: number
  /** It does not keep this process running. */
  background?: boolean
  /** What it gets when this process exits first. Default SIGKILL. */
  lastSignal?: NodeJS.Signals
}

interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface RunningProcess {
  name: string
  pid: number
  /** By `performance.now()`: when it was started, and when its probe first answered. */
  startedAt: number
  readyAt: number
  /** The last 64 Ki characters of stdout and stderr. */
  output(): string
  running(): boolean
  /** Resolves when it has ended, with how. */
  ended: Promise<Ending>
  signal(name: NodeJS.Signals): void
  /** SIGKILL, and waits until it is gone. */
  kill9(): Promise<Ending>
  /** SIGTERM (or another), SIGKILL after `graceMs`; `forced` tells whether that was needed. */
  stop(options?: { graceMs?: number; signal?: NodeJS.Signals }): Promise<Ending & { forced: boolean }>
  /** See usage.ts; null where the system does not tell, or the process is gone. */
  cpuMs(options?: { children?: boolean }): number | null
  peakMemoryBytes(): number | null
}

const alive = new Map<ChildProcess, NodeJS.Signals>()
let watching = false

/**
 * Starts a process and resolves once it is ready. Rejects with its last output when it ends first or is not
 * ready in time.
 */
export async function startProcess(
  command: string,
  args: string[],
  options: StartOptions,
): Promise<RunningProcess> {
  const startedAt = performance.now()
  const child = spawn(command, args, spawnOptions(options))
  killWithThisProcess(child, options.lastSignal ?? 'SIGKILL')
  const output = keepOutput(child)
  const ended = endingOf(child)
  const base = {
    name: options.name,
    pid: child.pid ?? -1,
    startedAt,
    output,
    ended,
    ...controls(child, ended),
  }
  await untilReady(base, options)
  if (options.background === true) release(child)
  return { ...base, readyAt: performance.now() }
}

/** Without tap's own loader, which it hands down by NODE_OPTIONS: it doubles the time that an import takes. */
function spawnOptions({ env, cwd, uid, gid }: StartOptions) {
  return {
    env: { ...process.env, NODE_OPTIONS: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  }
}

function killWithThisProcess(child: ChildProcess, lastSignal: NodeJS.Signals): void {
  if (!watching) {
    watching = true
    process.once('exit', () => {
      for (const [one, signal] of alive) one.kill(signal)
    })
    // Ended by a signal, a process has no exit event, and what it started would live on.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(1))
    }
  }
  alive.set(child, lastSignal)
  child.once('close', () => alive.delete(child))
}

function release(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref()
}

function keepOutput(child: ChildProcess): () => string {
  let kept = ''
  const keep = (text: string) => {
    kept = (kept + text).slice(-KEPT_OUTPUT_CHARACTERS)
  }
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', keep)
  child.on('error', (error) => keep(`${error.message}\n`))
  return () => kept
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}

function controls(child: ChildProcess, ended: Promise<Ending>) {
  const pid = child.pid ?? -1
  const running = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  return {
    running,
    signal: (name: NodeJS.Signals) => void child.kill(name),
    async kill9() {
      child.kill('SIGKILL')
      return ended
    },
    async stop({ graceMs = 15_000, signal = 'SIGTERM' as NodeJS.Signals } = {}) {
      child.kill(signal)
      let forced = false
      const force = setTimeout(() => {
        forced = running()
        child.kill('SIGKILL')
      }, graceMs)
      const ending = await ended
      clearTimeout(force)
      return { ...ending, forced }
    },
    cpuMs: (options?: { children?: boolean }) => cpuMs(pid, options),
    peakMemoryBytes: () => peakMemoryBytes(pid),
  }
}

async function untilReady(
  child: Pick<RunningProcess, 'name' | 'running' | 'output' | 'ended' | 'kill9'>,
  options: StartOptions,
): Promise<void> {
  const { ready, readyWithinMs = 30_000 } = options
  const deadline = performance.now() + readyWithinMs
  while (ready !== undefined) {
    if (await ready().catch(() => false)) return
    if (!child.running()) {
      await child.ended
      throw new Error(`${child.name} ended before it was ready:\n${child.output()}`)
    }
    if (performance.now() > deadline) {
      await child.kill9()
      throw new Error(`${child.name} was not ready within ${readyWithinMs} ms:\n${child.output()}`)
    }
    await sleep(PROBE_EVERY_MS)
  }
}

/** A probe for `ready`: GET answers 2xx. */
export function answersOk(url: string): () => Promise<boolean> {
  return async () => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await answer.arrayBuffer()
    return answer.ok
  }
}
