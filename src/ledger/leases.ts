// Who may attempt a transfer, by the database's clock: claims, postponements, takeovers. Set-based like all else.

import type { Transfer } from '../domain/submission.ts'
import type { AttemptRecord, Due, Leased } from './changes.ts'
import { isAway, notAnswering, type Pool } from './database.ts'
import { createGatherer } from './gather.ts'
import { PRESENCE_LOCK, type Presence } from './presence.ts'
import { statements } from './statements.ts'

export interface Claim {
  id: string
  /** As the wake-up call knew it; null claims whatever epoch it has. */
  epoch: number | null
  leaseMs: number
  /** Default true: its attempt begins at once, and is counted; otherwise `begin` tells when. */
  begins?: boolean
}

interface Beginning {
  id: string
  epoch: number
  leaseMs: number
}

interface Postponement {
  id: string
  epoch: number
  delayMs: number
  /** It may have arrived: the next attempt looks first. */
  look: boolean
  failure: { kind: string; summary: string; code?: string } | null
  /** null when the attempt was not made (no room, breaker open, shutting down). */
  attempt: AttemptRecord | null
  /** Default true: where no attempt was made, one had been counted for it and is not any more. */
  begun?: boolean
}

/** Of attempts that began again and again and never ended, the next one waits: so long after `from` of them, then twice as long. */
export interface Spacing {
  from: number
  firstMs: number
  mostMs: number
}

export interface Overdue extends Due {
  /** Since when it has been due, as PostgreSQL writes a timestamptz. */
  since: string
}

/** One lease, as the ledger has it. */
export interface Held {
  id: string
  epoch: number
}

export interface Leases {
  /**
   * The transfer, leased to this process; null when it is not due (any more) or its lane is not free.
   * `isAway` while nobody would know we hold it.
   */
  claim(claim: Claim): Promise<Leased | null>
  /** Its attempt begins now: how many have, since the last outcome. null when the lease was lost meanwhile. */
  begin(beginning: Beginning): Promise<number | null>
  /** Puts it off. null when the lease was lost meanwhile: whoever has it decides. */
  postpone(postponement: Postponement): Promise<Due | null>
  /** What dead processes held is due again: at once, or after the wait that its attempts have earned. */
  takeOver(limit: number, spacing: Spacing): Promise<Due[]>
  /**
   * Of each of these systems, what has been due for longer than the grace, oldest first; `after` the one
   * given for it, where one is.
   */
  overdue(
    graceMs: number,
    limitEach: number,
    systems: readonly string[],
    after?: ReadonlyMap<string, Overdue>,
  ): Promise<Overdue[]>
  /** What this process has leased of these systems, by the ledger, whether it knows it or not. */
  held(systems: readonly string[]): Promise<Held[]>
  /** Makes those of its leases due that it does not know of. */
  free(strays: readonly Held[]): Promise<Due[]>
  idle(): Promise<void>
}

export function openLeases(writers: Pool, presence: Pick<Presence, 'owner' | 'session'>): Leases {
  const { owner } = presence
  const claims = createGatherer<Claim, Leased | null>({
    maxBatch: 200,
    maxInFlight: 1,
    hopeless: isAway,
    key: (one) => one.id,
    commit: (items) => claimAll(writers, presence, items),
  })
  const beginnings = createGatherer<Beginning, number | null>({
    maxBatch: 200,
    maxInFlight: 1,
    hopeless: isAway,
    key: (one) => one.id,
    commit: (items) => beginAll(writers, owner, items),
  })
  const postponements = createGatherer<Postponement, Due | null>({
    maxBatch: 200,
    maxInFlight: 1,
    hopeless: isAway,
    key: (one) => one.id,
    commit: (items) => postponeAll(writers, owner, items),
  })
  return {
    claim: claims.submit,
    begin: beginnings.submit,
    postpone: postponements.submit,
    async takeOver(limit, { from, firstMs, mostMs }) {
      const { rows } = await writers.query<Omit<Due, 'delayMs'> & { delay_ms: number }>({
        ...statements.takeover,
        values: [PRESENCE_LOCK, limit, from, firstMs, mostMs],
      })
      return rows.map(({ delay_ms, ...one }) => ({ ...one, delayMs: delay_ms }))
    },
    async overdue(graceMs, limitEach, systems, after) {
      const { rows } = await writers.query<Omit<Overdue, 'delayMs'> & { due_for_ms: number }>({
        ...statements.overdue,
        values: [
          graceMs,
          limitEach,
          systems,
          systems.map((system) => after?.get(system)?.since ?? '-infinity'),
          systems.map((system) => after?.get(system)?.id ?? ''),
        ],
      })
      return rows.map(({ due_for_ms, ...row }) => ({ ...row, delayMs: -due_for_ms }))
    },
    held: async (systems) =>
      (await writers.query<Held>({ ...statements.leasedHere, values: [owner, systems] })).rows,
    async free(strays) {
      const { rows } = await writers.query<{ id: string; system: string; epoch: number }>({
        ...statements.free,
        values: [owner, strays.map((one) => one.id), strays.map((one) => one.epoch)],
      })
      return rows.map((row) => ({ ...row, delayMs: 0 }))
    },
    idle: () => Promise.all([claims.idle(), beginnings.idle(), postponements.idle()]).then(() => undefined),
  }
}

interface ClaimedRow {
  id: string
  submission_id: string
  epoch: number
  attempts: number
  look: boolean
  claims: number
  tried_ms: string
  case_id: string | null
  system: string
  operation: Transfer['operation']
  lane: string
  sequence: number
  about: Transfer['about']
}

async function claimAll(
  writers: Pool,
  presence: Pick<Presence, 'owner' | 'session'>,
  items: readonly Claim[],
): Promise<(Leased | null)[]> {
  const session = presence.session()
  if (session.aborted) throw notAnswering()
  const { rows } = await writers.query<ClaimedRow>({
    ...statements.claim,
    values: [
      items.map((one) => one.id),
      items.map((one) => one.epoch ?? -1),
      presence.owner,
      items.map((one) => one.leaseMs),
      items.map((one) => one.begins ?? true),
    ],
  })
  const claimed = new Map(rows.map((row) => [row.id, row]))
  return items.map(({ id }) => {
    const row = claimed.get(id)
    if (!row) return null
    const { epoch, attempts, look, claims, system, operation, lane, sequence, about } = row
    return {
      transfer: { id, caseId: row.case_id, system, operation, lane, sequence, state: 'due', about },
      submissionId: row.submission_id,
      epoch,
      attempts,
      look,
      claims,
      triedMs: Number(row.tried_ms),
      session,
    }
  })
}

async function beginAll(
  writers: Pool,
  owner: number,
  items: readonly Beginning[],
): Promise<(number | null)[]> {
  const { rows } = await writers.query<{ id: string; claims: number }>({
    ...statements.begin,
    values: [
      items.map((one) => one.id),
      items.map((one) => one.epoch),
      owner,
      items.map((one) => one.leaseMs),
    ],
  })
  const begun = new Map(rows.map(({ id, claims }) => [id, claims]))
  return items.map(({ id }) => begun.get(id) ?? null)
}

async function postponeAll(
  writers: Pool,
  owner: number,
  items: readonly Postponement[],
): Promise<(Due | null)[]> {
  const rows = items.map(({ id, epoch, delayMs, look, failure, attempt, begun }) => ({
    id,
    epoch,
    delay_ms: Math.round(delayMs),
    look,
    failure,
    attempted: attempt ? 1 : 0,
    begun: begun ?? true,
    ...(attempt
      ? {
          number: attempt.number,
          started_at: attempt.startedAt,
          duration_ms: attempt.durationMs,
          outcome: attempt.outcome,
          summary: attempt.summary,
        }
      : {}),
  }))
  const result = await writers.query<{ id: string; system: string; epoch: number; delay_ms: number }>({
    ...statements.postpone,
    values: [JSON.stringify(rows), owner],
  })
  const done = new Map(result.rows.map((row) => [row.id, row]))
  return items.map(({ id }) => {
    const row = done.get(id)
    return row ? { id: row.id, system: row.system, epoch: row.epoch, delayMs: row.delay_ms } : null
  })
}
