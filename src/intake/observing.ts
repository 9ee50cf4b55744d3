// One submission at the door as one unit of work: whatever became of it is told once, with ids, counts and time. Nothing
// personal, and nothing of what was sent but codes of ours.

import { type Problem, problemOf } from '../http/problems.ts'

export interface SubmissionFacts {
  outcome: 'accepted' | 'replayed' | 'refused'
  client: string
  platform: string
  submission?: string
  theme?: string
  mode?: string
  cases?: number
  materials?: number
  files?: number
  /** Of a refusal: the problem's code, how many faults, and of which kinds. */
  code?: string
  faults?: number
  kinds?: readonly string[]
  /** From the headers to the answer. */
  ms: number
}

export interface SubmissionObserver {
  submitted(facts: SubmissionFacts): void
  /** So many wait for their turn at the door. */
  atTheDoor(waiting: number): void
}

type From = Pick<SubmissionFacts, 'client' | 'platform'>
type Known = Omit<SubmissionFacts, keyof From | 'ms'>

/** Runs `work` and tells what came of it; a mistake of ours is nobody's submission and is told elsewhere. */
export async function observed<T extends { facts: Known }>(
  observer: Pick<SubmissionObserver, 'submitted'>,
  from: From,
  work: () => Promise<T>,
): Promise<T> {
  const began = performance.now()
  const tell = (known: Known): void =>
    observer.submitted({ ...known, ...from, ms: Math.round((performance.now() - began) * 10) / 10 })
  try {
    const done = await work()
    tell(done.facts)
    return done
  } catch (error) {
    const it = problemOf(error as Error)
    if (it.problemCode !== 'internal') tell(refusal(it))
    throw error
  }
}

/** A line stays a line however much is wrong. */
const MOST_KINDS = 8

function refusal({ problemCode, errors }: Problem): Known {
  const kinds = [...new Set(errors?.map(({ code }) => code))].slice(0, MOST_KINDS)
  return {
    outcome: 'refused',
    code: problemCode,
    ...(errors ? { faults: errors.length, kinds } : {}),
  }
}
