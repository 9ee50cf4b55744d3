// The laws of every life, looked at after each decision: only where something changed, so that a million lives can be
// looked at. What the domain computes in one way is computed here in another.

import {
  type CaseEvent,
  type CaseState,
  caseEvents,
  caseTable,
  failedStates,
  interruptions,
  leadsTo,
  settledStates,
} from '../../src/domain/case-states.ts'
import type { Decision } from '../../src/domain/decide.ts'
import type {
  Aggregate,
  Case,
  Clock,
  Entry,
  Parcel,
  Submission,
  Transfer,
} from '../../src/domain/submission.ts'
import type { Told } from './books.ts'
import { law } from './law.ts'
import { checkAppointment, checkReminders } from './laws-of-appointments.ts'
import { checkCards, checkCarried, checkOffered, checkRedone } from './laws-of-parts.ts'
import { checkRegistries, checkWaits } from './laws-of-waits.ts'

/** Looks at what was decided of what was told. `before` is null for a new submission. */
export function checkDecision(
  before: Aggregate | null,
  told: Told,
  { outcome, aggregate, entries }: Decision,
): void {
  if (outcome === 'duplicate' || outcome === 'refused') {
    law(aggregate === before && entries.length === 0, 'nothing new changes nothing', () => outcome)
    return
  }
  checkEntries(before, aggregate, entries)
  const { submission, cases, materials, transfers, parcels } = aggregate
  if (cases !== before?.cases) {
    checkMoves(before?.cases ?? [], cases, entries)
    cases.forEach((one, i) => {
      const earlier = before?.cases[i]
      if (one === earlier) return
      checkCase(one)
      checkCarried(earlier, one, told)
      checkAppointment(earlier, one, told)
    })
    checkSum(aggregate)
    checkCards(entries, aggregate)
    checkReminders(entries, aggregate, told)
  }
  if (cases !== before?.cases || parcels !== before?.parcels)
    for (const one of cases) if (one.waits.length > 0) checkWaits(one, aggregate)
  if (cases !== before?.cases || transfers !== before?.transfers) checkRegistries(aggregate)
  if (cases !== before?.cases || materials !== before?.materials) checkOffered(before?.materials, aggregate)
  if (submission !== before?.submission) checkRedone(before?.submission, aggregate)
  if (transfers !== before?.transfers) checkLanes(transfers)
  if (parcels !== before?.parcels) checkParcels(before?.parcels ?? [], parcels)
  checkDispatch(cases, transfers)
  if (submission.post.deliver) checkPosted(cases, parcels)
}

function checkEntries(before: Aggregate | null, after: Aggregate, entries: readonly Entry[]): void {
  let number = before?.submission.counts.entries ?? 0
  for (const one of entries)
    law(one.number === ++number, 'entries are numbered without a gap', () => `${one.type} has ${one.number}`)
  law(after.submission.counts.entries === number, 'entries are counted', () => `${number}`)
}

// ---- a case moves by the table ------------------------------------------------------------------------------------

interface OwnMove {
  type: CaseEvent
  when(entry: Entry, from: CaseState): boolean
  /** null: it stays where it is. */
  to: CaseState | null
}

/**
 * What the gateway itself may do to a case, beside the table of reports. Another way for a case to move is
 * another row.
 */
const ownMoves: readonly OwnMove[] = [
  { type: 'case.correction-requested', when: ({ data }) => data.by === 'gateway', to: null },
  { type: 'case.supplemented', when: (_, from) => from === 'pending', to: null },
  {
    type: 'case.terminated',
    when: ({ data }, from) => data.reason === 'upstream-refused' && !settledStates.has(from),
    to: 'terminated',
  },
]

const reports: ReadonlySet<string> = new Set(caseEvents)

function checkMoves(before: readonly Case[], after: readonly Case[], entries: readonly Entry[]): void {
  law(after.length >= before.length, 'no case is lost', () => `${after.length} of ${before.length}`)
  before.forEach((one, i) => {
    const now = after[i]!
    if (now === one) return
    law(now.id === one.id, 'cases keep their places', () => `${now.id} for ${one.id}`)
    const reached = entries.reduce(
      (state, entry) => (entry.caseId === one.id ? step(entry, state, one) : state),
      one.state,
    )
    law(
      now.state === reached,
      'a case moves by the table only',
      () => `${one.state} -> ${now.state}, not ${reached}`,
    )
  })
}

/** Where an entry leads from a state, by the table. */
function step(entry: Entry, from: CaseState, one: Case): CaseState {
  if (!reports.has(entry.type) || entry.data.late) return from
  const type = entry.type as CaseEvent
  const own = ownMoves.find((move) => move.type === type && move.when(entry, from))
  if (own) return own.to ?? from
  const answer = caseTable[type][from]
  law(answer === 'apply' || answer === 'newer', 'a case moves by the table only', () => `${type} in ${from}`)
  const target = leadsTo[type]
  if (target !== 'resume') return target
  if (type === 'case.special-procedure-ended' && one.setAside) return one.setAside
  return interruptions.has(one.state) ? (one.resume ?? 'dispatched') : from
}

// ---- one case -----------------------------------------------------------------------------------------------------

const clocks: Readonly<Record<Clock['of'], readonly CaseState[]>> = {
  acceptance: ['dispatched'],
  decision: ['accepted', 'reviewing'],
  issuance: ['approved'],
  supplement: ['correction-requested', 'pre-review-returned'],
  'special-procedure': ['special-procedure'],
  appointment: [],
}

const timed: ReadonlySet<CaseState> = new Set(Object.values(clocks).flat())

/** The gateway's own question has its limit, unless the registry may still answer in the applicant's stead. */
const isAskedByUs = ({ state, waits }: Case): boolean =>
  state === 'pending' && waits.some((wait) => wait.for === 'supplement' && !wait.orCertificate)

/** Who missed an appointment, or cancelled it, has to book another; so has he of whom nobody says whether he came. */
const hasToBook = ({ state, waits, appointment }: Case): boolean =>
  state === 'pending' &&
  waits.some((wait) => wait.for === 'attendance') &&
  (appointment?.state === 'missed' || appointment?.state === 'cancelled' || !!appointment?.unreported)

/** The applicant has one limit at a time: documents come first. */
function runsBeforeDispatch(one: Case, { of }: Clock): boolean {
  if (isAskedByUs(one)) return of === 'supplement'
  return of === 'appointment' && hasToBook(one)
}

function checkCase(one: Case): void {
  const { state, waits, clock, stopped, resume, setAside, setAsideLimit } = one
  law(state === 'pending' || waits.length === 0, 'a case waits only while pending', () => state)
  const mayAnswer = interruptions.has(state) || waits.some((wait) => wait.for === 'supplement')
  law(mayAnswer || one.asked.length === 0, 'nobody is asked for what cannot be answered', () => state)
  if (clock) {
    const runs = state === 'pending' ? runsBeforeDispatch(one, clock) : clocks[clock.of].includes(state)
    law(runs, 'a clock runs only in its states', () => `${clock.of} in ${state}`)
    law(
      clock.warnOn <= clock.dueOn,
      'a card warns before the limit',
      () => `${clock.warnOn} > ${clock.dueOn}`,
    )
    law(!clock.level || clock.card === 'red', 'only what is red is escalated', () => `${clock.card}`)
  } else
    law(
      !timed.has(state) && !isAskedByUs(one) && !hasToBook(one),
      'whoever has to act is watched',
      () => `nothing runs in ${state} ${JSON.stringify(waits)}`,
    )
  if (stopped) {
    law(interruptions.has(state), 'a clock stands still only in an interruption', () => `stopped in ${state}`)
    law(stopped.daysLeft >= 0, 'a stopped clock has days left or none', () => `${stopped.daysLeft}`)
  }
  if (setAsideLimit)
    law(
      state === 'special-procedure' && setAside !== undefined,
      'only a correction is set aside',
      () => `${setAsideLimit.of} in ${state}`,
    )
  if (interruptions.has(state)) law(resume !== undefined, 'an interruption knows its way back', () => state)
}

function checkSum({ submission, cases }: Aggregate): void {
  let [settled, failed, missed] = [0, 0, 0]
  for (const { state, reason, optional } of cases) {
    if (settledStates.has(state)) settled++
    if (!failedStates.has(state) && !(state === 'closed' && reason)) continue
    failed++
    if (!optional) missed++
  }
  const sum: Submission['state'] =
    settled < cases.length
      ? 'open'
      : failed === settled
        ? 'refused'
        : missed === 0
          ? 'completed'
          : 'partly-completed'
  law(
    submission.state === sum,
    "a submission is the sum of its cases'",
    () => `${submission.state}, not ${sum}`,
  )
}

// ---- transfers and parcels ----------------------------------------------------------------------------------------

/** Of every lane with open transfers exactly the first is not held. */
function checkLanes(transfers: readonly Transfer[]): void {
  const heads = new Set<string>()
  let last = 0
  for (const { lane, state, sequence } of transfers) {
    law(sequence > last, 'transfers keep their order', () => `${sequence} after ${last}`)
    last = sequence
    if (state !== 'held' && state !== 'due' && state !== 'dead') continue
    law(
      (state === 'held') === heads.has(lane),
      'a lane goes in order',
      () => `${lane} ${sequence} is ${state}`,
    )
    heads.add(lane)
  }
}

function checkDispatch(cases: readonly Case[], transfers: readonly Transfer[]): void {
  const failed = new Set(cases.filter(hasFailed).map(({ id }) => id))
  for (const { id, state, waits, after = [], lastEventAt } of cases) {
    const isDead = transfers.some(
      (one) => one.operation === 'submitCase' && one.caseId === id && one.state === 'dead',
    )
    law(!isDead || lastEventAt === undefined, 'who has reported of a case has it', () => id)
    if (state !== 'pending') continue
    const sent = transfers.filter(
      ({ caseId, operation }) => operation === 'submitCase' && caseId === id,
    ).length
    law(
      sent === (waits.length === 0 ? 1 : 0),
      'a case goes when it waits for nothing, once',
      () => `${id} ${sent}`,
    )
    law(
      sent === 1 || !after.some((other) => failed.has(other)),
      'nobody comes after what has failed',
      () => `${id} after ${after}`,
    )
  }
}

/** Be it a refusal. */
function checkPosted(cases: readonly Case[], parcels: readonly Parcel[]): void {
  for (const { id, state, result } of cases) {
    if (result?.type !== 'paper' || (state !== 'issued' && state !== 'closed')) continue
    const isPosted = parcels.some(({ caseId, direction }) => caseId === id && direction === 'deliver')
    law(isPosted, 'a result on paper is posted', () => `${id} ${state}`)
  }
}

const hasFailed = ({ state, reason }: Case): boolean =>
  failedStates.has(state) || (state === 'closed' && reason !== undefined)

function checkParcels(before: readonly Parcel[], after: readonly Parcel[]): void {
  law(after.length >= before.length, 'no parcel is lost', () => `${after.length}`)
  const home = after.filter((one) => one.direction === 'deliver').map((one) => one.caseId)
  law(new Set(home).size === home.length, 'a result is posted at most once', () => home.join(' '))
  for (const one of after)
    law(one.trail.length > 0 <= (one.system !== ''), 'only a carrier reports', () => one.id)
}
