// The limits a case runs against: to be accepted, to be decided, to be issued, to be supplemented. While the
// applicant is asked for something, or a special procedure runs, the department's clock stands still and goes
// on with the days it had left.
//
//   dispatched --acceptance--> accepted --decision--> denied, closed …
//                                                     approved --issuance--> issued
//                   correction requested: the department's clock stops, the applicant's runs
//                   special procedure:    both stop, its own runs
//   pending    appointment missed, cancelled or unreported: the applicant's runs, until another is booked
//
// At a share of the limit a yellow card is shown, once it has passed a red one (红黄牌), and what stays red is escalated:
// see cards.ts.

import { dayAfter, dayOf, daysBetween, lastDay, workingDayFrom, workingDayUntil } from './calendar.ts'
import type { CaseState } from './case-states.ts'
import type { Limit } from './catalogue.ts'
import type { Rules } from './decide.ts'
import { type Draft, findCase, replaceCase } from './draft.ts'
import type { Case, Clock, Stopped } from './submission.ts'

/** Limits of a matter; a limit that is absent is not watched. */
export interface Limits {
  acceptance?: Limit
  decision?: Limit
  /** From the approval until the result is issued. */
  issuance?: Limit
  /** For a special procedure without a limit of its own. */
  specialProcedure?: Limit
  /** The applicant's, to book again after an appointment that was missed or cancelled, or that nobody reported on. */
  appointment?: Limit
  /** The applicant's, for a correction without a limit of its own. */
  supplement?: Limit
  /** The yellow card's share of a limit, above 0 and at most 1. */
  warnShare: number
  /** Working days after the last one on which a red card is escalated, ascending: one level each. */
  escalation?: readonly number[]
  /** What becomes of a correction that nobody answered in time; a red card alone where absent. */
  supplementTimeout?: 'terminate' | 'none'
  /** The same of an appointment that nobody booked again. */
  appointmentTimeout?: 'terminate' | 'none'
  /** Notices of correction in one stage; one more is told as repeated. Absent: as many as it likes. */
  notices?: number
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
  approved: 'issuance',
  denied: null,
  issued: null,
  rejected: null,
  withdrawn: null,
  terminated: null,
  closed: null,
}

/**
 * Before it dispatches the gateway asks for documents, and waits for whoever has an appointment: the
 * applicant's clock runs.
 */
function runningFor({ state, waits, appointment }: Case): Clock['of'] | null {
  if (state !== 'pending') return running[state]
  if (waits.some((wait) => wait.for === 'supplement' && !wait.orCertificate)) return 'supplement'
  const isGone =
    appointment?.state === 'missed' || appointment?.state === 'cancelled' || appointment?.unreported
  return isGone && waits.some((wait) => wait.for === 'attendance') ? 'appointment' : null
}

/**
 * Sets the clocks of a case that has just moved; `asked` is the limit the department named. The applicant's
 * runs from now: that is when he can know. A further notice gives him time anew, and never less than he has;
 * a special procedure costs him none.
 */
export function setClock(
  draft: Draft,
  before: Case,
  at: string,
  asked: Limit | undefined,
  rules: Rules,
): Draft {
  const one = findCase(draft, before.id)!
  const of = runningFor(one)
  const askedAgain = of === 'supplement' && one.round > before.round
  const { clock: left, stopped, setAsideLimit, ...rest } = one
  const isLeftOver = of === null && (stopped !== undefined || setAsideLimit !== undefined)
  if (of === (left?.of ?? null) && !askedAgain && !isLeftOver) return draft
  const from = of === 'supplement' ? draft.now : at
  const limits = limitsOf(draft, one, rules)
  const anew = of && limits ? start(of, limits, from, asked, rules) : undefined
  const waiting = [stopped, setAsideLimit].find((other) => other?.of === of)
  const again = waiting && limits ? goOn(waiting, limits, from, rules) : undefined
  const same = left?.of === of ? left : undefined
  const clock = askedAgain ? anew && latest(anew, again, same) : (again ?? anew)
  return replaceCase(draft, { ...rest, ...(clock ? { clock } : {}), ...standingStill(one, of, at, rules) })
}

const latest = (first: Clock, ...others: (Clock | undefined)[]): Clock =>
  others.reduce<Clock>((last, one) => (one && one.dueOn > last.dueOn ? one : last), first)

/**
 * The department's limit stands still while anybody else has the case; the applicant's while a special
 * procedure has it.
 */
function standingStill(
  { clock, stopped, setAside, setAsideLimit }: Case,
  of: Clock['of'] | null,
  at: string,
  rules: Rules,
): Pick<Case, 'stopped' | 'setAsideLimit'> {
  if (of === null || isDepartments(of)) return {}
  const left = clock && remains(clock, at, rules)
  const departments = left && isDepartments(left.of) ? left : stopped
  const applicants = left?.of === 'supplement' ? left : setAsideLimit
  return {
    ...(departments ? { stopped: departments } : {}),
    ...(applicants && setAside && of === 'special-procedure' ? { setAsideLimit: applicants } : {}),
  }
}

/** What runs against a case, by the catalogue that its submission was made under. */
export const limitsOf = ({ aggregate }: Draft, { matter }: Case, rules: Rules): Limits | null =>
  rules.limits(matter.code, aggregate.submission.catalogueVersion)

/** Ruled by the catalogue and the settings: a department does not name these itself. */
const departments: ReadonlySet<Clock['of']> = new Set(['acceptance', 'decision', 'issuance'])
const isDepartments = (of: Clock['of']): boolean => departments.has(of)

function start(
  of: Clock['of'],
  limits: Limits,
  at: string,
  asked: Limit | undefined,
  rules: Rules,
): Clock | undefined {
  const whole = of === 'special-procedure' ? limits.specialProcedure : limits[of]
  const limit = asked && !isDepartments(of) ? asked : whole
  return limit ? clockOf(of, limit, limits, at, rules, {}) : undefined
}

/** One that stood still: with the days it had left, and the card it had shown. */
const goOn = (stopped: Stopped, limits: Limits, at: string, rules: Rules): Clock =>
  clockOf(stopped.of, { days: stopped.daysLeft, unit: stopped.unit }, limits, at, rules, stopped)

function clockOf(
  of: Clock['of'],
  limit: Limit,
  limits: Limits,
  at: string,
  rules: Rules,
  { card, level }: Pick<Clock, 'card' | 'level'>,
): Clock {
  const from = dayOf(at)
  const warnDays = Math.min(limit.days, Math.ceil(limit.days * limits.warnShare))
  const due = dueOn(of, lastDay(from, limit, rules), card, rules)
  const clock: Clock = {
    of,
    unit: limit.unit,
    days: limit.days,
    from,
    // What has passed has no days left to warn of.
    warnOn: card === 'red' ? due : lastDay(from, { ...limit, days: warnDays }, rules),
    dueOn: due,
    ...(card ? { card } : {}),
    ...(level ? { level } : {}),
  }
  return card === 'red' ? { ...clock, ...escalation(clock, level ?? 0, limits, rules) } : clock
}

/**
 * Nobody can act on a day on which every window is shut: of the applicant it is not asked. But a limit that had passed
 * when it stood still is no longer for that.
 */
function dueOn(of: Clock['of'], last: string, card: Clock['card'], rules: Rules): string {
  if (of !== 'supplement' && of !== 'appointment') return last
  return card === 'red' ? workingDayUntil(last, rules) : workingDayFrom(last, rules)
}

/** The day on which a red card goes one level up, the first after as many working days as its level says. */
export function escalation(
  { dueOn }: Clock,
  level: number,
  limits: Limits | null,
  rules: Rules,
): { escalateOn?: string } {
  const days = limits?.escalation?.[level]
  return days === undefined ? {} : { escalateOn: dayAfter(lastDay(dueOn, { days, unit: 'G' }, rules)) }
}

/** What a clock has left when it stops. */
function remains({ of, unit, from, dueOn, card, level }: Clock, at: string, rules: Rules): Stopped {
  // What is told late may have happened before the clock began: all of it is left.
  const stoppedOn = dayOf(at)
  const daysLeft = daysBetween(stoppedOn < from ? from : stoppedOn, dueOn, unit, rules)
  // It had stopped in time: the red card came because that was told late.
  if (card === 'red' && daysLeft > 0) return { of, unit, daysLeft, card: 'yellow' }
  return { of, unit, daysLeft, ...(card ? { card } : {}), ...(level ? { level } : {}) }
}

/** The day on which its next card is due; null when no limit runs against it. */
export function cardRingsOn({ clock }: Case): string | null {
  if (!clock) return null
  if (clock.card === 'red') return clock.escalateOn ?? null
  return clock.card === 'yellow' ? dayAfter(clock.dueOn) : clock.warnOn
}
