// How the city calls the gateway: plain HTTP on kept connections, and the patience of a careful caller who
// repeats the same request until somebody answers it. Must not know what is asked.

import { Agent, type IncomingHttpHeaders, request } from 'node:http'

interface Call {
  method: 'GET' | 'POST'
  url: string
  headers?: Record<string, string>
  body?: Buffer | string
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface Caller {
  /** One try; rejects when no whole answer came within the time-out. */
  once(call: Call): Promise<Answer>
  /**
   * Repeats, with growing pauses, until an answer other than 408, 429 or 5xx comes. `makeCall` is asked anew
   * for every try, so that signatures are fresh. Rejects only when the city stops.
   */
  untilAnswered(makeCall: () => Call, onRepeat?: (reason: string) => void): Promise<Answer>
  close(): void
}

const TIMEOUT_MS = 15_000
const FIRST_PAUSE_MS = 60
const LONGEST_PAUSE_MS = 1_000
const LONGEST_ASKED_PAUSE_MS = 5_000

export function createCaller(options: { connections?: number } = {}): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections ?? 64, scheduling: 'lifo' })
  const stopping = new AbortController()
  const once = (call: Call) => tryOnce(agent, stopping.signal, call)
  return {
    once,
    untilAnswered: (makeCall, onRepeat) => repeat(once, stopping.signal, makeCall, onRepeat),
    close() {
      stopping.abort()
      agent.destroy()
    },
  }
}

async function repeat(
  once: (call: Call) => Promise<Answer>,
  stopping: AbortSignal,
  makeCall: () => Call,
  onRepeat?: (reason: string) => void,
): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    stopping.throwIfAborted()
    const answer = await once(makeCall()).catch((error: unknown) => String(error))
    if (typeof answer !== 'string' && !isPassing(answer.status)) return answer
    onRepeat?.(typeof answer === 'string' ? answer : `HTTP ${answer.status}`)
    await pause(Math.max(askedPause(answer), backOff(tries)), stopping)
  }
}

function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408
}

function askedPause(answer: Answer | string): number {
  const seconds = typeof answer === 'string' ? 0 : Number(answer.headers['retry-after'] ?? 0)
  return Math.min(Number.isFinite(seconds) ? seconds * 1000 : 0, LONGEST_ASKED_PAUSE_MS)
}

function backOff(tries: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(tries, 10), LONGEST_PAUSE_MS)
}

function tryOnce(agent: Agent, stopping: AbortSignal, call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = call.body ?? ''
    const headers = { ...call.headers, 'content-length': Buffer.byteLength(body) }
    const outgoing = request(
      call.url,
      { method: call.method, headers, agent, signal: stopping },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('close', () => {
          if (!incoming.complete) return reject(new Error('The answer broke off'))
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
          })
        })
      },
    )
    outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error('No answer in time')))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Resolves after the time; rejects as soon as the city stops. */
export function pause(ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stopping.aborted) return reject(stopping.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(stopping.reason)
    }
    const timer = setTimeout(() => {
      stopping.removeEventListener('abort', stop)
      resolve()
    }, ms)
    stopping.addEventListener('abort', stop, { once: true })
  })
}
