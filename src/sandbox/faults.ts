// Misfortune from outside: hooks around an honest actor that refuse, delay, throttle, or lose the answer after
// the effect. Chosen by seed and by the request's own identity, so that the same request meets the same fate
// in any order of arrival. Must not touch what the actor does.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { adjusted, type Faults, type ProfileName, profiles } from './fault-profiles.ts'
import { fraction } from './random.ts'

export interface FaultBoard {
  /** What an actor suffers now. */
  of(actor: string): Faults
  /** For all actors, or one; figures left out stay. Throws RangeError for unknown figures. */
  change(change: { profile?: ProfileName; actor?: string; faults?: Record<string, unknown> }): void
  /** Actor, fault and how often it was injected. */
  counts(): Record<string, Record<string, number>>
  note(actor: string, fault: string): void
  /** A number in [0,1) for the nth time this identity is seen. */
  fate(actor: string, identity: string, what: string): number
  current(): Record<string, Faults>
  stop(): void
  /** Registers what must end with the city. */
  onStop(action: () => void): () => void
}

export function openFaultBoard(seed: string, profile: ProfileName): FaultBoard {
  let common: Faults = profiles[profile]
  const own = new Map<string, Faults>()
  const injected: Record<string, Record<string, number>> = {}
  const times = new Map<string, number>()
  const endings = new Set<() => void>()
  const of = (actor: string) => own.get(actor) ?? common
  return {
    of,
    change({ profile: name, actor, faults }) {
      const base = name ? profiles[name] : actor ? of(actor) : common
      const next = adjusted(base, faults ?? {})
      if (actor) own.set(actor, next)
      else {
        common = next
        own.clear()
      }
    },
    counts: () => structuredClone(injected),
    note(actor, fault) {
      injected[actor] ??= {}
      injected[actor][fault] = (injected[actor][fault] ?? 0) + 1
    },
    fate(actor, identity, what) {
      const key = `${actor} ${what} ${identity}`
      const time = times.get(key) ?? 0
      times.set(key, time + 1)
      return fraction(seed, key, time)
    },
    current: () => ({ '*': common, ...Object.fromEntries(own) }),
    stop() {
      for (const end of endings) end()
      endings.clear()
    },
    onStop(action) {
      endings.add(action)
      return () => endings.delete(action)
    },
  }
}

/** Adds the hooks to the actor's own Fastify scope, before its routes. */
export function injectFaults(app: FastifyInstance, actor: string, board: FaultBoard): void {
  app.addHook('onRequest', async (request, reply) => {
    const faults = board.of(actor)
    if (isDown(faults, actor)) return hangUp(request, reply, board, actor)
    if (faults.unavailable + faults.throttled + faults.garbage + faults.slow === 0) return
    const fate = board.fate(actor, identityOf(request), 'before')
    let edge = faults.unavailable
    if (fate < edge) return refuse(reply, board, actor)
    edge += faults.throttled
    if (fate < edge) return throttle(reply, board, actor, faults)
    edge += faults.garbage
    if (fate < edge) return garble(reply, board, actor)
    edge += faults.slow
    if (fate < edge) {
      board.note(actor, 'slow')
      await wait(faults.slowMs * (0.3 + fate), board)
    }
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const faults = board.of(actor)
    if (reply.statusCode >= 400 || faults.lost + faults.silent === 0) return payload
    const fate = board.fate(actor, identityOf(request), 'after')
    if (fate < faults.lost) lose(request, board, actor, 'lost')
    else if (fate < faults.lost + faults.silent) {
      await wait(faults.silentMs, board)
      lose(request, board, actor, 'silent')
    }
    return payload
  })
}

function isDown(faults: Faults, actor: string): boolean {
  if (faults.downEveryMs <= 0 || faults.downForMs <= 0) return false
  const own = fraction(actor, 'down') * faults.downEveryMs
  return (Date.now() + own) % faults.downEveryMs < faults.downForMs
}

function refuse(reply: FastifyReply, board: FaultBoard, actor: string): FastifyReply {
  board.note(actor, 'unavailable')
  return reply.code(503).type('text/plain').send('service unavailable')
}

function throttle(reply: FastifyReply, board: FaultBoard, actor: string, faults: Faults): FastifyReply {
  board.note(actor, 'throttled')
  return reply
    .code(429)
    .header('retry-after', String(faults.retryAfterSeconds))
    .type('text/plain')
    .send('slow down')
}

function garble(reply: FastifyReply, board: FaultBoard, actor: string): FastifyReply {
  board.note(actor, 'garbage')
  return reply
    .code(200)
    .type('text/html; charset=utf-8')
    .send('<html><body>系统维护中，请稍后再试</body></html>')
}

/** Nobody listens: the connection ends before anything was read. */
function hangUp(
  request: FastifyRequest,
  reply: FastifyReply,
  board: FaultBoard,
  actor: string,
): FastifyReply {
  board.note(actor, 'down')
  reply.hijack()
  request.raw.socket.destroy()
  return reply
}

/** The answer is written to a connection that is gone. */
function lose(request: FastifyRequest, board: FaultBoard, actor: string, why: string): void {
  board.note(actor, why)
  request.raw.socket.destroy()
}

function wait(ms: number, board: FaultBoard): Promise<void> {
  return new Promise((resolve) => {
    const forget = board.onStop(() => {
      clearTimeout(timer)
      resolve()
    })
    const timer = setTimeout(() => {
      forget()
      resolve()
    }, ms)
  })
}

/** What stays the same when the same thing is asked again. */
function identityOf(request: FastifyRequest): string {
  const headers = request.headers
  const key = headers['idempotency-key'] ?? headers['webhook-id']
  return `${request.method} ${request.url} ${typeof key === 'string' ? key : ''}`
}
