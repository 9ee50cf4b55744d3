// Post for a case that is over before its paper moved: the order is taken back. What a carrier has collected already
// goes its way and is not called back from here.

import { settledStates } from './case-states.ts'
import { changeParcel, type Draft, settle, transfer } from './draft.ts'
import type { Parcel } from './submission.ts'

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
      !settledStates.has(state) && waits.some((wait) => wait.for === 'paper' && wait.parcel === id),
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
