// Papers that stay too long with somebody. Each hand-over starts the limit of whoever holds the paper now; when it has
// passed, `custody.overdue` is told once, and the next hand-over ends the matter. Looked at when the case rings.

import { dayAfter, dayOf, lastDay, startOf } from './calendar.ts'
import { settledStates } from './case-states.ts'
import type { Rules } from './decide.ts'
import { type Draft, findCase, findMaterial } from './draft.ts'
import { type Awaited, type CustodyLimits, isOnItsWayBack, keeperOf, lastLink, type Paper } from './paper.ts'
import { nameOf, putPaper } from './papers.ts'
import { publish } from './publish.ts'
import type { Case, Wait } from './submission.ts'

/** The paper with the limit that runs from `at`, the moment since which it is where it is. */
export function awaiting(paper: Paper, department: string, at: string, rules: Rules): Paper {
  const rest = withoutLimit(paper)
  const { kind } = keeperOf(paper, department)
  const days = rules.custody ? daysFor(paper, kind, rules.custody) : undefined
  if (days === undefined) return rest
  const since = dayOf(at)
  const dueOn = lastDay(since, { days, unit: 'G' }, rules)
  return { ...rest, awaits: { from: kind, since, days, dueOn } }
}

function daysFor(paper: Paper, kind: Awaited['from'], limits: CustodyLimits): number | undefined {
  const back = isOnItsWayBack(paper)
  switch (kind) {
    case 'applicant':
      return back ? undefined : limits.applicantDays
    case 'window':
      return back ? undefined : limits.windowDays
    case 'carrier':
      return limits.carrierDays
    case 'department':
      if (paper.material === undefined) return limits.departmentDays
      return isSigned(paper) ? undefined : limits.receiptDays
  }
}

/** What a carrier says it delivered is received when the department says so as well. */
function isSigned(paper: Paper): boolean {
  const last = lastLink(paper)
  return last?.from.kind !== 'carrier' || last.parcel === undefined || last.confirmed !== undefined
}

/** The day on which one of the case's papers has to be looked for; null when none is awaited. */
export function custodyRingsOn({ papers, state }: Case): string | null {
  if (papers === undefined) return null
  const over = settledStates.has(state)
  return papers.reduce<string | null>((first, paper) => {
    if (!paper.awaits || paper.awaits.alarm || (over && isMoot(paper))) return first
    const on = dayAfter(paper.awaits.dueOn)
    return first === null || on < first ? on : first
  }, null)
}

/**
 * For a case that is over nobody sends a paper any more; what is under way must still arrive. For one that is brought by
 * hand other cases may wait: that is looked at when its day has come.
 */
const isMoot = (paper: Paper): boolean => !paper.byHand && isStillHere(paper)

const isStillHere = (paper: Paper): boolean =>
  !isOnItsWayBack(paper) && (paper.awaits?.from === 'applicant' || paper.awaits?.from === 'window')

/** Tells of every paper of the case whose limit has passed; the draft as it was when there is none. */
export function callOverdue(draft: Draft, caseId: string, rules: Rules): Draft {
  const papers = findCase(draft, caseId)?.papers ?? []
  return papers.reduce((next, paper) => {
    const { awaits } = paper
    if (!awaits || awaits.alarm || Date.parse(draft.now) < Date.parse(startOf(dayAfter(awaits.dueOn))))
      return next
    return isWanted(draft, caseId, paper)
      ? raise(next, caseId, paper, awaits, rules)
      : putPaper(next, caseId, withoutLimit(paper))
  }, draft)
}

/** Not once its case is over before it was sent and no other waits for it, nor once a scan was taken in its place. */
function isWanted(draft: Draft, caseId: string, paper: Paper): boolean {
  const isOver = settledStates.has(findCase(draft, caseId)!.state) && isStillHere(paper)
  if (isOver && !draft.aggregate.cases.some(({ waits }) => waits.some(isFor(paper)))) return false
  const isPaper = paper.material === undefined || findMaterial(draft, paper.material)?.source === 'paper'
  return isPaper || paper.links.length > 0
}

const isFor =
  ({ material }: Paper) =>
  (wait: Wait): boolean =>
    wait.for === 'paper' && 'material' in wait && wait.material === material

function raise(draft: Draft, caseId: string, paper: Paper, awaits: Awaited, rules: Rules): Draft {
  const { from: heldBy, since, days, dueOn } = awaits
  const facts = { ...nameOf(paper, findCase(draft, caseId)!), heldBy, since, days, dueOn }
  const told = publish(draft, 'custody.overdue', caseId, draft.now, facts, rules)
  const alarm = told.entries.at(-1)!.id
  return putPaper(told, caseId, { ...paper, awaits: { ...awaits, alarm } })
}

const withoutLimit = ({ awaits: _, ...paper }: Paper): Paper => paper
