// Post for a case that is over before its paper moved: the order is taken back. What a carrier has collected already
// goes its way and is not called back from here.

import { settledStates } from './case-states.ts'
import { changeParcel, type Draft, enter, findParcel, settle, transfer } from './draft.ts'
import type { Parcel, Transfer } from './submission.ts'

/** Takes back every order of the case that nobody else needs. */
export function recallParcels(draft: Draft, caseId: string, reason: string): Draft {
  return draft.aggregate.parcels
    .filter((one) => one.caseId === caseId && canBeRecalled(one) && !isNeeded(draft, one))
    .reduce((next, one) => recall(next, one, reason), draft)
}

const canBeRecalled = (one: Parcel): boolean => one.state === 'wanted' || one.state === 'ordered'

function isNeeded(draft: Draft, { id }: Parcel): boolean {
  return draft.aggregate.cases.some(
    ({ state, waits }) =>
      !settledStates.has(state) && waits.some((wait) => 'parcel' in wait && wait.parcel === id),
  )
}

/** An order still under way is cancelled behind it, in its lane; one that never went out simply ends. */
function recall(draft: Draft, parcel: Parcel, reason: string): Draft {
  const lane = `parcel:${parcel.id}`
  const open = draft.aggregate.transfers.filter((one) => one.lane === lane)
  if (open.some((one) => one.operation === 'cancelOrder')) return draft
  const dead = open.find((one) => one.operation === 'createOrder' && one.state === 'dead')
  if (dead && parcel.system === '')
    return changeParcel(settle(draft, dead, 'cancelled', reason), parcel.id, { state: 'cancelled' })
  return transfer(draft, {
    operation: 'cancelOrder',
    system: parcel.system,
    caseId: parcel.caseId,
    lane,
    about: { parcel: parcel.id },
  })
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
