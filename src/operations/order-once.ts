// What an operator asks for under an Idempotency-Key happens once. Who asks again because no answer came gets the first one; what
// a dead process left half done is carried out to its end.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { stored } from '../intake/accept.ts'
import { sha256 } from '../intake/messages.ts'
import { isProblem, problem } from '../intake/problems.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { beginOrder, dropOrder, endOrder, type Order } from '../ledger/orders.ts'
import { operatorOf } from '../security/access.ts'

/** `carryOut` may run again, at the same time even: it gets the order and when it was first given, by the database's clock. */
export async function orderOnce(
  { writers }: Pick<Ledger, 'writers'>,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  carryOut: (order: Order, at: Date) => Promise<Record<string, unknown>>,
): Promise<FastifyReply> {
  const body = JSON.stringify(request.body ?? null)
  const order = {
    source: `operator:${operatorOf(request).id}`,
    key,
    sha256: sha256(Buffer.from(`${request.url}\n${body}`)),
  }
  const begun = await stored(beginOrder(writers, order, body))
  if (begun.sha256 !== order.sha256) throw problem('idempotency-conflict')
  if (begun.answer) return reply.code(200).header('idempotent-replayed', 'true').send(begun.answer)
  try {
    const answer = await carryOut(order, begun.at)
    await stored(endOrder(writers, order, answer))
    return reply.code(202).send(answer)
  } catch (error) {
    if (isProblem(error) && error.statusCode < 500) await stored(dropOrder(writers, order))
    throw error
  }
}
