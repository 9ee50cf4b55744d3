// Outside clocks run a little fast; what claims to have happened well after now has not happened.

import { type Refusal, refuse } from './draft.ts'

const MOST_AHEAD_MS = 10 * 60_000

/** For what comes with an answer and could not be told again: it happened now at the latest, whatever its clock says. */
export const notAhead = (at: string, now: string): string => (fromTheFuture(at, now) ? now : at)

/** The refusal of an event from the future; undefined when its time can be true. */
export function fromTheFuture(at: string, now: string): Refusal | undefined {
  if (at <= now && at.endsWith('Z') && now.endsWith('Z')) return undefined
  if (Date.parse(at) - Date.parse(now) <= MOST_AHEAD_MS) return undefined
  return refuse(
    `its time ${at} lies more than 10 minutes ahead of the gateway's clock (${now}): check the sender's clock`,
    `事件时间 ${at} 比网关时钟（${now}）超前 10 分钟以上，请核对发送方时钟`,
  )
}
