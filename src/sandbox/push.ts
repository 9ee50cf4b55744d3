// Everything the city's institutions send to the gateway by themselves goes through here: repeated until taken,
// and, when faults say so, late, twice, or after the next one. Must not know what is sent.

import { createHash } from 'node:crypto'
import type { PushRequest } from './actor.ts'
import { type Caller, pause } from './caller.ts'
import type { FaultBoard } from './faults.ts'

type Push = (actor: string, request: PushRequest) => Promise<{ status: number; body: string }>

interface PushParts {
  gatewayUrl: string
  caller: Caller
  board: FaultBoard
  stopping: AbortSignal
}

/** Answers with the gateway's first answer that is not 408, 429 or 5xx; rejects when the city stops. */
export function openPush(parts: PushParts): Push {
  return async (actor, request) => {
    const faults = parts.board.of(actor)
    const identity = identityOf(request)
    const fate = (what: string) => parts.board.fate(actor, identity, what)
    if (faults.overtaken > 0 && fate('overtaken') < faults.overtaken) {
      parts.board.note(actor, 'overtaken')
      await pause(faults.overtakenMs, parts.stopping)
    } else if (faults.delayed > 0 && fate('delayed') < faults.delayed) {
      parts.board.note(actor, 'delayed')
      await pause(faults.delayedMs * fate('delay'), parts.stopping)
    }
    const answer = await send(parts, actor, request)
    if (faults.repeated > 0 && fate('repeated') < faults.repeated) {
      parts.board.note(actor, 'repeated')
      await send(parts, actor, request)
    }
    return answer
  }
}

async function send(
  parts: PushParts,
  actor: string,
  request: PushRequest,
): Promise<{ status: number; body: string }> {
  const makeCall = () => ({
    method: request.method,
    url: parts.gatewayUrl + request.path,
    headers: { ...request.headers, ...request.sign?.() },
    body: request.body,
  })
  const answer = await parts.caller.untilAnswered(makeCall, () =>
    parts.board.note(actor, 'pushes tried again'),
  )
  return { status: answer.status, body: answer.body.toString('utf8') }
}

/** The same push, whenever it is made. */
function identityOf(request: PushRequest): string {
  return createHash('sha1').update(request.path).update(request.body).digest('base64url')
}
