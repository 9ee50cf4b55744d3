// The limits a case runs against: to be accepted, to be decided, to be supplemented. While the applicant is asked for
// something, or a special procedure runs, the department's clock stands still and goes on with the days it had left.
//
//   dispatched --acceptance--> accepted --decision--> approved, denied, closed …
//                   correction requested: the department's clock stops, the applicant's runs
//
// At a share of the limit a yellow card is shown, once it has passed a red one (红黄牌): events, never a change of state.

import { dayAfter, dayOf, daysBetween, lastDay, startOf } from './calendar.ts'
import type { CaseState } from './case-states.ts'
import type { Limit } from './catalogue.ts'
import type { Rules } from './decide.ts'
import { changeCase, type Draft, findCase, refuse, type Step } from './draft.ts'
import type { DomainEvent } from './events.ts'
import { publish } from './publish.ts'
import type { Case, Clock } from './submission.ts'

/** Limits of a matter; a limit that is absent is not watched. */
export interface Limits {
  acceptance?: Limit
  decision?: Limit
  /** The applicant's, for a correction without a limit of its own. */
  supplement?: Limit
  /** The yellow card's share of a limit, above 0 and at most 1. */
  warnShare: number
}

/** Which clock runs in a state; null: none, the department's stands still. */
const running: Readonly<Record<CaseState, Clock['of'] | null>> = {
  pending: null,
  dispatched: 'acceptance',
  'pre-review-returned': 'supplement',
  accepted: 'decision',
  'correction-requested': 'supplement',
  'special-procedure': 'special-procedure',
  reviewing: 'decision',
  approved: null,
  denied: null,
  issued: null,
  rejected: null,
  withdrawn: null,
  terminated: null,
  closed: null,
}

/** Sets the clocks of a case that has just moved; `asked` is the limit the department named, in working days. */
export function setClock(
  draft: Draft,
  before: Case,
  at: string,
  asked: number | undefined,
  rules: Rules,
): Draft {
  const one = findCase(draft, before.id)!
  const of = running[one.state]
  if (of === (one.clock?.of ?? null)) return draft
  const { clock: left, stopped: earlier, ...rest } = one
  const stopped = of === null || isDepartments(of) ? undefined : (stop(left, at, rules) ?? earlier)
  const clock = of === null ? undefined : start(of, limitsOf(draft, one, rules), earlier, at, asked, rules)
  return replaceCase(draft, { ...rest, ...(clock ? { clock } : {}), ...(stopped ? { stopped } : {}) })
}

/** Those of the catalogue that it was asked for under. */
const limitsOf = ({ aggregate }: Draft, { matter }: Case, rules: Rules): Limits | null =>
  rules.limits(matter.code, aggregate.submission.catalogueVersion)

const isDepartments = (of: Clock['of']): boolean => of === 'acceptance' || of === 'decision'

function start(
  of: Clock['of'],
  limits: Limits | null,
  stopped: Case['stopped'],
  at: string,
  asked: number | undefined,
  rules: Rules,
): Clock | undefined {
  if (!limits) return undefined
  const whole = of === 'special-procedure' ? undefined : limits[of]
  const own: Limit | undefined = asked && !isDepartments(of) ? { days: asked, unit: 'G' } : whole
  const resumed = stopped?.of === of ? { days: stopped.daysLeft, unit: stopped.unit } : undefined
  const limit = resumed ?? own
  return limit
    ? clockOf(of, limit, limits.warnShare, at, rules, stopped?.of === of ? stopped.card : undefined)
    : undefined
}

function clockOf(
  of: Clock['of'],
  limit: Limit,
  warnShare: number,
  at: string,
  rules: Rules,
  card: Clock['card'],
): Clock {
  const from = dayOf(at)
  const warnDays = Math.min(limit.days, Math.ceil(limit.days * warnShare))
  return {
    of,
    unit: limit.unit,
    days: limit.days,
    from,
    warnOn: lastDay(from, { ...limit, days: warnDays }, rules),
    dueOn: lastDay(from, limit, rules),
    ...(card ? { card } : {}),
  }
}

/** What a department's clock had left when it stopped. */
function stop(clock: Clock | undefined, at: string, rules: Rules): Case['stopped'] {
  if (!clock || !isDepartments(clock.of)) return undefined
  const { of, unit, dueOn, card } = clock
  return { of, unit, daysLeft: daysBetween(dayOf(at), dueOn, unit, rules), ...(card ? { card } : {}) }
}

function replaceCase(draft: Draft, one: Case): Draft {
  const cases = draft.aggregate.cases.map((other) => (other.id === one.id ? one : other))
  return { ...draft, aggregate: { ...draft.aggregate, cases } }
}

/** The day on which the case has to be looked at; null when nothing runs against it. */
export function ringsOn({ clock }: Case): string | null {
  if (!clock || clock.card === 'red') return null
  return clock.card === 'yellow' ? dayAfter(clock.dueOn) : clock.warnOn
}

/** Its day has come: shows the card that is due, if any. */
export function ring(draft: Draft, event: DomainEvent & { type: 'clock.rang' }, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return refuse('no such case', '没有这个办件')
  const { clock } = one
  const on = ringsOn(one)
  if (!clock || on === null || Date.parse(draft.now) < Date.parse(startOf(on))) return 'duplicate'
  const passed = Date.parse(draft.now) >= Date.parse(startOf(dayAfter(clock.dueOn)))
  const card = passed ? 'red' : 'yellow'
  const shown = changeCase(draft, one.id, { clock: { ...clock, card } })
  const facts = { clock: clock.of, card, dueOn: clock.dueOn, days: clock.days, unit: clock.unit }
  return publish(shown, passed ? 'deadline.passed' : 'deadline.warned', one.id, draft.now, facts, rules)
}
