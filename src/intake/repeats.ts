// What is asked of a case or a submission under way happens once. Whoever asks it again, with the same key
// and body, gets the first answer again: before anything is looked at that may have changed since, such as
// who may ask it or what is wanted.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { idempotencyKey } from '../http/idempotency-key.ts'
import { jsonOf } from '../http/json-body.ts'
import { stored } from '../http/ledger-away.ts'
import { bodyOf, sha256 } from '../http/messages.ts'
import { problem } from '../http/problems.ts'
import type { Message, Recorded } from '../ledger/changes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { clientOf } from '../security/access.ts'

/**
 * `asked` says of what something is asked and what that is, for one key goes with one request: `case_…
 * case.withdrawal-asked`.
 */
export async function once(
  ledger: Pick<Ledger, 'answered'>,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: string,
  ask: (body: unknown, message: Message) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const json = jsonOf(request)
  const message = messageOf(request, asked)
  const first = await stored(ledger.answered(message))
  if (first === 'other') throw problem('idempotency-conflict')
  return first ? repeat(reply).send(first) : ask(json, message)
}

function messageOf(request: FastifyRequest, asked: string): Message {
  const body = bodyOf(request)
  return {
    source: `client:${clientOf(request).id}`,
    key: idempotencyKey(request),
    sha256: sha256(Buffer.concat([Buffer.from(`${asked}\n`), body])),
    mediaType: 'application/json',
    body,
  }
}

/** `today`: the answer to the repeat of a request from before answers were kept. */
export function answerTo(
  reply: FastifyReply,
  { outcome, answer }: Recorded,
  today: () => Record<string, unknown>,
): FastifyReply {
  const repeated = outcome === 'replayed' || outcome === 'duplicate'
  return (repeated ? repeat(reply) : reply.code(202)).send(answer ?? today())
}

const repeat = (reply: FastifyReply): FastifyReply => reply.code(200).header('idempotent-replayed', 'true')
