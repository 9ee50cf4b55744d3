// What an operator asks for under an Idempotency-Key happens once. Who asks again because no answer came gets
// the first one; what a dead process left half done is carried out to its end.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { optionalKey } from '../http/idempotency-key.ts'
import { stored } from '../http/ledger-away.ts'
import { sha256 } from '../http/messages.ts'
import { isProblem, problem } from '../http/problems.ts'
import type { Message } from '../ledger/changes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { beginOrder, dropOrder, endOrder, type Order } from '../ledger/orders.ts'
import { operatorOf } from '../security/access.ts'

/** An order and when it was first given, by the database's clock. */
export type Given = Order & { at: Date }

/**
 * Answers with what `carryOut` says, and `status`. Under a key `carryOut` may run again, at the same time
 * even: it gets the order that it is to recognise. Without one nothing is remembered.
 */
export async function orderOnce(
  { writers }: Pick<Ledger, 'writers'>,
  request: FastifyRequest,
  reply: FastifyReply,
  carryOut: (given?: Given) => Promise<object>,
  status = 200,
): Promise<FastifyReply> {
  const key = optionalKey(request)
  if (key === undefined) return reply.code(status).send(await carryOut())
  const body = JSON.stringify(request.body ?? null)
  const asked = sha256(Buffer.from(`${request.url}\n${body}`))
  const order = { source: `operator:${operatorOf(request).id}`, key, sha256: asked }
  const begun = await stored(beginOrder(writers, order, body))
  if (begun.sha256 !== asked) throw problem('idempotency-conflict')
  if (begun.answer) return reply.code(200).header('idempotent-replayed', 'true').send(begun.answer)
  try {
    const answer = await carryOut({ ...order, at: begun.at })
    await stored(endOrder(writers, order, answer))
    return reply.code(status).send(answer)
  } catch (error) {
    if (isProblem(error) && error.statusCode < 500) await stored(dropOrder(writers, order))
    throw error
  }
}

/**
 * The part of an order that is about one submission, so that the ledger knows it again; its words are kept
 * with the whole.
 */
export const partOf = ({ source, key, sha256 }: Order, part: string): Message => ({
  source: `order:${source}`,
  key: `${key} ${part}`,
  sha256,
  mediaType: '',
  body: Buffer.alloc(0),
})

/**
 * The part of an order that is about one transfer, for its change; nothing without an order. One that was refused as a whole and
 * is given anew under its key is another: what came of its parts before does not answer for it.
 */
export function partAbout(given: Given | undefined, transferId: string): { message?: Message } {
  if (!given) return {}
  const { at, ...order } = given
  return { message: partOf(order, `${at.getTime()} ${transferId}`) }
}
