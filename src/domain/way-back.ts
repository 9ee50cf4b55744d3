// What a parcel's reports mean together. Some carriers have one word for a scan whichever way the parcel goes, so on the
// way back "delivered" is said of the sender: what was reported is kept, what it means is read from what still stands.

import type { ParcelEvent } from './events.ts'
import type { Parcel } from './submission.ts'

export type Report = Parcel['trail'][number]

const order: readonly ParcelEvent[] = [
  'parcel.ordered',
  'parcel.collected',
  'parcel.in-transit',
  'parcel.out-for-delivery',
  'parcel.delivery-failed',
  'parcel.returning',
  'parcel.delivered',
  'parcel.returned',
  'parcel.cancelled',
  'parcel.lost',
]

/** By the carrier's clock; where clocks agree, the further one is the later. */
export function later(one: Report, other: Report): boolean {
  const difference = Date.parse(one.at) - Date.parse(other.at)
  return difference === 0 ? order.indexOf(one.event) >= order.indexOf(other.event) : difference > 0
}

/** A report of `trail`, told apart from the way there once the parcel has been sent back. */
export function meaningOf(one: Report, trail: Parcel['trail']): ParcelEvent {
  const isSentBack = ({ event, takenBack }: Report) => !takenBack && event === 'parcel.returning'
  if (!one.eitherWay || !trail.some((other) => isSentBack(other) && later(one, other))) return one.event
  return one.event === 'parcel.delivered' ? 'parcel.returned' : 'parcel.returning'
}
