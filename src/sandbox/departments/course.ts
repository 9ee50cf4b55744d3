// Which way a department's case goes, decided when it arrives from its number and the seed alone.
// Pure: no clock, no network; the desk walks it.

import { fraction } from '../random.ts'

export interface Shares {
  /** 97 instead of acceptance. */
  rejected: number
  /** 28, then waiting for the supplement. */
  corrected: number
  /** 36 and 38 before the decision. */
  special: number
  /** 40 instead of approval. */
  denied: number
  /** 60 between approval and 90; the others close at once. */
  issued: number
}

export const usualShares: Shares = {
  rejected: 0.03,
  corrected: 0.15,
  special: 0.05,
  denied: 0.04,
  issued: 0.6,
}

export interface Step {
  status: Status
  /** Pretended milliseconds after the step before, at speed 1. */
  afterMs: number
}

/** What the departments of this city report; 26 and 98 are only answered when asked. */
export type Status = '26' | '28' | '30' | '35' | '36' | '38' | '40' | '50' | '60' | '90' | '97' | '98'

/** Nothing follows after these. */
export const lastWords: ReadonlySet<Status> = new Set(['40', '90', '97', '98'])

const STEP_MS = 1_500

/** Steps in order. After a 28 the desk waits for the supplement before it goes on. */
export function courseOf(caseId: string, seed: string, shares: Shares): Step[] {
  const chance = (what: keyof Shares) => fraction(seed, caseId, what) < shares[what]
  if (chance('rejected')) return timed(['97'], caseId, seed)
  const course: Status[] = ['30']
  if (chance('corrected')) course.push('28', '30')
  course.push('35')
  if (chance('special')) course.push('36', '38')
  if (chance('denied')) return timed([...course, '40'], caseId, seed)
  course.push('50')
  if (chance('issued')) course.push('60')
  return timed([...course, '90'], caseId, seed)
}

function timed(course: readonly Status[], caseId: string, seed: string): Step[] {
  return course.map((status, i) => ({ status, afterMs: STEP_MS * (0.4 + fraction(seed, caseId, 'pace', i)) }))
}
