// Parcels: ordered when a case needs them, followed by the carrier's reports. A carrier may take back what it
// said (a reversal), so a parcel's state is always read from the reports that still stand.

import { followAwaited } from './awaited-paper.ts'
import { expectPapers, followPapers } from './custody-parcels.ts'
import type { Rules } from './decide.ts'
import { changeParcel, type Draft, findParcel, refuse, type Step, transfer } from './draft.ts'
import type { DomainEvent, ParcelEvent } from './events.ts'
import { fromTheFuture } from './future.ts'
import { publish } from './publish.ts'
import { giveUpRefusedRecall } from './recall.ts'
import type { Parcel } from './submission.ts'

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

/** Orders it from the county's carrier; without a contract the order waits as a dead letter that says so. */
export function orderParcel(draft: Draft, parcelId: string, rules: Rules): Draft {
  const parcel = findParcel(draft, parcelId)!
  const division = draft.aggregate.submission.homeDivision
  const contract = rules.postal(division, draft.now)
  const lane = `parcel:${parcelId}`
  const about = { parcel: parcelId }
  const awaited = expectPapers(draft, parcel, rules)
  if ('missing' in contract) {
    return transfer(awaited, {
      operation: 'createOrder',
      system: 'post',
      caseId: parcel.caseId,
      lane,
      about,
      dead: contract.missing,
    })
  }
  const named = changeParcel(awaited, parcelId, contract)
  return transfer(named, {
    operation: 'createOrder',
    system: contract.system,
    caseId: parcel.caseId,
    lane,
    about,
  })
}

export function reportParcel(
  draft: Draft,
  event: DomainEvent & { type: 'parcel.reported' },
  rules: Rules,
): Step {
  const parcel = findParcel(draft, event.parcelId)
  if (!parcel) return refuse('no such parcel', '没有这个邮件')
  if (parcel.system !== event.system && parcel.tracker !== event.system)
    return refuse(
      `parcel ${parcel.id} is not carried by ${event.system}`,
      `邮件 ${parcel.id} 不由 ${event.system} 寄递`,
    )
  if (parcel.trail.some((one) => one.id === event.eventId)) return 'duplicate'
  // Its own word for what it answered to us, or said, before.
  if (event.event === 'parcel.cancelled' && parcel.state === 'cancelled' && !event.detail.reverses)
    return 'duplicate'
  const ahead = fromTheFuture(event.at, draft.now)
  if (ahead) return ahead
  const trail = event.detail.reverses
    ? takeBack(parcel, event)
    : [...parcel.trail, { id: event.eventId, event: event.event, at: event.at }]
  const state = stateBy(trail, parcel)
  const waybill = parcel.reference ? {} : event.detail.reference ? { reference: event.detail.reference } : {}
  const changed = followParcel(changeParcel(draft, parcel.id, { trail, state, ...waybill }), parcel)
  const known = publish(changed, event.event, parcel.caseId, event.at, facts(parcel, state, event), rules)
  const told = giveUpRefusedRecall(known, parcel.id)
  const followed = followPapers(told, parcel.id, `system:${event.system}`, rules)
  return followAwaited(followed, parcel, rules)
}

/** Once its waybill is known, the tracker is told of it. `before` is the parcel as it was until now. */
export function followParcel(draft: Draft, before: Parcel): Draft {
  const parcel = findParcel(draft, before.id)!
  if (before.reference || !parcel.reference || !parcel.tracker) return draft
  return transfer(draft, {
    operation: 'followParcel',
    system: parcel.tracker,
    caseId: parcel.caseId,
    lane: `${parcel.tracker}:${parcel.id}`,
    about: { parcel: parcel.id },
  })
}

/** What is taken back was reported before: a reversal that comes late leaves what the carrier has said since. */
function takeBack({ trail }: Parcel, event: DomainEvent & { type: 'parcel.reported' }): Parcel['trail'] {
  const { reverses } = event.detail
  const meant = trail
    .filter(
      (one) => !one.takenBack && (one.id === reverses || (one.event === reverses && !after(one, event))),
    )
    .reduce<Parcel['trail'][number] | undefined>(
      (last, one) => (last && after(last, one) ? last : one),
      undefined,
    )
  const marker = { id: event.eventId, event: event.event, at: event.at }
  return [...trail.map((one) => (one === meant ? { ...one, takenBack: true as const } : one)), marker]
}

const after = (one: { at: string }, other: { at: string }): boolean =>
  Date.parse(one.at) > Date.parse(other.at)

/** The latest report by the carrier's clock; where clocks agree, the further one. */
function stateBy(trail: Parcel['trail'], parcel: Parcel): Parcel['state'] {
  const last = trail
    .filter((one) => !one.takenBack)
    .reduce<Parcel['trail'][number] | undefined>(
      (best, one) => (!best || later(one, best) ? one : best),
      undefined,
    )
  return last ? (last.event.slice('parcel.'.length) as Parcel['state']) : parcel.state
}

function later(one: Parcel['trail'][number], other: Parcel['trail'][number]): boolean {
  const difference = Date.parse(one.at) - Date.parse(other.at)
  return difference === 0 ? order.indexOf(one.event) >= order.indexOf(other.event) : difference > 0
}

function facts(
  parcel: Parcel,
  state: Parcel['state'],
  event: DomainEvent & { type: 'parcel.reported' },
): Record<string, unknown> {
  const { reason, place, reverses } = event.detail
  return {
    parcelId: parcel.id,
    direction: parcel.direction,
    waybill: parcel.reference,
    parcelState: state,
    ...(reason ? { reason } : {}),
    ...(place ? { place } : {}),
    ...(reverses ? { reverses } : {}),
  }
}
