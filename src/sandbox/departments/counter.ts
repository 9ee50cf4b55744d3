// The counter of one department: answers what it is asked at once and hands cases to the desk.
// Whatever it took is in the register before the answer leaves.

import type { CityContext } from '../actor.ts'
import { beijingTime } from '../beijing-time.ts'
import type { Caller } from '../caller.ts'
import { answers, type HouseAnswer } from './answers.ts'
import { courseOf, lastWords, type Shares } from './course.ts'
import type { Desk } from './desk.ts'
import { fetchFiles } from './files.ts'
import { count, enter, type Project, type Register } from './project.ts'
import type { Receive, SentMaterial, Supplement, Withdraw } from './receive.ts'

interface CounterParts {
  register: Register
  desk: Desk
  caller: Caller
  context: CityContext
  id: string
  seed: string
  shares: Shares
  stopping: AbortSignal
}

export interface Counter {
  receive(message: Receive): HouseAnswer
  supplement(message: Supplement): HouseAnswer
  withdraw(message: Withdraw): HouseAnswer
  find(outerNo: string): HouseAnswer
  findSupplement(outerNo: string, round: number): HouseAnswer
  refuse(body: unknown, reason: string): HouseAnswer
}

const MAX_REFUSALS_KEPT = 50

export function openCounter(parts: CounterParts): Counter {
  const { register } = parts
  return {
    receive: (message) => receive(parts, message),
    supplement: (message) => supplement(parts, message),
    withdraw: (message) => withdraw(parts, message),
    find(outerNo) {
      count(register, 'finds')
      const project = register.byOuterNo.get(outerNo)
      return project ? answers.found(project.projectNo, project.status) : answers.notFound()
    },
    findSupplement(outerNo, round) {
      count(register, 'finds')
      const project = register.byOuterNo.get(outerNo)
      return project?.supplements.has(round) ? answers.taken(project.projectNo) : answers.notFound()
    },
    refuse: (body, reason) => refuse(register, body, reason),
  }
}

function receive(parts: CounterParts, message: Receive): HouseAnswer {
  const { register } = parts
  const known = register.byOuterNo.get(message.outerNo)
  if (known) {
    count(register, 'duplicates')
    return answers.duplicate(known.projectNo)
  }
  const project = newProject(parts, message)
  enter(register, project)
  count(register, 'received')
  verify(parts, project, message.materials, () => parts.desk.goOn(project))
  return answers.taken(project.projectNo)
}

function newProject(parts: CounterParts, receive: Receive): Project {
  const number = String(parts.register.byOuterNo.size + 1).padStart(6, '0')
  const day = beijingTime(Date.now()).slice(0, 10).replaceAll('-', '')
  return {
    outerNo: receive.outerNo,
    projectNo: `${parts.id
      .replaceAll(/[^a-z]/g, '')
      .slice(0, 4)
      .toUpperCase()}${day}${number}`,
    receive,
    status: '26' as const,
    course: courseOf(receive.outerNo, parts.seed, parts.shares),
    waiting: false,
    supplements: new Map(),
    lastEventAt: Date.now(),
    eventsMade: 0,
    acknowledged: [],
  }
}

function supplement(parts: CounterParts, message: Supplement): HouseAnswer {
  const { register } = parts
  const project = register.byOuterNo.get(message.outerNo)
  if (!project || project.projectNo !== message.projectNo) return answers.notFound()
  if (project.supplements.has(message.round)) {
    count(register, 'duplicates')
    return answers.duplicate(project.projectNo)
  }
  if (!project.waiting) return refuse(register, message, '办件不在补正状态')
  project.supplements.set(message.round, 1)
  project.waiting = false
  count(register, 'supplements')
  verify(parts, project, message.materials, () => parts.desk.goOn(project))
  return answers.taken(project.projectNo)
}

function withdraw(parts: CounterParts, message: Withdraw): HouseAnswer {
  const { register } = parts
  const project = register.byOuterNo.get(message.outerNo)
  if (!project || project.projectNo !== message.projectNo) return answers.notFound()
  if (project.status === '98') {
    count(register, 'duplicates')
    return answers.duplicate(project.projectNo)
  }
  if (lastWords.has(project.status)) return answers.tooLate()
  project.status = '98'
  project.course = []
  project.waiting = false
  count(register, 'withdrawals')
  return answers.taken(project.projectNo)
}

function verify(
  parts: CounterParts,
  project: Project,
  materials: readonly SentMaterial[],
  then: () => void,
): void {
  const { register } = parts
  parts.context.later(0, async () => {
    const outcome = await fetchFiles(parts.caller, materials, parts.stopping)
    count(register, 'filesVerified', outcome.verified)
    count(register, 'fileRetries', outcome.retries)
    for (const { file, reason } of outcome.broken) {
      const line = {
        kind: 'broken-file',
        key: project.outerNo,
        reference: file.name,
        times: 1,
        state: reason,
      }
      register.brokenFiles.push(line)
    }
    then()
  })
}

function refuse(register: Register, body: unknown, reason: string): HouseAnswer {
  count(register, 'refusals')
  const key = String((body as { outerNo?: unknown } | undefined)?.outerNo ?? '')
  if (register.refusals.length < MAX_REFUSALS_KEPT) {
    register.refusals.push({ kind: 'refusal', key, reference: '', times: 1, state: reason })
  }
  return answers.refused(reason)
}
