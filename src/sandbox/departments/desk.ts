// The desk of one department: walks each case through its course and has every step reported to the gateway until
// the gateway has said that it has it. Steps go by the clock, not by the answers, as in a real department: a report
// that is late is overtaken by the next. How a report is made is the business of the department's own protocol.

import type { CityContext } from '../actor.ts'
import { beijingTime } from '../beijing-time.ts'
import { pause } from '../caller.ts'
import { fraction } from '../random.ts'
import { lastWords, type Status, type Step } from './course.ts'
import { count, type Project, type Register } from './project.ts'

export interface Desk {
  /** Takes the next step of the case when its time has come. */
  goOn(project: Project): void
}

/** One step as the department reports it, in the words of the house format. */
export interface Report {
  eventId: string
  /** Our case id, and the department's own number. */
  outerNo: string
  projectNo: string
  status: Status
  /** yyyy-MM-dd HH:mm:ss in China's time. */
  time: string
  reason?: string
  limitDays?: number
  materials?: { code: string; reason: string }[]
  result?: { type: string; name: string; number: string }
}

/** Reports once; true when the gateway said that it has it. Asked again after a false. */
export type Tell = (report: Report) => Promise<boolean>

const CORRECTION_DAYS = 5
/** A report that the gateway refuses may only be too early: it is made again this often. */
const TRIES_AFTER_REFUSAL = 12
const PAUSE_AFTER_REFUSAL_MS = 300

export function openDesk(context: CityContext, register: Register, stopping: AbortSignal, tell: Tell): Desk {
  const goOn = (project: Project): void => {
    const step = project.course[0]
    if (!step) return
    context.later(step.afterMs, async () => {
      if (project.course[0] !== step || project.waiting) return
      project.course.shift()
      const report = walk(project, step)
      if (step.status === '28') project.waiting = true
      else goOn(project)
      await untilTaken(register, stopping, project, () => tell(report), step.status)
    })
  }
  return { goOn }
}

function walk(project: Project, step: Step): Report {
  project.status = step.status
  project.lastEventAt = Math.max(Date.now(), project.lastEventAt + 1000)
  project.eventsMade++
  return {
    eventId: `${project.projectNo}-${project.eventsMade}`,
    outerNo: project.outerNo,
    projectNo: project.projectNo,
    status: step.status,
    time: beijingTime(project.lastEventAt),
    ...factsOf(project, step.status),
  }
}

function factsOf(project: Project, status: Status): Partial<Report> {
  const { itemName } = project.receive
  if (status === '97') return { reason: `${itemName}不属于本机关职权范围，不予受理` }
  if (status === '40') return { reason: `${itemName}不符合法定条件，审批不通过` }
  if (status === '36') return { reason: '需现场核查', limitDays: CORRECTION_DAYS * 2 }
  if (status === '28')
    return { reason: '材料需要补正', limitDays: CORRECTION_DAYS, materials: asked(project) }
  return status === '50' || status === '60' ? { result: resultOf(project) } : {}
}

function asked(project: Project): { code: string; reason: string }[] {
  const uploads = project.receive.materials.filter((material) => material.form === 'upload')
  const list = uploads.length > 0 ? uploads : project.receive.materials
  const chosen = list[Math.floor(fraction(project.outerNo, 'asked') * list.length)]
  return chosen ? [{ code: chosen.code, reason: `${chosen.name}不清晰，请重新提交` }] : []
}

function resultOf(project: Project): NonNullable<Report['result']> {
  return { type: '1', name: `${project.receive.itemName}结果文书`, number: `汴${project.projectNo}` }
}

async function untilTaken(
  register: Register,
  stopping: AbortSignal,
  project: Project,
  tell: () => Promise<boolean>,
  status: Status,
): Promise<void> {
  for (let tries = 0; tries < TRIES_AFTER_REFUSAL; tries++) {
    if (await tell()) {
      project.acknowledged.push(status)
      count(register, 'eventsAcknowledged')
      return
    }
    count(register, 'eventsRefused')
    if (lastWords.has(project.status) && project.acknowledged.some((one) => lastWords.has(one))) return
    await pause(PAUSE_AFTER_REFUSAL_MS * (tries + 1), stopping)
  }
  count(register, 'eventsGivenUp')
}
