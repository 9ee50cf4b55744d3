// The life of a case as one table: what each event means in each state. Total: every pair has an answer.
// It must stay readable by a department's contact; the docs print it.

export const caseStates = [
  'pending',
  'dispatched',
  'pre-review-returned',
  'accepted',
  'correction-requested',
  'special-procedure',
  'reviewing',
  'approved',
  'denied',
  'issued',
  'rejected',
  'withdrawn',
  'terminated',
  'closed',
] as const
export type CaseState = (typeof caseStates)[number]

export const caseEvents = [
  'case.dispatched',
  'case.accepted',
  'case.rejected',
  'case.pre-review-returned',
  'case.correction-requested',
  'case.supplemented',
  'case.special-procedure-started',
  'case.special-procedure-ended',
  'case.reviewing',
  'case.approved',
  'case.denied',
  'case.issued',
  'case.withdrawn',
  'case.terminated',
  'case.closed',
] as const
export type CaseEvent = (typeof caseEvents)[number]

/**
 * apply      the case moves
 * newer      apply if it happened after the last event applied, else it is late: note
 * note       late: its facts are kept, the state stays
 * duplicate  already so; nothing changes
 * refuse     contradicts what the case has become; answered with the reason, nothing changes
 * overturn   late, of a case that was closed without a decision: it had failed; where a yes was told, refuse
 */
export type Answer = 'apply' | 'newer' | 'note' | 'duplicate' | 'refuse' | 'overturn'

const letters = {
  A: 'apply',
  W: 'newer',
  n: 'note',
  d: 'duplicate',
  R: 'refuse',
  O: 'overturn',
} as const satisfies Record<string, Answer>

// Columns in the order of caseStates:
//   pe di rt ac co sp rv ap de is rj wd te cl
const rows: Record<CaseEvent, string> = {
  'case.dispatched': 'A  d  d  d  d  d  d  d  d  d  d  d  d  d',
  'case.accepted': 'A  A  A  d  W  n  n  n  n  n  R  n  n  n',
  'case.rejected': 'A  A  A  W  W  R  R  R  R  R  d  n  R  O',
  'case.pre-review-returned': 'A  W  d  n  n  n  n  n  n  n  n  n  n  n',
  'case.correction-requested': 'A  W  A  W  W  W  W  n  n  n  R  R  R  n',
  'case.supplemented': 'R  R  A  R  A  R  R  R  R  R  R  R  R  R',
  'case.special-procedure-started': 'A  W  A  W  W  d  W  n  n  n  R  R  R  n',
  'case.special-procedure-ended': 'n  n  n  n  n  A  n  n  n  n  n  n  n  n',
  'case.reviewing': 'A  A  A  W  W  W  d  n  n  n  R  n  n  n',
  'case.approved': 'A  A  A  A  W  A  A  d  R  n  R  R  R  n',
  'case.denied': 'A  A  A  A  W  A  A  R  d  R  R  R  R  O',
  'case.issued': 'A  A  A  A  A  A  A  A  R  d  R  R  R  n',
  'case.withdrawn': 'A  A  A  A  A  A  A  R  R  R  R  d  R  O',
  'case.terminated': 'A  A  A  A  A  A  A  A  R  R  R  R  d  O',
  'case.closed': 'A  A  A  A  A  A  A  A  A  A  A  A  A  d',
}

export const caseTable: Readonly<Record<CaseEvent, Readonly<Record<CaseState, Answer>>>> = expand()

function expand() {
  const table = {} as Record<CaseEvent, Record<CaseState, Answer>>
  for (const event of caseEvents) {
    const cells = rows[event].split(/\s+/) as (keyof typeof letters)[]
    const row = {} as Record<CaseState, Answer>
    caseStates.forEach((state, i) => {
      row[state] = letters[cells[i]!]
    })
    table[event] = row
  }
  return table
}

/** Where an applied event leads; `resume` is the state before the interruption. */
export const leadsTo: Readonly<Record<CaseEvent, CaseState | 'resume'>> = {
  'case.dispatched': 'dispatched',
  'case.accepted': 'accepted',
  'case.rejected': 'rejected',
  'case.pre-review-returned': 'pre-review-returned',
  'case.correction-requested': 'correction-requested',
  'case.supplemented': 'resume',
  'case.special-procedure-started': 'special-procedure',
  'case.special-procedure-ended': 'resume',
  'case.reviewing': 'reviewing',
  'case.approved': 'approved',
  'case.denied': 'denied',
  'case.issued': 'issued',
  'case.withdrawn': 'withdrawn',
  'case.terminated': 'terminated',
  'case.closed': 'closed',
}

/** States in which the department has spoken its last word, or nobody waits for it any more. */
export const settledStates: ReadonlySet<CaseState> = new Set([
  'denied',
  'issued',
  'rejected',
  'withdrawn',
  'terminated',
  'closed',
])

/** Settled without what was asked for: whatever depends on it cannot happen either. */
export const failedStates: ReadonlySet<CaseState> = new Set(['denied', 'rejected', 'withdrawn', 'terminated'])

/** States that are left by `case.supplemented` or `case.special-procedure-ended`. */
export const interruptions: ReadonlySet<CaseState> = new Set([
  'pre-review-returned',
  'correction-requested',
  'special-procedure',
])
