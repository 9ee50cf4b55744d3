// One case as a department keeps it, and the register of them all: the department's own books.
// Written by the desk only; never asks the gateway anything.

import type { ActorBooks, BookLine } from '../actor.ts'
import type { Status, Step } from './course.ts'
import type { Receive } from './receive.ts'

export interface Project {
  outerNo: string
  projectNo: string
  receive: Receive
  /** Told when asked. */
  status: Status
  /** Steps not yet walked. */
  course: Step[]
  /** Set while a correction waits for its supplement. */
  waiting: boolean
  /** Round to how many times it took effect. */
  supplements: Map<number, number>
  /** ms; each step is at least a second after the one before. */
  lastEventAt: number
  eventsMade: number
  /** In the order in which the gateway said that it has them. */
  acknowledged: Status[]
}

export interface Register {
  byOuterNo: Map<string, Project>
  /** Submission and matter to the case numbers under which they came: more than one is a double. */
  sameMatter: Map<string, Set<string>>
  refusals: BookLine[]
  brokenFiles: BookLine[]
  counts: Record<string, number>
}

export function openRegister(): Register {
  const counts = {
    requests: 0,
    received: 0,
    duplicates: 0,
    supplements: 0,
    withdrawals: 0,
    refusals: 0,
    finds: 0,
  }
  return {
    byOuterNo: new Map(),
    sameMatter: new Map(),
    refusals: [],
    brokenFiles: [],
    counts: { ...counts, filesVerified: 0, fileRetries: 0, eventsAcknowledged: 0, eventsRefused: 0 },
  }
}

export function enter(register: Register, project: Project): void {
  register.byOuterNo.set(project.outerNo, project)
  const matter = matterKey(project)
  const cases = register.sameMatter.get(matter) ?? new Set()
  register.sameMatter.set(matter, cases.add(project.outerNo))
}

export function count(register: Register, what: string, by = 1): void {
  register.counts[what] = (register.counts[what] ?? 0) + by
}

export function booksOf(register: Register): ActorBooks {
  const effects: BookLine[] = []
  for (const project of register.byOuterNo.values()) {
    const { outerNo: key, projectNo: reference } = project
    const times = register.sameMatter.get(matterKey(project))?.size ?? 1
    effects.push({ kind: 'case', key, reference, times, state: project.status })
    for (const [round, taken] of project.supplements) {
      effects.push({ kind: 'supplement', key, reference, times: taken, state: String(round) })
    }
    if (project.status === '98') effects.push({ kind: 'withdrawal', key, reference, times: 1, state: '98' })
    for (const status of new Set(project.acknowledged)) {
      effects.push({ kind: 'event', key, reference, times: 1, state: status })
    }
  }
  return {
    effects: [...effects, ...register.refusals, ...register.brokenFiles],
    counts: { ...register.counts },
  }
}

function matterKey(project: Project): string {
  return `${project.receive.submissionNo}\n${project.receive.itemCode}`
}
