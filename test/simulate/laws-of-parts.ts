// The laws of what a case and its submission carry beside their state: papers, services, results that are
// registered, matters that are done again.

import { dayAfter, dayOf, startOf } from '../../src/domain/calendar.ts'
import { failedStates } from '../../src/domain/case-states.ts'
import type { Limit } from '../../src/domain/catalogue.ts'
import { type Paper, sameKeeper, standing } from '../../src/domain/paper.ts'
import type { Aggregate, Case, Entry, Material, Submission } from '../../src/domain/submission.ts'
import type { Told } from './books.ts'
import { law } from './law.ts'

const MOST_AHEAD_MS = 10 * 60_000

/** What one case carries, after it changed. */
export function checkCarried(before: Case | undefined, one: Case, { event, now, rules }: Told): void {
  const { papers, registration } = one
  const isAhead =
    one.lastEventAt !== undefined && Date.parse(one.lastEventAt) > Date.parse(now) + MOST_AHEAD_MS
  law(!isAhead, 'nothing has happened yet that is still to come', () => `${one.lastEventAt} at ${now}`)
  if (papers && papers !== before?.papers) for (const paper of papers) checkChain(paper)
  if (registration !== before?.registration) checkRegistration(before, one)
  if (one.services !== before?.services)
    law(
      event.type === 'case.rated' || evaluations(one) === evaluations(before),
      'an evaluation only ever comes from whoever was served',
      () => event.type,
    )
  law(
    one.clock?.card !== 'red' || one.clock.dueOn <= dayOf(now),
    'no limit is red before its last day',
    () => `${one.clock!.dueOn} at ${now}`,
  )
  checkReason(before, one, event)
  if (before) checkSetAside(before, one, { now, rules })
  law(
    one.clock?.of !== 'supplement' || rules.isWorkingDay(one.clock.dueOn),
    'the applicant is late on no day of rest',
    () => one.clock!.dueOn,
  )
  if (one.reason === 'supplement-timeout' && before?.reason !== one.reason) {
    const { supplementDueOn: dueOn } = one
    const isOver = dueOn !== undefined && Date.parse(now) >= Date.parse(startOf(dayAfter(dueOn)))
    law(isOver, 'nobody is too late within the limit', () => `${dueOn} at ${now}`)
  }
}

const saysNo: ReadonlySet<string> = new Set([
  'case.denied',
  'case.rejected',
  'case.terminated',
  'case.withdrawn',
])

/** Everything that builds on a case asks whether it has one. */
function checkReason(before: Case | undefined, { id, state, reason }: Case, event: Told['event']): void {
  const hadFailed = before !== undefined && (failedStates.has(before.state) || before.reason !== undefined)
  const isToldNo = event.type === 'case.reported' && event.caseId === id && saysNo.has(event.event)
  const isOverturned = before?.state === 'closed' && isToldNo
  const mayHave = failedStates.has(state) || (state === 'closed' && (hadFailed || isOverturned))
  law(
    !isOverturned || hadFailed || (!before.result && !before.saidYes),
    'a yes that was told is not taken back by a late no',
    () => `${JSON.stringify(before?.result)}`,
  )
  law(reason === undefined || mayHave, 'only what failed keeps a reason', () => `${state}: ${reason}`)
  law(
    reason !== undefined || state !== 'closed' || !hadFailed,
    'a failure that is closed stays one',
    () => state,
  )
}

/** What the applicant had left of his time when a special procedure began is there until it ends, and then his again. */
function checkSetAside(before: Case, one: Case, { now, rules }: Pick<Told, 'now' | 'rules'>): void {
  const daysUntil = (dueOn: string, unit: Limit['unit']): number => {
    let days = 0
    for (let day = dayAfter(dayOf(now)); day <= dueOn; day = dayAfter(day))
      if (unit === 'Z' || rules.isWorkingDay(day)) days++
    return days
  }
  const { clock: running, setAsideLimit: left } = before
  const { clock, setAsideLimit: kept, state } = one
  const isInterrupted =
    state === 'special-procedure' && before.state !== 'pending' && running?.of === 'supplement'
  const isKept = kept !== undefined && (left ?? kept).daysLeft === kept.daysLeft
  if (isInterrupted || (left && state === 'special-procedure'))
    law(
      isKept && (!isInterrupted || kept.daysLeft >= daysUntil(running.dueOn, kept.unit)),
      'a special procedure takes no day of the applicant',
      () => `${kept?.daysLeft} are kept of ${left?.daysLeft ?? running?.dueOn} on ${now}`,
    )
  if (left && clock?.of === 'supplement')
    law(
      daysUntil(clock.dueOn, left.unit) >= left.daysLeft,
      'a special procedure takes no day of the applicant',
      () => `${left.daysLeft} were left, and it is due on ${clock.dueOn} on ${now}`,
    )
}

const evaluations = (one: Case | undefined): number =>
  (one?.services ?? []).reduce(
    (sum, { evaluation, additions = [] }) => sum + (evaluation ? 1 : 0) + additions.length,
    0,
  )

/** Each link begins where the last one ended, or says that it does not. */
function checkChain({ name, links }: Paper): void {
  // What was taken back was left out of what came after it.
  if (!links.every(standing)) return
  links.forEach(({ from, gap }, i) => {
    const expected = links[i - 1]?.to
    law(!expected || !!gap || sameKeeper(expected, from), 'a chain of custody is connected', () => name)
  })
}

function checkRegistration(before: Case | undefined, { registration, result }: Case): void {
  const earlier = before?.registration?.state
  const step = `${earlier} -> ${registration?.state}`
  const isNext =
    registration?.state === 'asked'
      ? earlier === undefined
      : earlier === 'asked' && registration !== undefined
  law(isNext, 'a result is registered at most once', () => step)
  const isElectronic = registration?.state !== 'asked' || result?.type === 'electronic'
  law(isElectronic, 'only an electronic result is registered', () => `${result?.type}`)
}

/** Cards go up one step at a time, and end with the clock. */
export function checkCards(entries: readonly Entry[], { cases }: Aggregate): void {
  for (const { type, caseId, data } of entries) {
    if (type !== 'deadline.escalated') continue
    law(data.card === 'red', 'only what is red is escalated', () => String(data.card))
    const clock = cases.find(({ id }) => id === caseId)?.clock
    law(clock?.level === data.level, 'an escalation counts its level', () => `${data.level}`)
  }
}

/** What is offered again has proof, and was not itself used again. */
export function checkOffered(
  before: readonly Material[] | undefined,
  { materials: after, cases }: Aggregate,
): void {
  for (const one of after) {
    if (!one.reusable) continue
    const { caseId, takenBack } = one.reusable
    const given = cases.find(({ id }) => id === caseId)!
    const saidNo = failedStates.has(given.state) || given.reason !== undefined
    law(!saidNo || takenBack === true, 'what is offered again was given with a yes', () => given.state)
    if (before?.includes(one)) continue
    const isOwn =
      one.source !== 'shared' || before?.some(({ reusable }) => reusable === one.reusable) === true
    law(isOwn && one.reusableDays !== undefined, 'only what was given here is offered again', () => one.code)
    const isOnly = after.every((other) => other === one || other.reusable?.id !== one.reusable!.id)
    law(isOnly, 'each material is offered under an id of its own', () => `${one.code} ${one.reusable!.id}`)
  }
}

/** Only failed matters are done again, and each by one submission that still stands. */
export function checkRedone(before: Submission | undefined, { submission, cases }: Aggregate): void {
  if (submission.redoneBy === before?.redoneBy) return
  const known = before?.redoneBy ?? []
  for (const { matters, submissionId } of submission.redoneBy!.slice(known.length)) {
    for (const code of matters) {
      const one = cases.find(({ matter }) => matter.code === code)
      const hasFailed = one && (failedStates.has(one.state) || (one.state === 'closed' && one.reason))
      law(!!hasFailed, 'only what failed is done again', () => `${code} ${one?.state}`)
    }
    law(!known.some((one) => one.submissionId === submissionId), 'a redo is linked once', () => submissionId)
  }
}
