// What a department's report does to a case, by the table in case-states.ts.

import {
  type CaseEvent,
  type CaseState,
  caseTable,
  interruptions,
  leadsTo,
  settledStates,
} from './case-states.ts'
import type { Limit } from './catalogue.ts'
import { limitsOf, setClock } from './clock.ts'
import { conclude } from './conclusion.ts'
import { countNotice, noticeFacts } from './corrections.ts'
import type { Rules } from './decide.ts'
import { followUp } from './dispatch.ts'
import { addParcel, changeCase, type Draft, findCase, refuse, type Step } from './draft.ts'
import type { DomainEvent, EventDetail } from './events.ts'
import { fromTheFuture } from './future.ts'
import { orderParcel } from './parcel.ts'
import { publish } from './publish.ts'
import { passOnResult } from './results.ts'
import type { Case } from './submission.ts'
import { dropHandOver } from './turned-away.ts'

export function reportCase(draft: Draft, event: DomainEvent & { type: 'case.reported' }, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return refuse('no such case', '没有这个办件')
  if (one.system !== event.system)
    return refuse(
      `case ${one.id} is not decided by ${event.system}`,
      `办件 ${one.id} 不由 ${event.system} 办理`,
    )
  const ahead = fromTheFuture(event.at, draft.now)
  return ahead ?? apply(draft, one, event.event, event.at, event.detail, rules)
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
  const noted = publish(kept, event, one.id, at, { ...facts(detail), late: true }, rules)
  const told = detail.result ? passOnResult(noted, one.id, rules) : noted
  const learntAfterTheEnd = !one.result && detail.result && one.state === 'closed' && !one.reason
  return {
    ...(learntAfterTheEnd ? conclude(sendResult(told, one.id, rules), one.id, rules) : told),
    noted: true,
  }
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
  const isOver = settledStates.has(state)
  const open = isOver && one.turnedAway ? dropHandOver(draft, one.id) : draft
  const moved = changeCase(open, one.id, {
    state,
    waits: state === 'pending' ? one.waits : [],
    ...(ours.has(event) ? {} : { lastEventAt: at }),
    ...(event === 'case.accepted' && !one.acceptedAt ? { acceptedAt: at } : {}),
    ...reference(one, detail),
    ...interruption(one, state, event, detail),
    ...countNotice(one, event),
    ...(detail.reason && isOver && state !== 'closed' ? { reason: detail.reason } : {}),
    ...(detail.result ? { result: detail.result } : {}),
    ...(state === 'closed' && closedAfterRefusal(one) ? { reason: one.reason ?? one.state } : {}),
  })
  const timed = setClock(moved, one, ours.has(event) ? draft.now : at, limitNamed(detail), rules)
  const told = publish(
    timed,
    event,
    one.id,
    at,
    { ...facts(detail), ...notice(timed, one, event, rules) },
    rules,
  )
  const posted =
    state === 'issued' || (state === 'closed' && one.state !== 'issued')
      ? sendResult(told, one.id, rules)
      : told
  const passedOn = passOnResult(posted, one.id, rules)
  return followUp(conclude(passedOn, one.id, rules), one.id, rules)
}

const limitNamed = ({ limitDays: days, limitUnit: unit = 'G' }: EventDetail): Limit | undefined =>
  days ? { days, unit } : undefined

const notice = (moved: Draft, before: Case, event: CaseEvent, rules: Rules): Record<string, unknown> =>
  event === 'case.correction-requested'
    ? noticeFacts(before, findCase(moved, before.id)!, limitsOf(moved, before, rules))
    : {}

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
  const { reason, materials, limitDays, limitUnit, result } = detail
  return {
    ...(reason ? { reason } : {}),
    ...(materials ? { materials } : {}),
    ...(limitDays ? { limitDays } : {}),
    ...(limitDays && limitUnit ? { limitUnit } : {}),
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
