// The other side of a measured relay in one light process: a platform that submits and is called back, and a department
// that takes each case at once and reports it closed. Keeps the books by which lost and double are counted.

import { closedRequest, names, submissionRequest } from './bodies.ts'
import { compose, createSender, headerOf, listen, type Message, type Sender } from './wire.ts'

/** What the city knows of one case. Times are `performance.now()`. */
interface Line {
  intendedAt: number
  answeredAt: number
  accepted: boolean
  taken: number
  finals: number
  finalAt: number
  finalId: string
}

export interface Tally {
  accepted: number
  finished: number
  /** Accepted and never called back to the platform. */
  lost: number
  /** Taken twice by the department, or two different final events for one case. */
  double: number
  /** Submissions or callbacks answered otherwise than expected; the first few answers. */
  failures: number
  firstFailures: string[]
  /** From the intended moment of submitting, ms: to the 202, and to the platform's final callback. */
  answerTimes: number[]
  finalTimes: number[]
}

export interface BenchCity {
  port: number
  /** Where submissions and callbacks go from now on; forgets all that was before. */
  aim(target: { port: number; connections: number }): void
  /** Submits once. `done` is called when its case is finished, or when it failed (`ok` false). */
  submit(options: {
    theme: string
    intendedAt: number
    until: 'answered' | 'finished'
    done(ok: boolean): void
  }): void
  /** Submissions that were accepted and are not finished yet. */
  unfinished(): number
  tally(): Tally
  close(): void
}

interface State {
  lines: Map<string, Line>
  waiting: Map<string, (ok: boolean) => void>
  failures: string[]
  failureCount: number
  sender: Sender | null
}

export async function startCity(port: number): Promise<BenchCity> {
  let state = emptyState(null)
  const server = await listen(port, (request) => answerRequest(state, request))
  return {
    port,
    aim(target) {
      state.sender?.close()
      state = emptyState(createSender(target.port, target.connections))
    },
    submit: (options) => submit(state, options),
    unfinished: () => [...state.lines.values()].filter((line) => line.accepted && line.finals === 0).length,
    tally: () => tallyOf(state),
    close() {
      state.sender?.close()
      server.close()
    },
  }
}

function emptyState(sender: Sender | null): State {
  return { lines: new Map(), waiting: new Map(), failures: [], failureCount: 0, sender }
}

function lineOf(state: State, caseId: string): Line {
  let line = state.lines.get(caseId)
  if (line === undefined) {
    line = { intendedAt: 0, answeredAt: 0, accepted: false, taken: 0, finals: 0, finalAt: 0, finalId: '' }
    state.lines.set(caseId, line)
  }
  return line
}

function fail(state: State, what: string): void {
  state.failureCount++
  if (state.failures.length < 5) state.failures.push(what)
}

// ---- platform: submits ----------------------------------------------------------------------------------------

const run = Date.now().toString(36)
let serial = 0

function submit(state: State, options: Parameters<BenchCity['submit']>[0]): void {
  const externalId = `B${run}-${++serial}`
  state.sender!.send(submissionRequest(externalId, options.theme), (status, body) => {
    const caseId = status === 202 ? textAfter(body, '"caseId":"') : ''
    if (caseId === '') {
      fail(state, `submission: ${status} ${body.toString().slice(0, 600)}`)
      return options.done(false)
    }
    const line = lineOf(state, caseId)
    line.accepted = true
    line.intendedAt = options.intendedAt
    line.answeredAt = performance.now()
    if (options.until === 'answered' || line.finals > 0) options.done(true)
    else state.waiting.set(caseId, options.done)
  })
}

// ---- department and platform: are called ----------------------------------------------------------------------

function answerRequest(state: State, request: Message): string {
  if (request.head.startsWith(`POST /${names.department}/api/v1/project/receive `))
    return takeCase(state, request)
  if (request.head.startsWith(`POST /${names.platform}/`)) return takeCallback(state, request)
  fail(state, `unexpected request: ${request.head.slice(0, 100)}`)
  return compose(
    'HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\n',
    '{"code":"1404","message":"无此办件"}',
  )
}

function takeCase(state: State, { body }: Message): string {
  const caseId = textAfter(body, '"outerNo":"')
  const projectNo = `P${caseId}`
  const line = lineOf(state, caseId)
  line.taken++
  if (line.taken === 1) reportClosed(state, caseId, projectNo)
  return compose(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n',
    `{"code":"0","message":"ok","data":{"projectNo":"${projectNo}"}}`,
  )
}

function reportClosed(state: State, caseId: string, projectNo: string): void {
  state.sender!.send(closedRequest(caseId, projectNo), (status, answer) => {
    if (status !== 200) fail(state, `callback: ${status} ${answer.toString().slice(0, 600)}`)
  })
}

function takeCallback(state: State, { head, body }: Message): string {
  if (body.includes('"case.closed"')) {
    const line = lineOf(state, textAfter(body, '"caseId":"'))
    const id = headerOf(head, 'webhook-id')
    if (line.finals === 0 || id !== line.finalId) line.finals++
    if (line.finals === 1) finished(state, line, textAfter(body, '"caseId":"'), id)
  }
  return 'HTTP/1.1 204 No Content\r\n\r\n'
}

function finished(state: State, line: Line, caseId: string, id: string): void {
  line.finalAt = performance.now()
  line.finalId = id
  const done = state.waiting.get(caseId)
  if (done === undefined) return
  state.waiting.delete(caseId)
  done(true)
}

// ---- books ----------------------------------------------------------------------------------------------------

function tallyOf(state: State): Tally {
  const accepted = [...state.lines.values()].filter((line) => line.accepted)
  const finished = accepted.filter((line) => line.finals > 0)
  return {
    accepted: accepted.length,
    finished: finished.length,
    lost: accepted.length - finished.length,
    double: [...state.lines.values()].filter((line) => line.taken > 1 || line.finals > 1).length,
    failures: state.failureCount,
    firstFailures: state.failures,
    answerTimes: accepted.map((line) => line.answeredAt - line.intendedAt),
    finalTimes: finished.map((line) => line.finalAt - line.intendedAt),
  }
}

/** The text between `mark` and the next quote; '' when the mark is absent. Ids need no unescaping. */
function textAfter(body: Buffer, mark: string): string {
  const start = body.indexOf(mark, 0, 'latin1')
  if (start === -1) return ''
  const from = start + mark.length
  return body.toString('latin1', from, body.indexOf(34, from))
}
