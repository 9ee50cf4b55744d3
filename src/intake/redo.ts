// A submission that does the failed branch of an earlier one again. The earlier one is read before anything is checked,
// and learns of the new one before that is recorded: two at a time cannot redo the same matters, and after a crash in
// between the same request goes on under the id that it was promised.

import { hasFailed } from '../domain/endings.ts'
import type { Aggregate, Redo } from '../domain/submission.ts'
import { contradicted } from '../http/problems.ts'
import { newId } from '../identifiers.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findByExternalId } from '../ledger/reads.ts'

/** An earlier submission as far as redoing it needs to be known. */
export interface Earlier {
  aggregate: Aggregate
  applicant: unknown
  /** Other redos with the matters of theirs that are open or settled well. */
  rivals: readonly { submissionId: string; matters: readonly string[] }[]
}

/** A redo that was promised and never came stands in nobody's way after this long. */
const PROMISED_MS = 10 * 60_000

/** What `redoes` of a submission names; undefined when it names nothing, null when there is no such submission. */
export async function readEarlier(
  ledger: Ledger,
  submission: Record<string, unknown> | undefined,
): Promise<Earlier | null | undefined> {
  const { redoes, externalId } = submission ?? {}
  const id = (redoes as { submissionId?: unknown } | null | undefined)?.submissionId
  if (typeof id !== 'string') return undefined
  const known = await ledger.read(id)
  if (!known) return null
  const { aggregate, document } = known
  const others = (aggregate.submission.redoneBy ?? []).filter((one) => one.externalId !== externalId)
  const now = ledger.now().getTime()
  const rivals = await Promise.all(
    others.map(async (one) => ({
      submissionId: one.submissionId,
      matters: await heldBy(ledger, one, now),
    })),
  )
  return { aggregate, applicant: document?.applicant, rivals }
}

async function heldBy(
  ledger: Ledger,
  { submissionId, matters, at }: Redo,
  now: number,
): Promise<readonly string[]> {
  const known = await ledger.find(submissionId)
  if (!known) return now - Date.parse(at) < PROMISED_MS ? matters : []
  return known.cases.filter((one) => !hasFailed(one)).map((one) => one.matter.code)
}

/**
 * The id under which a redo is recorded, once the earlier submission knows of it.
 * @throws problem `conflict-state` when another was quicker
 */
export async function promise(
  ledger: Ledger,
  { aggregate, rivals }: Earlier,
  redo: { platform: string; externalId: string; matters: readonly string[] },
): Promise<string> {
  const { externalId, matters } = redo
  const promised = aggregate.submission.redoneBy?.findLast((one) => one.externalId === externalId)
  if (promised && matters.every((code) => promised.matters.includes(code))) return promised.submissionId
  const by = newId('sub')
  // A number that is taken already gets its first answer, or a conflict: nothing is promised to it.
  if ((await findByExternalId(ledger.readers, redo.platform, externalId)) !== null) return by
  const over = rivals.filter((one) => !one.matters.some((code) => matters.includes(code)))
  const { outcome, reason } = await ledger.record({
    submissionId: aggregate.submission.id,
    event: {
      type: 'submission.redone',
      by,
      externalId,
      matters: [...matters],
      over: [...over, ...(promised ? [promised] : [])].map((one) => one.submissionId),
    },
  })
  if (outcome === 'applied') return by
  throw contradicted(reason)
}
