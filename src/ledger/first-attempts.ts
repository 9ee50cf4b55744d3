// The first attempt of a transfer is this process's own, where its system has room: leased in the commit that makes the
// transfer, and handed over when that is durable. What finds no room gets a wake-up call.

import { submissionOf } from '../domain/submission.ts'
import type { Due, FirstAttempts, Leased } from './changes.ts'
import type { Touched, Work } from './resolve.ts'
import type { Rows, TransferRow } from './rows.ts'

interface FirstAttemptDeps {
  first(): FirstAttempts
}

export const noLeases: ReadonlyMap<string, TransferRow> = new Map()

/** Leases what became due to this process, where its system has room. */
export function lease(deps: FirstAttemptDeps, rows: Rows, reserved: string[]): Map<string, TransferRow> {
  const leased = new Map<string, TransferRow>()
  for (const row of [...rows.newTransfers, ...rows.transfers]) {
    if (row.state !== 'due' || row.revived) continue
    const ms = deps.first().reserve(row.system)
    if (ms === null) continue
    reserved.push(row.system)
    row.state = 'leased'
    row.lease_ms = ms
    leased.set(row.id, row)
  }
  return leased
}

export function handOver(
  deps: FirstAttemptDeps,
  work: Work,
  leases: ReadonlyMap<string, TransferRow>,
  epochs: Map<string, number>,
  session: AbortSignal,
): void {
  const leased: Leased[] = []
  const due: Due[] = []
  for (const row of [...work.rows.newTransfers, ...work.rows.transfers]) {
    const epoch = epochs.get(row.id) ?? (row.state === 'leased' ? 1 : 0)
    if (leases.has(row.id)) leased.push({ ...asLeased(row, epoch, work.touched), session })
    else if (row.state === 'due') due.push({ id: row.id, system: row.system, epoch, delayMs: 0 })
  }
  if (leased.length > 0) deps.first().attempt(leased)
  if (due.length > 0) deps.first().wake(due)
}

function asLeased(row: TransferRow, epoch: number, touched: Map<string, Touched>): Leased {
  const submissionId = submissionOf(row.id)!
  const { aggregate, document } = touched.get(submissionId)!
  return {
    transfer: aggregate.transfers.find((one) => one.id === row.id)!,
    epoch,
    attempts: 0,
    look: false,
    claims: 0,
    triedMs: 0,
    submissionId,
    aggregate,
    ...(document ? { document } : {}),
  }
}
