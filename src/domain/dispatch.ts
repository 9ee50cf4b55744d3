// When a case may go to its department, and what happens to those that can no longer go.

import { settledStates } from './case-states.ts'
import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { changeCase, changeSubmission, type Draft, findCase, settle, transfer } from './draft.ts'
import { hasFailed, isGranted } from './endings.ts'
import { dropLookUps } from './look-ups.ts'
import { publish } from './publish.ts'
import { recallCollection, recallParcels } from './recall.ts'
import { recheckStale } from './recheck.ts'
import type { Case, Submission, Wait } from './submission.ts'

/** Takes away what `over` names from every pending case's waits, and dispatches those left with none. */
export function stopWaiting(draft: Draft, over: (wait: Wait) => boolean): Draft {
  let next = draft
  for (const one of draft.aggregate.cases) {
    if (!one.waits.some(over)) continue
    next = changeCase(next, one.id, { waits: one.waits.filter((wait) => !over(wait)) })
    next = dispatchWhenReady(next, one.id)
  }
  return next
}

/** Hands the case to its department once nothing holds it. */
export function dispatchWhenReady(draft: Draft, caseId: string): Draft {
  const one = findCase(draft, caseId)
  if (one?.state !== 'pending' || one.waits.length > 0 || wasSent(draft, one)) return draft
  return recheckStale(draft, one) ?? dispatch(draft, caseId)
}

/** Hands the case over, with its certificates as they are. */
export function dispatch(draft: Draft, caseId: string): Draft {
  const one = findCase(draft, caseId)!
  return transfer(draft, {
    operation: 'submitCase',
    system: one.system,
    caseId,
    lane: `${one.system}:${caseId}`,
    about: { case: caseId },
  })
}

function wasSent(draft: Draft, one: Case): boolean {
  return draft.aggregate.transfers.some((t) => t.caseId === one.id && t.operation === 'submitCase')
}

/** After a case has moved: frees what waited for its result, or ends what can no longer happen. */
export function followUp(draft: Draft, caseId: string, rules: Rules): Draft {
  const one = findCase(draft, caseId)!
  if (isGranted(one)) {
    const kept = one.state === 'closed' ? recallCollection(draft, caseId, 'case-is-over') : draft
    return rollUp(stopWaiting(kept, (wait) => wait.for === 'case' && wait.id === caseId))
  }
  if (!hasFailed(one)) return draft
  const ended = endDependents(recallCollection(draft, one.id, 'case-is-over'), one, rules)
  // A case that was approved before it failed has set others free.
  return rollUp(endUnsent(ended, one, rules))
}

const endDependents = (draft: Draft, failed: Case, rules: Rules): Draft =>
  endThose(draft, failed, rules, ({ waits }) =>
    waits.some((wait) => (wait.for === 'case' || wait.for === 'result') && wait.id === failed.id),
  )

/**
 * Of a case that had failed before it set others free: those that come after it and have not been handed to
 * their departments.
 */
export const endUnsent = (draft: Draft, failed: Case, rules: Rules): Draft =>
  endThose(
    draft,
    failed,
    rules,
    (one) => one.state === 'pending' && one.after?.includes(failed.id) === true && !wasSent(draft, one),
  )

function endThose(draft: Draft, failed: Case, rules: Rules, those: (one: Case) => boolean): Draft {
  let next = draft
  for (const { id } of draft.aggregate.cases) {
    // As it is now: another way from the failed case may have ended it already.
    const one = findCase(next, id)!
    if (!those(one) || settledStates.has(one.state)) continue
    next = changeCase(next, one.id, { state: 'terminated', waits: [], asked: [], reason: 'upstream-refused' })
    next = setClock(next, one, draft.now, undefined, rules)
    next = recallParcels(next, one.id, 'upstream-refused')
    next = publish(
      next,
      'case.terminated',
      one.id,
      draft.now,
      { reason: 'upstream-refused', upstream: failed.id, upstreamMatter: failed.matter.code },
      rules,
    )
    next = endDependents(next, findCase(next, one.id)!, rules)
  }
  return next
}

/** Cancels what has not gone out yet for a case that is over. */
export function cancelOpen(
  draft: Draft,
  caseId: string,
  operations: readonly string[],
  reason: string,
): Draft {
  return draft.aggregate.transfers
    .filter((one) => one.caseId === caseId && operations.includes(one.operation) && one.state !== 'delivered')
    .reduce((next, one) => settle(next, one, 'cancelled', reason), draft)
}

/** The submission's state is the sum of its cases'; registries are asked for those that go on. */
export function rollUp(draft: Draft): Draft {
  const { submission, cases } = draft.aggregate
  const state = sum(cases)
  const needed = dropLookUps(draft)
  return state === submission.state ? needed : changeSubmission(needed, { state })
}

function sum(cases: readonly Case[]): Submission['state'] {
  if (!cases.every((one) => settledStates.has(one.state))) return 'open'
  const failed = cases.filter(hasFailed)
  // Nothing was got: that is no success, were every matter optional.
  if (failed.length === cases.length) return 'refused'
  return failed.every((one) => one.optional) ? 'completed' : 'partly-completed'
}
