// A department that refused to take a case over has nothing of it. The transfer waits for a person, who may
// send it again; but once the case is over there is nothing left to send, and nothing to withdraw.

import { settledStates } from './case-states.ts'
import { changeCase, type Draft, enter, findCase, isOpen, replaceCase, settle } from './draft.ts'
import type { Case, Transfer } from './submission.ts'

/** It has reported of the case: it has it, whatever became of the transfer. */
export const hasSpoken = ({ lastEventAt }: Case): boolean => lastEventAt !== undefined

/** The hand-over to its department that has not ended. */
export const openHandOver = ({ aggregate }: Draft, caseId: string): Transfer | undefined =>
  aggregate.transfers.find((one) => one.operation === 'submitCase' && one.caseId === caseId && isOpen(one))

/** The case's hand-over was refused: kept with the case until it is sent again. */
export const markTurnedAway = (draft: Draft, one: Transfer): Draft =>
  changeCase(draft, one.caseId!, { turnedAway: true })

export function unmarkTurnedAway(draft: Draft, caseId: string): Draft {
  const one = findCase(draft, caseId)
  if (!one?.turnedAway) return draft
  const { turnedAway: _, ...rest } = one
  return replaceCase(draft, rest)
}

/** Nobody has to send again what is dead: its department has the case, or the case is over. */
export function dropHandOver(draft: Draft, caseId: string, reason: string): Draft {
  const one = openHandOver(draft, caseId)
  return one?.state === 'dead' ? unmarkTurnedAway(settle(draft, one, 'cancelled', reason), caseId) : draft
}

/** Nor a supplement that had not reached it, once the case is over. */
export function dropSupplements(draft: Draft, caseId: string): Draft {
  return draft.aggregate.transfers
    .filter((one) => one.caseId === caseId && one.operation === 'supplementCase' && one.state === 'dead')
    .reduce((next, one) => settle(next, one, 'cancelled', 'case-is-over'), draft)
}

/**
 * What does not reach its department, and need not: a hand-over of a case that it has reported of already, or a
 * supplement when the case is over. Null where somebody needs it.
 */
export function dropNeedless(draft: Draft, one: Transfer): Draft | null {
  const ofCase = one.caseId === null ? undefined : findCase(draft, one.caseId)
  if (!ofCase) return null
  if (one.operation === 'submitCase' && hasSpoken(ofCase))
    return settle(draft, one, 'cancelled', 'department-has-it')
  const isNeedless = one.operation === 'supplementCase' && settledStates.has(ofCase.state)
  return isNeedless ? settle(draft, one, 'cancelled', 'case-is-over') : null
}

/**
 * Refused when its case was over already: neither it nor its withdrawal goes out any more. Null while the
 * case is open.
 */
export function refuseWhenOver(draft: Draft, one: Transfer, reason: string): Draft | null {
  const ofCase = findCase(draft, one.caseId!)!
  if (!settledStates.has(ofCase.state)) return null
  const ended = settle(draft, one, 'refused', reason)
  const facts = { transfer: one.id, operation: one.operation, reason }
  const told = enter(ended, 'transfer.refused', one.caseId, draft.now, facts)
  const withdrawal = told.aggregate.transfers.find(
    (other) => other.operation === 'withdrawCase' && other.lane === one.lane && isOpen(other),
  )
  // Where the department has it all the same, it still has to hear of its end.
  return withdrawal && !hasSpoken(ofCase) ? settle(told, withdrawal, 'cancelled', 'turned-away') : told
}
