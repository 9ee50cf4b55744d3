// One department of the city with its approval system: takes cases in the house format, keeps its own register
// and lives every case to its end. It is strict about what it is sent and never asks the gateway for its view.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor, CityContext } from '../actor.ts'
import { createCaller } from '../caller.ts'
import { checkDepartmentHeaders } from '../signature.ts'
import { answers, type HouseAnswer } from './answers.ts'
import { openCounter } from './counter.ts'
import { type Shares, usualShares } from './course.ts'
import { openDesk } from './desk.ts'
import { houseTell } from './house-report.ts'
import { booksOf, count, openRegister } from './project.ts'
import { readReceive, readSupplement, readWithdraw } from './receive.ts'

const MAX_NONCES = 200_000

export interface DepartmentOptions {
  /** The system's id: mounted under it, and its application key. */
  id: string
  /** Shared HMAC secret of both directions. */
  secret: string
  /** Decides the course of every case. */
  seed: string
  shares?: Partial<Shares>
}

export function createDepartment(context: CityContext, options: DepartmentOptions): Actor {
  const register = openRegister()
  const stopping = new AbortController()
  const caller = createCaller({ connections: 8 })
  const desk = openDesk(context, register, stopping.signal, houseTell(context, options))
  const counter = openCounter({
    register,
    desk,
    caller,
    context,
    id: options.id,
    seed: options.seed,
    shares: { ...usualShares, ...options.shares },
    stopping: stopping.signal,
  })
  return {
    name: options.id,
    routes(app) {
      readBytes(app)
      const seen = new Set<string>()
      app.addHook('preHandler', async (request, reply) => {
        count(register, 'requests')
        const refusal = checkCaller(request, options, seen)
        if (refusal) return reply.code(401).send(refusal)
      })
      app.post('/api/v1/project/receive', (request) => take(request, readReceive, counter.receive))
      app.post('/api/v1/project/supplement', (request) => take(request, readSupplement, counter.supplement))
      app.post('/api/v1/project/withdraw', (request) => take(request, readWithdraw, counter.withdraw))
      app.get('/api/v1/project/query', (request) => counter.find(query(request, 'outerNo')))
      app.get('/api/v1/project/supplement', (request) =>
        counter.findSupplement(query(request, 'outerNo'), Number(query(request, 'round'))),
      )
    },
    books: () => booksOf(register),
    async stop() {
      stopping.abort()
      caller.close()
    },
  }

  function take<T>(
    request: FastifyRequest,
    read: (body: unknown) => { ok: true; message: T } | { ok: false; field: string },
    handle: (message: T) => HouseAnswer,
  ): HouseAnswer {
    const body = parse(request.body)
    const result = read(body)
    if (!result.ok) return counter.refuse(body, `参数错误：${result.field}`)
    if (!request.headers['idempotency-key']) return counter.refuse(body, '参数错误：Idempotency-Key')
    return handle(result.message)
  }
}

/** The signature covers bytes, so bodies are kept as they came. */
function readBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

function checkCaller(
  request: FastifyRequest,
  options: DepartmentOptions,
  seen: Set<string>,
): HouseAnswer | undefined {
  const target = request.raw.url ?? ''
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const call = { method: request.method, target, body }
  const verdict = checkDepartmentHeaders(options.id, options.secret, call, request.headers)
  if (!verdict.ok) return answers.unauthorised(verdict.reason)
  if (seen.has(verdict.nonce)) return answers.unauthorised('随机数重复')
  if (seen.size >= MAX_NONCES) seen.clear()
  seen.add(verdict.nonce)
  return undefined
}

function parse(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '')
  } catch {
    return undefined
  }
}

function query(request: FastifyRequest, name: string): string {
  return (request.query as Record<string, string | undefined>)[name] ?? ''
}
