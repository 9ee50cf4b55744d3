// Alive and ready. Alive is "the process answers"; ready is "it would do useful work", and whether due
// transfers move decides that, not whether something says it is connected. One slow system has old ones and
// moves. Reasons are fixed words: these answers are public and must not carry an address or an error's text.

import { setTimeout as sleep } from 'node:timers/promises'
import { atMostEvery } from './at-most-every.ts'

const OLDEST_DUE_LIMIT_MS = 60_000
const CHECK_TIMEOUT_MS = 2_000
const FRESH_MS = 1_000

/** A check that was made, and why it is not well: `detail` is one of the fixed words. */
export class NotWell extends Error {
  readonly detail: string

  constructor(detail: string, cause: Error) {
    super(`${detail}: ${cause.message}`, { cause })
    this.detail = detail
  }
}

/** What readiness asks of the ledger and the queues. Each may reject; a rejection is "unreachable", or what `NotWell` says. */
export interface Vitals {
  /** Resolves when the database answers a query: whether it takes changes. A stand-by does not. */
  database(): Promise<boolean>
  /** How many migrations of ours and of the queues' engine are not applied. */
  pendingMigrations(): Promise<number>
  /** Resolves when every queue's engine takes calls. */
  queues(): Promise<void>
  /** How long the oldest due transfer of a system that is not paused has been due, ms; null when none is due. */
  oldestDueMs(): Promise<number | null>
  /**
   * How long due work has waited in this process without any progress, ms; null when this process attempts nothing.
   * Absent: not known, so the age alone decides.
   */
  stalledMs?(): number | null
}

interface Check {
  ok: boolean
  /** A few fixed words and figures. */
  detail: string
  ms: number
}

interface Readiness {
  status: 'ready' | 'not-ready'
  checks: { database: Check; migrations: Check; queues: Check; backlog: Check }
}

/**
 * Asks everything at once, at most once a second. Never rejects; `onFailure` hears why a check could not be made, once until
 * it was made again.
 */
export function readinessOf(
  vitals: Vitals,
  onFailure: (check: string, error: unknown) => void,
): () => Promise<Readiness> {
  const failing = new Set<string>()
  const checked = async (name: string, ask: () => Promise<Omit<Check, 'ms'>>): Promise<Check> => {
    const start = performance.now()
    const result = await withTimeout(ask).then(
      (made) => {
        failing.delete(name)
        return made
      },
      (error: unknown) => {
        if (!failing.has(name)) onFailure(name, error)
        failing.add(name)
        return { ok: false, detail: error instanceof NotWell ? error.detail : 'unreachable' }
      },
    )
    return { ...result, ms: Math.round(performance.now() - start) }
  }
  return atMostEvery(FRESH_MS, async () => {
    const [database, migrations, queues, backlog] = await Promise.all([
      checked('database', () => vitals.database().then(writable)),
      checked('migrations', async () => migrated(await vitals.pendingMigrations())),
      checked('queues', () => vitals.queues().then(reachable)),
      checked('backlog', async () => onTime(await vitals.oldestDueMs(), vitals.stalledMs)),
    ])
    const checks = { database, migrations, queues, backlog }
    const ready = Object.values(checks).every((it) => it.ok)
    return { status: ready ? 'ready' : 'not-ready', checks }
  })
}

function reachable(): Omit<Check, 'ms'> {
  return { ok: true, detail: 'reachable' }
}

function writable(takesChanges: boolean): Omit<Check, 'ms'> {
  return takesChanges ? reachable() : { ok: false, detail: 'read-only' }
}

function migrated(pending: number): Omit<Check, 'ms'> {
  return pending === 0 ? { ok: true, detail: 'applied' } : { ok: false, detail: `${pending} pending` }
}

function onTime(oldestDueMs: number | null, stalledMs: Vitals['stalledMs']): Omit<Check, 'ms'> {
  if (oldestDueMs === null) return { ok: true, detail: 'nothing due' }
  const detail = `oldest due ${Math.round(oldestDueMs / 1000)} s`
  if (oldestDueMs < OLDEST_DUE_LIMIT_MS) return { ok: true, detail }
  const stalled = stalledMs ? stalledMs() : oldestDueMs
  if (stalled === null) return { ok: true, detail: `${detail}, attempted elsewhere` }
  if (stalled < OLDEST_DUE_LIMIT_MS) return { ok: true, detail: `${detail}, moving` }
  return { ok: false, detail }
}

async function withTimeout<T>(ask: () => Promise<T>): Promise<T> {
  const done = new AbortController()
  const late = sleep(CHECK_TIMEOUT_MS, undefined, { signal: done.signal }).then(() => {
    throw new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)
  })
  try {
    return await Promise.race([ask(), late])
  } finally {
    late.catch(() => {})
    done.abort()
  }
}
