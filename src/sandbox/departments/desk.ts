// The desk of one department: walks each case through its course and reports every step to the gateway,
// signed, until the gateway has said that it has it. Steps go by the clock, not by the answers, as in a real
// department: a report that is late is overtaken by the next.

import type { CityContext } from '../actor.ts'
import { beijingTime } from '../beijing-time.ts'
import { pause } from '../caller.ts'
import { fraction } from '../random.ts'
import { departmentHeaders } from '../signature.ts'
import { lastWords, type Status, type Step } from './course.ts'
import { count, type Project, type Register } from './project.ts'

export interface Desk {
  /** Takes the next step of the case when its time has come. */
  goOn(project: Project): void
}

export interface DeskOptions {
  id: string
  secret: string
  seed: string
  stopping: AbortSignal
}

const CORRECTION_DAYS = 5
/** A report that the gateway refuses may only be too early: it is made again this often. */
const TRIES_AFTER_REFUSAL = 12
const PAUSE_AFTER_REFUSAL_MS = 300

export function openDesk(context: CityContext, register: Register, options: DeskOptions): Desk {
  const goOn = (project: Project): void => {
    const step = project.course[0]
    if (!step) return
    context.later(step.afterMs, async () => {
      if (project.course[0] !== step || project.waiting) return
      project.course.shift()
      const report = walk(project, step)
      if (step.status === '28') project.waiting = true
      else goOn(project)
      await tell(context, register, options, project, report)
    })
  }
  return { goOn }
}

interface Report {
  status: Status
  body: string
}

function walk(project: Project, step: Step): Report {
  project.status = step.status
  project.lastEventAt = Math.max(Date.now(), project.lastEventAt + 1000)
  project.eventsMade++
  const message = {
    eventId: `${project.projectNo}-${project.eventsMade}`,
    outerNo: project.outerNo,
    projectNo: project.projectNo,
    status: step.status,
    time: beijingTime(project.lastEventAt),
    ...factsOf(project, step.status),
  }
  return { status: step.status, body: JSON.stringify(message) }
}

function factsOf(project: Project, status: Status): Record<string, unknown> {
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

function resultOf(project: Project): Record<string, string> {
  return { type: '1', name: `${project.receive.itemName}结果文书`, number: `汴${project.projectNo}` }
}

async function tell(
  context: CityContext,
  register: Register,
  options: DeskOptions,
  project: Project,
  report: Report,
): Promise<void> {
  const path = `/v1/systems/${options.id}/events`
  const target = new URL(context.gatewayUrl + path).pathname
  const sign = () =>
    departmentHeaders(options.id, options.secret, { method: 'POST', target, body: report.body })
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  for (let tries = 0; tries < TRIES_AFTER_REFUSAL; tries++) {
    const answer = await context.push(options.id, { method: 'POST', path, headers, body: report.body, sign })
    if (isTaken(answer)) {
      project.acknowledged.push(report.status)
      count(register, 'eventsAcknowledged')
      return
    }
    count(register, 'eventsRefused')
    if (lastWords.has(project.status) && project.acknowledged.some((status) => lastWords.has(status))) return
    await pause(PAUSE_AFTER_REFUSAL_MS * (tries + 1), options.stopping)
  }
  count(register, 'eventsGivenUp')
}

function isTaken(answer: { status: number; body: string }): boolean {
  return answer.status >= 200 && answer.status < 300 && /"code"\s*:\s*"0"/.test(answer.body)
}
