// What a department's report does to a case, by the table in case-states.ts.

import {
  type CaseEvent,
  type CaseState,
  caseTable,
  failedStates,
  interruptions,
  leadsTo,
  settledStates,
} from './case-states.ts'
import type { Limit } from './catalogue.ts'
import { limitsOf, setClock } from './clock.ts'
import { conclude, takeBackOffers } from './conclusion.ts'
import { countNotice, noticeFacts } from './corrections.ts'
import type { Rules } from './decide.ts'
import { endUnsent, followUp, rollUp } from './dispatch.ts'
import {
  addParcel,
  changeCase,
  type Draft,
  enter,
  findCase,
  noSuchCase,
  refuse,
  replaceCase,
  type Step,
} from './draft.ts'
import { endedWell, hasFailed, isGranted, isTakenForGranted } from './endings.ts'
import type { DomainEvent, EventDetail } from './events.ts'
import { fromTheFuture } from './future.ts'
import { orderParcel } from './parcel.ts'
import { publish } from './publish.ts'
import { recallParcels } from './recall.ts'
import { passOnResult } from './results.ts'
import type { Case } from './submission.ts'
import { dropHandOver, dropSupplements } from './turned-away.ts'

export function reportCase(draft: Draft, event: DomainEvent & { type: 'case.reported' }, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return noSuchCase
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
  if (answer === 'duplicate')
    return detail.result && !one.result ? learnResult(draft, one, at, detail.result, rules) : 'duplicate'
  if (answer === 'overturn' && isTakenForGranted(one)) return overturn(draft, one, event, at, detail, rules)
  if (answer === 'refuse' || (answer === 'overturn' && endedWell(one)))
    return refuse(
      `${event} does not fit a case that is ${one.state}`,
      `办件状态为 ${one.state}，不能再接收 ${event}`,
    )
  if (isToldAgain(one, event, at, detail)) return 'duplicate'
  const isLate = wasOver(one, event, at) || (answer === 'newer' && !isNewer(one, event, at))
  if (answer === 'note' || answer === 'overturn' || isLate) return note(draft, one, event, at, detail, rules)
  return move(draft, one, event, at, detail, rules)
}

/** The same interruption under another number of theirs; a notice that asks for something else is another. */
const isToldAgain = (one: Case, event: CaseEvent, at: string, detail: EventDetail): boolean =>
  interrupting.has(event) &&
  isAt(one.interrupted?.[event], at) &&
  one.noticed?.[event]?.includes(wordsOf(detail)) !== false

const wordsOf = ({ reason = '', materials = [] }: EventDetail): string =>
  JSON.stringify([reason, ...materials.map(({ code, reason: why }) => [code, why])])

const isAt = (one: string | undefined, other: string): boolean =>
  one !== undefined && Date.parse(one) === Date.parse(other)

/** A special procedure of which we heard the end first. */
function wasOver({ interrupted }: Case, event: CaseEvent, at: string): boolean {
  const ended = interrupted?.['case.special-procedure-ended']
  return (
    event === 'case.special-procedure-started' && ended !== undefined && Date.parse(at) <= Date.parse(ended)
  )
}

/** Of the applicant. */
const asking: ReadonlySet<CaseEvent> = new Set(['case.correction-requested', 'case.pre-review-returned'])
const interrupting: ReadonlySet<CaseEvent> = new Set([...asking, 'case.special-procedure-started'])

/** When it was, and what a notice said, for those that come again or out of order. */
function interruptedAt(
  { interrupted, noticed }: Case,
  event: CaseEvent,
  at: string,
  detail: EventDetail,
): Pick<Case, 'interrupted' | 'noticed'> {
  if (!interrupting.has(event) && event !== 'case.special-procedure-ended') return {}
  const before = isAt(interrupted?.[event], at) ? (noticed?.[event] ?? []) : []
  return {
    interrupted: { ...interrupted, [event]: at },
    ...(asking.has(event) ? { noticed: { ...noticed, [event]: [...before, wordsOf(detail)] } } : {}),
  }
}

// Departments tell time to the second: of two events in one second, the one that asks something of the
// applicant wins, and a review follows an acceptance.
function isNewer(one: Case, event: CaseEvent, at: string): boolean {
  if (!one.lastEventAt) return true
  const difference = Date.parse(at) - Date.parse(one.lastEventAt)
  if (difference !== 0) return difference > 0
  const target = leadsTo[event]
  return target === 'reviewing' ? one.state === 'accepted' : target !== 'accepted'
}

function note(
  draft: Draft,
  one: Case,
  event: CaseEvent,
  at: string,
  detail: EventDetail,
  rules: Rules,
): Draft {
  const kept = changeCase(acceptedMeanwhile(draft, one, event, at), one.id, {
    ...reference(one, detail),
    ...yes(event),
    ...acceptance(one, event, at),
    ...(event === 'case.special-procedure-ended' ? interruptedAt(one, event, at, detail) : {}),
    ...(one.result || !detail.result ? {} : { result: detail.result }),
  })
  const noted = publish(kept, event, one.id, at, { ...facts(detail), late: true }, rules)
  return { ...(detail.result ? followResult(noted, one, rules) : noted), noted: true }
}

/**
 * The case was closed before it was told how, and taken for granted: it had failed. What that has led to is
 * taken back as far as it has not gone out; matters
 * that went to their departments since are decided there.
 */
function overturn(
  draft: Draft,
  one: Case,
  event: CaseEvent,
  at: string,
  detail: EventDetail,
  rules: Rules,
): Draft {
  const reason = detail.reason ?? leadsTo[event]
  const failed = changeCase(draft, one.id, {
    ...reference(one, detail),
    ...(detail.result ? { result: detail.result } : {}),
    reason,
  })
  const taken = takeBackOffers(failed, one.id)
  // A refusal on paper goes the way that the result would have gone.
  const posted =
    detail.result?.type === 'paper'
      ? sendResult(taken, one.id, rules)
      : recallParcels(taken, one.id, 'case-is-over')
  const told = publish(posted, event, one.id, at, { ...facts(detail), reason, late: true }, rules)
  const ended = endUnsent(told, findCase(told, one.id)!, rules)
  // Late for the case itself; not for those that end with it.
  return ended === told ? { ...rollUp(told), noted: true } : rollUp(ended)
}

/**
 * What was told before is told again with its result: nobody hears of it twice, but the result is entered and
 * goes its way.
 */
function learnResult(
  draft: Draft,
  one: Case,
  at: string,
  result: NonNullable<EventDetail['result']>,
  rules: Rules,
): Draft {
  const kept = enter(changeCase(draft, one.id, { result }), 'result.learnt', one.id, at, { result })
  return { ...followResult(kept, one, rules), noted: true }
}

/**
 * `before`: the case without it. Learnt once the case had been issued or closed, it is posted, be it a refusal; and
 * registered where it is what was asked for.
 */
function followResult(draft: Draft, before: Case, rules: Rules): Draft {
  const passedOn = passOnResult(draft, before.id, rules)
  if (before.result || !isPosting(before.state)) return passedOn
  return conclude(sendResult(passedOn, before.id, rules), before.id, rules)
}

/** Nothing more comes of it but its result. */
const isPosting = (state: CaseState): boolean => state === 'issued' || state === 'closed'

/**
 * The department took it before or while it was interrupted: it goes on as accepted, and the limit of
 * acceptance is over.
 */
function acceptedMeanwhile(draft: Draft, one: Case, event: CaseEvent, at: string): Draft {
  const target = leadsTo[event]
  if (target !== 'accepted' && target !== 'reviewing') return draft
  if (!interruptions.has(one.state) || one.resume !== 'dispatched') return draft
  const { stopped, ...rest } = one
  return replaceCase(draft, {
    ...rest,
    ...(stopped && stopped.of !== 'acceptance' ? { stopped } : {}),
    resume: target,
    ...(one.acceptedAt ? {} : { acceptedAt: at }),
  })
}

function move(
  draft: Draft,
  one: Case,
  event: CaseEvent,
  at: string,
  detail: EventDetail,
  rules: Rules,
): Draft {
  const state = stateAfter(one, event)
  const moved = changeCase(knownToHaveIt(draft, one, event), one.id, {
    state,
    waits: state === 'pending' ? one.waits : [],
    ...(ours.has(event) ? {} : { lastEventAt: at }),
    ...acceptance(one, event, at),
    ...reference(one, detail),
    ...yes(event, one),
    ...interruption(one, state, event, detail),
    ...interruptedAt(one, event, at, detail),
    ...countNotice(one, event),
    ...failure(one, state, detail),
    ...(detail.result ? { result: detail.result } : {}),
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
  const posted = isPosting(state) ? sendResult(told, one.id, rules) : told
  const passedOn = passOnResult(posted, one.id, rules)
  return followUp(conclude(passedOn, one.id, rules), one.id, rules)
}

function stateAfter(one: Case, event: CaseEvent): CaseState {
  const target = leadsTo[event]
  if (target !== 'resume') return target
  const aside = event === 'case.special-procedure-ended' ? one.setAside : undefined
  return aside ?? one.resume ?? 'dispatched'
}

/** A department that reports of a case has it, whatever became of the transfer: what waits behind a dead one goes out. */
function knownToHaveIt(draft: Draft, one: Case, event: CaseEvent): Draft {
  const isOver = settledStates.has(stateAfter(one, event))
  if (ours.has(event) && !isOver) return draft
  const known = dropHandOver(draft, one.id, isOver ? 'case-is-over' : 'department-has-it')
  return isOver ? dropSupplements(known, one.id) : known
}

const limitNamed = ({ limitDays: days, limitUnit: unit = 'G' }: EventDetail): Limit | undefined =>
  days ? { days, unit } : undefined

const notice = (moved: Draft, before: Case, event: CaseEvent, rules: Rules): Record<string, unknown> =>
  event === 'case.correction-requested'
    ? noticeFacts(before, findCase(moved, before.id)!, limitsOf(moved, before, rules))
    : {}

/** Events of the gateway itself say nothing of the department's clock. */
const ours: ReadonlySet<CaseEvent> = new Set(['case.dispatched', 'case.supplemented', 'case.withdrawn'])

/** Why it failed. A favourable word may come with a reason as well: that is told, and is none of failure. */
function failure(before: Case, state: CaseState, { reason }: EventDetail): Pick<Case, 'reason'> {
  if (state === 'closed') return hasFailed(before) ? { reason: before.reason ?? before.state } : {}
  return reason && failedStates.has(state) ? { reason } : {}
}

/** Also of one that is told after what followed it. */
const acceptance = (one: Case, event: CaseEvent, at: string): Pick<Case, 'acceptedAt'> =>
  event === 'case.accepted' && !one.acceptedAt ? { acceptedAt: at } : {}

/** Also of a case that was approved or issued before that was kept. */
const yes = (event: CaseEvent, before?: Case): Pick<Case, 'saidYes'> =>
  event === 'case.approved' || event === 'case.issued' || (before && isGranted(before))
    ? { saidYes: true }
    : {}

const reference = (one: Case, detail: EventDetail): Partial<Case> =>
  detail.reference && !one.reference ? { reference: detail.reference } : {}

function interruption(one: Case, state: CaseState, event: CaseEvent, detail: EventDetail): Partial<Case> {
  const asks = asking.has(event)
  const { state: before } = one
  const aside = before === 'correction-requested' || before === 'pre-review-returned' ? before : undefined
  return {
    ...(aside || one.setAside
      ? { setAside: state === 'special-procedure' ? (aside ?? one.setAside) : undefined }
      : {}),
    ...(interruptions.has(state) ? {} : { asked: [] }),
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
  const onPaper = one.result ? one.result.type === 'paper' : one.paperResult && !hasFailed(one)
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
