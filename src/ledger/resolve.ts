// One batch of changes put to the domain, in order: what each becomes, and every row that the batch needs written.

import { type Decision, decide, type Rules } from '../domain/decide.ts'
import type { Aggregate } from '../domain/submission.ts'
import type { Remembered } from './aggregates.ts'
import type { Change, Recorded } from './changes.ts'
import { firstAnswer } from './first-answer.ts'
import { collect, lastOnly, noRows, type Rows, submissionRow } from './rows.ts'

/** A message, or a platform's number, that came before. */
export interface Known {
  submissionId: string
  sha256: string
  answer: Record<string, unknown> | null
}

/** A submission that the batch changes. */
export interface Touched {
  before: Remembered | null
  aggregate: Aggregate
  /** By more than one event of this batch. */
  again?: boolean
  document?: Record<string, unknown>
}

export interface Work {
  rows: Rows
  isEmpty: boolean
  touched: Map<string, Touched>
  recorded: Recorded[]
}

export function resolve(
  deps: { rules: Rules; now(): Date },
  changes: readonly Change[],
  remembered: Map<string, Remembered>,
  known: Map<string, Known>,
): Work {
  const rows = noRows()
  const touched = new Map<string, Touched>()
  const now = deps.now().toISOString()
  const recorded = changes.map((change): Recorded => {
    const repeat = repeated(change, known)
    if (repeat) return repeat
    const before = touched.get(change.submissionId) ?? fromMemory(remembered.get(change.submissionId))
    if (!before && change.event.type !== 'submission.received')
      return { outcome: 'unknown', submissionId: change.submissionId }
    const decision = decide(before?.aggregate ?? null, change.event, now, deps.rules)
    const answer = answerTo(change, decision)
    collect(rows, before?.aggregate ?? null, change, decision, answer)
    if (decision.aggregate !== before?.aggregate) {
      const document = change.document ?? before?.document
      touched.set(change.submissionId, {
        before: remembered.get(change.submissionId) ?? null,
        aggregate: decision.aggregate,
        ...(touched.has(change.submissionId) ? { again: true } : {}),
        ...(document ? { document } : {}),
      })
    }
    return {
      outcome: decision.why === 'unknown' ? 'unknown' : decision.outcome,
      submissionId: change.submissionId,
      aggregate: decision.aggregate,
      entries: decision.entries,
      ...(decision.reason ? { reason: decision.reason } : {}),
      ...(before ? {} : { answer: firstAnswer(decision.aggregate) }),
      ...(answer ? { answer } : {}),
    }
  })
  for (const [id, one] of touched)
    if (remembered.has(id) || one.again)
      rows.submissions.push(submissionRow(one.aggregate, one.before ?? undefined))
  lastOnly(rows)
  if (rows.submissions.length > 1) rows.submissions.sort(byId)
  return { rows, isEmpty: Object.values(rows).every((list) => list.length === 0), touched, recorded }
}

/** What is kept with the message; a submission's answer is derived, and a refusal may be another one later. */
const answerTo = (change: Change, { outcome, aggregate }: Decision): Recorded['answer'] =>
  outcome === 'refused' ? undefined : change.answer?.(aggregate)

const byId = (a: object, b: object): number => ((a as { id: string }).id < (b as { id: string }).id ? -1 : 1)

const fromMemory = (one: Remembered | undefined): Touched | null =>
  one ? { before: one, aggregate: one.aggregate, ...(one.document ? { document: one.document } : {}) } : null

function repeated(change: Change, known: Map<string, Known>): Recorded | null {
  if (known.size === 0) return null
  const { message, event } = change
  const byMessage = message && known.get(`message ${message.source} ${message.key}`)
  const byNumber =
    event.type === 'submission.received'
      ? known.get(`number ${event.platform} ${event.externalId}`)
      : undefined
  const earlier = byMessage ?? byNumber
  if (!earlier) return null
  const outcome = earlier.sha256 === message?.sha256 ? 'replayed' : 'conflict'
  return {
    outcome,
    submissionId: earlier.submissionId,
    ...(earlier.answer ? { answer: earlier.answer } : {}),
    ...(outcome === 'conflict' ? { taken: byMessage ? 'key' : 'number' } : {}),
  }
}
