// What a department's report does to a case, by the table in case-states.ts.

import {
  type CaseEvent,
  type CaseState,
  caseTable,
  interruptions,
  leadsTo,
  settledStates,
} from './case-states.ts'
import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { cancelOpen, followUp, rollUp } from './dispatch.ts'
import { addParcel, changeCase, type Draft, findCase, refuse, type Step, transfer } from './draft.ts'
import type { DomainEvent, EventDetail } from './events.ts'
import { orderParcel } from './parcel.ts'
import { publish } from './publish.ts'
import { recallParcels } from './recall.ts'
import type { Case } from './submission.ts'

export function reportCase(draft: Draft, event: DomainEvent & { type: 'case.reported' }, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return refuse('no such case', '没有这个办件')
  if (one.system !== event.system)
    return refuse(
      `case ${one.id} is not decided by ${event.system}`,
      `办件 ${one.id} 不由 ${event.system} 办理`,
    )
  return apply(draft, one, event.event, event.at, event.detail, rules)
}

/** Applies one event to one case: the only place where a case changes state by an event. */
export function apply(
  draft: Draft,
  one: Case,
  event: CaseEvent,
  at: string,
  detail: EventDetail,
  rules: Rules,
): Step {
  const answer = caseTable[event][one.state]
  if (answer === 'duplicate') return 'duplicate'
  if (answer === 'refuse')
    return refuse(
      `${event} does not fit a case that is ${one.state}`,
      `办件状态为 ${one.state},不能再接收 ${event}`,
    )
  if (answer === 'note' || (answer === 'newer' && !isNewer(one, event, at)))
    return note(draft, one, event, at, detail, rules)
  return move(draft, one, event, at, detail, rules)
}

// Departments tell time to the second: of two events in one second, the one that asks something of the applicant wins.
function isNewer(one: Case, event: CaseEvent, at: string): boolean {
  if (!one.lastEventAt) return true
  const difference = Date.parse(at) - Date.parse(one.lastEventAt)
  return (
    difference > 0 || (difference === 0 && leadsTo[event] !== 'accepted' && leadsTo[event] !== 'reviewing')
  )
}

function note(
  draft: Draft,
  one: Case,
  event: CaseEvent,
  at: string,
  detail: EventDetail,
  rules: Rules,
): Draft {
  const kept = changeCase(draft, one.id, {
    ...reference(one, detail),
    ...(one.result || !detail.result ? {} : { result: detail.result }),
  })
  const told = publish(kept, event, one.id, at, { ...facts(detail), late: true }, rules)
  const learntAfterTheEnd = !one.result && detail.result && one.state === 'closed' && !one.reason
  return { ...(learntAfterTheEnd ? sendResult(told, one.id, rules) : told), noted: true }
}

function move(
  draft: Draft,
  one: Case,
  event: CaseEvent,
  at: string,
  detail: EventDetail,
  rules: Rules,
): Draft {
  const target = leadsTo[event]
  const state = target === 'resume' ? (one.resume ?? 'dispatched') : target
  const moved = changeCase(draft, one.id, {
    state,
    waits: state === 'pending' ? one.waits : [],
    ...(ours.has(event) ? {} : { lastEventAt: at }),
    ...(event === 'case.accepted' && !one.acceptedAt ? { acceptedAt: at } : {}),
    ...reference(one, detail),
    ...interruption(one, state, event, detail),
    ...(detail.reason && settledStates.has(state) && state !== 'closed' ? { reason: detail.reason } : {}),
    ...(detail.result ? { result: detail.result } : {}),
    ...(state === 'closed' && closedAfterRefusal(one) ? { reason: one.reason ?? one.state } : {}),
  })
  const timed = setClock(moved, one, ours.has(event) ? draft.now : at, detail.limitDays, rules)
  const told = publish(timed, event, one.id, at, facts(detail), rules)
  const posted =
    state === 'issued' || (state === 'closed' && one.state !== 'issued')
      ? sendResult(told, one.id, rules)
      : told
  return followUp(posted, one.id, rules)
}

/** Events of the gateway itself say nothing of the department's clock. */
const ours: ReadonlySet<CaseEvent> = new Set(['case.dispatched', 'case.supplemented', 'case.withdrawn'])

const closedAfterRefusal = (one: Case): boolean =>
  ['denied', 'rejected', 'withdrawn', 'terminated'].includes(one.state)

const reference = (one: Case, detail: EventDetail): Partial<Case> =>
  detail.reference && !one.reference ? { reference: detail.reference } : {}

function interruption(one: Case, state: CaseState, event: CaseEvent, detail: EventDetail): Partial<Case> {
  const asks = event === 'case.correction-requested' || event === 'case.pre-review-returned'
  return {
    ...(interruptions.has(state) && !interruptions.has(one.state)
      ? { resume: one.state === 'pending' ? 'dispatched' : one.state }
      : {}),
    ...(asks ? { round: one.round + 1, asked: detail.materials ?? [] } : {}),
  }
}

function facts(detail: EventDetail): Record<string, unknown> {
  const { reason, materials, limitDays, result } = detail
  return {
    ...(reason ? { reason } : {}),
    ...(materials ? { materials } : {}),
    ...(limitDays ? { limitDays } : {}),
    ...(result ? { result } : {}),
  }
}

/** A result on paper goes back by free post, once. */
function sendResult(draft: Draft, caseId: string, rules: Rules): Draft {
  const one = findCase(draft, caseId)!
  const { submission, parcels } = draft.aggregate
  const onPaper = one.result ? one.result.type === 'paper' : one.paperResult && !one.reason
  if (
    !onPaper ||
    !submission.post.deliver ||
    parcels.some((p) => p.caseId === caseId && p.direction === 'deliver')
  )
    return draft
  const made = addParcel(draft, {
    caseId,
    direction: 'deliver',
    system: '',
    materials: [],
    state: 'wanted',
    trail: [],
  })
  return orderParcel(made.draft, made.parcel.id, rules)
}

/** Withdraws a case while that is still possible; a department that knows of it is told. */
export function withdrawCase(
  draft: Draft,
  event: DomainEvent & { type: 'case.withdrawal-asked' },
  rules: Rules,
): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return refuse('no such case', '没有这个办件')
  if (one.state === 'withdrawn') return 'duplicate'
  const answer = caseTable['case.withdrawn'][one.state]
  if (answer !== 'apply')
    return refuse(
      `a case that is ${one.state} can no longer be withdrawn`,
      `办件状态为 ${one.state},不能再撤回`,
    )
  const neverSent =
    one.state === 'pending' &&
    !draft.aggregate.transfers.some((t) => t.caseId === one.id && t.operation === 'submitCase')
  const cleared = cancelOpen(draft, one.id, ['supplementCase'], 'withdrawn')
  const ended = changeCase(cleared, one.id, { state: 'withdrawn', waits: [], reason: event.reason })
  const withdrawn = setClock(ended, one, draft.now, undefined, rules)
  const recalled = recallParcels(withdrawn, one.id, 'withdrawn')
  const told = publish(recalled, 'case.withdrawn', one.id, draft.now, { reason: event.reason }, rules)
  const sent = neverSent
    ? told
    : transfer(told, {
        operation: 'withdrawCase',
        system: one.system,
        caseId: one.id,
        lane: `${one.system}:${one.id}`,
        about: { case: one.id, withdrawal: event.reason },
      })
  return rollUp(followUp(sent, one.id, rules))
}
