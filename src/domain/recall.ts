// Post for a case that is over before its paper moved: the order is taken back. What a carrier has collected already
// goes its way and is not called back from here.

import { settledStates } from './case-states.ts'
import {
  changeParcel,
  type Draft,
  enter,
  findMaterial,
  findParcel,
  isOpen,
  settle,
  transfer,
} from './draft.ts'
import type { Parcel, Transfer } from './submission.ts'

/** Takes back every order for the case, which is over, that no other case needs. */
export function recallParcels(draft: Draft, caseId: string, reason: string): Draft {
  const ofCase = (one: Parcel): boolean => one.caseId === caseId || isPaperOf(draft, one, caseId)
  return recallAll(draft, (one) => ofCase(one) && !isNeeded(draft, one), reason)
}

/** The same, of the paper that was to be fetched: the department has ended the case, and what it sends is on its way. */
export function recallCollection(draft: Draft, caseId: string, reason: string): Draft {
  return recallAll(draft, (one) => isPaperOf(draft, one, caseId) && !isNeeded(draft, one), reason)
}

/** Takes back the collection of paper that has come on another way. */
export function recallNeedless(draft: Draft, isThere: (material: string) => boolean): Draft {
  const isNeedless = ({ direction, materials }: Parcel): boolean =>
    direction === 'collect' && materials.length > 0 && materials.every(isThere)
  return recallAll(draft, isNeedless, 'paper-is-there')
}

function recallAll(draft: Draft, which: (one: Parcel) => boolean, reason: string): Draft {
  return draft.aggregate.parcels
    .filter((one) => canBeRecalled(one) && which(one))
    .reduce((next, one) => recall(next, one, reason), draft)
}

const canBeRecalled = (one: Parcel): boolean => one.state === 'wanted' || one.state === 'ordered'

function isPaperOf(draft: Draft, { direction, materials }: Parcel, caseId: string): boolean {
  return (
    direction === 'collect' && materials.some((code) => findMaterial(draft, code)?.cases.includes(caseId))
  )
}

/** A case that goes on waits for it, or needs its paper. */
function isNeeded(draft: Draft, parcel: Parcel): boolean {
  return draft.aggregate.cases.some(
    ({ id, state, waits }) =>
      !settledStates.has(state) &&
      (waits.some((wait) => 'parcel' in wait && wait.parcel === parcel.id) || isPaperOf(draft, parcel, id)),
  )
}

/** An order still under way is cancelled behind it, in its lane; one that never went out simply ends. */
function recall(draft: Draft, parcel: Parcel, reason: string): Draft {
  const lane = `parcel:${parcel.id}`
  const open = draft.aggregate.transfers.filter((one) => one.lane === lane)
  if (open.some((one) => one.operation === 'cancelOrder')) return draft
  const dead = open.find((one) => one.operation === 'createOrder' && one.state === 'dead')
  if (dead && (parcel.system === '' || parcel.turnedAway)) return endOrder(draft, dead, parcel.id, reason)
  return transfer(draft, {
    operation: 'cancelOrder',
    system: parcel.system,
    caseId: parcel.caseId,
    lane,
    about: { parcel: parcel.id },
  })
}

/** It never was with a carrier. */
const endOrder = (draft: Draft, dead: Transfer, parcelId: string, reason: string): Draft =>
  changeParcel(settle(draft, dead, 'cancelled', reason), parcelId, { state: 'cancelled' })

/**
 * Its carrier refused the order for certain: there is nothing to take back, and where that was wanted, nobody
 * has to order it again.
 */
export function turnOrderAway(draft: Draft, one: Transfer, reason: string): Draft | null {
  const parcel = 'parcel' in one.about ? findParcel(draft, one.about.parcel) : undefined
  if (!parcel) return null
  const recalling = draft.aggregate.transfers.find(
    (other) => other.lane === one.lane && other.operation === 'cancelOrder' && isOpen(other),
  )
  const marked = changeParcel(draft, parcel.id, { turnedAway: true })
  if (!recalling) return marked
  const ended = endOrder(settle(marked, recalling, 'cancelled', 'turned-away'), one, parcel.id, reason)
  const facts = { transfer: one.id, operation: one.operation, reason }
  return enter(ended, 'transfer.refused', one.caseId, draft.now, facts)
}

/** The carrier has the parcel already: its refusal to take the order back is no failure, the parcel goes its way. */
export function isTooLate(draft: Draft, { operation, about }: Transfer): boolean {
  if (operation !== 'cancelOrder' || !('parcel' in about)) return false
  const parcel = findParcel(draft, about.parcel)
  return parcel !== undefined && !canBeRecalled(parcel)
}

/** Ends a recall that came too late. */
export function giveUpRecall(draft: Draft, one: Transfer): Draft {
  const ended = settle(draft, one, 'refused', 'collected-already')
  const facts = { transfer: one.id, operation: one.operation, reason: 'collected-already' }
  return enter(ended, 'transfer.refused', one.caseId, draft.now, facts)
}

/** A recall that was refused before we heard that the parcel had been collected needs no person any more. */
export function giveUpRefusedRecall(draft: Draft, parcelId: string): Draft {
  const dead = draft.aggregate.transfers.find(
    (one) => one.state === 'dead' && one.lane === `parcel:${parcelId}` && isTooLate(draft, one),
  )
  return dead ? giveUpRecall(draft, dead) : draft
}
