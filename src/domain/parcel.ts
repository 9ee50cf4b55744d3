// Parcels: ordered when a case needs them, followed by the carrier's reports. A carrier may take back what it
// said (a reversal), so a parcel's state is always read from the reports that still stand.

import { followAwaited } from './awaited-paper.ts'
import { expectPapers, followPapers } from './custody-parcels.ts'
import type { Rules } from './decide.ts'
import { changeParcel, type Draft, findParcel, noSuchParcel, refuse, type Step, transfer } from './draft.ts'
import type { DomainEvent } from './events.ts'
import { fromTheFuture } from './future.ts'
import { publish } from './publish.ts'
import { giveUpRefusedRecall } from './recall.ts'
import type { Parcel } from './submission.ts'
import { later, meaningOf, type Report } from './way-back.ts'

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
  if (!parcel) return noSuchParcel
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
  const report = reportOf(event)
  const trail = event.detail.reverses ? takeBack(parcel, event) : [...parcel.trail, report]
  const state = stateBy(trail, parcel)
  const waybill = parcel.reference ? {} : event.detail.reference ? { reference: event.detail.reference } : {}
  const changed = followParcel(changeParcel(draft, parcel.id, { trail, state, ...waybill }), parcel)
  const { word, at } = toldOf(report, trail, parcel.trail)
  const known = publish(changed, word, parcel.caseId, at, facts(parcel, state, event), rules)
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
  return last ? (meaningOf(last, trail).slice('parcel.'.length) as Parcel['state']) : parcel.state
}

function reportOf({ eventId, event, at, detail }: DomainEvent & { type: 'parcel.reported' }): Report {
  return { id: eventId, event, at, ...(detail.eitherWay ? { eitherWay: true } : {}) }
}

/**
 * A delivery that was heard of before the sending back turns out to be the return: that is told, and not the
 * way to it.
 */
function toldOf(report: Report, trail: Parcel['trail'], before: Parcel['trail']) {
  const isReturn = (one: Report, known: Parcel['trail']) => meaningOf(one, known) === 'parcel.returned'
  const turned = before.find((one) => !one.takenBack && isReturn(one, trail) && !isReturn(one, before))
  return { word: meaningOf(turned ?? report, trail), at: (turned ?? report).at }
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
