// POST /ops/v1/transfers/{id}/close: a dead letter that is not sent again, because a person found out that
// its system has it, or that nobody needs it any more.

import type { FastifyInstance } from 'fastify'
import type { DomainEvent } from '../domain/events.ts'
import { submissionOf } from '../domain/submission.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { optionalKeyHeader } from '../http/idempotency-key.ts'
import { problem } from '../http/problems.ts'
import { isStorable } from '../http/storable.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { operatorOf } from '../security/access.ts'
import { orderOnce } from './order-once.ts'
import { reasonOf } from './reason.ts'
import { recordAbout, stateOf } from './record-about.ts'

type Outcome = 'delivered' | 'given-up'
type Body = { outcome?: unknown; reference?: unknown; reason?: unknown } | null
type CloseRequest = { Params: { id: string }; Body: Body }
type Closing = DomainEvent & { type: 'transfer.vouched' | 'transfer.given-up' }

const LONGEST_REFERENCE = 100

export async function closeByHandRoutes(app: FastifyInstance, { ledger }: { ledger: Ledger }): Promise<void> {
  app.post<CloseRequest>(
    '/ops/v1/transfers/:id/close',
    { config: { access: 'operator:operator', doc } },
    async (request, reply) => {
      const { id } = request.params
      const submissionId = submissionOf(id)
      if (submissionId === null) throw problem('not-found')
      const reason = reasonOf(request.body, ['outcome', 'reference'])
      const { outcome, reference } = wantedOf(request.body)
      const told = { transferId: id, by: operatorOf(request).id, reason }
      const event: Closing =
        outcome === 'delivered'
          ? { type: 'transfer.vouched', ...told, ...(reference ? { reference } : {}) }
          : { type: 'transfer.given-up', ...told }
      return orderOnce(ledger, request, reply, async (given) => {
        await recordAbout(ledger, submissionId, event, given)
        return { transfer: id, state: await stateOf(ledger, submissionId, id) }
      })
    },
  )
}

/** @throws problem `invalid-request` with all that is wrong, the reason aside */
function wantedOf(body: Body): { outcome: Outcome; reference?: string } {
  const { outcome, reference } = body ?? {}
  const errors: FieldError[] = []
  if (outcome !== 'delivered' && outcome !== 'given-up')
    errors.push(
      fieldError(
        '/outcome',
        'invalid-value',
        'must be delivered or given-up',
        '须为 delivered（对方已收到）或 given-up（放弃）',
      ),
    )
  if (reference !== undefined && !isReference(reference))
    errors.push(
      fieldError(
        '/reference',
        'invalid-value',
        `must be a text of 1 to ${LONGEST_REFERENCE}: the number under which the system has it`,
        `须为 1 至 ${LONGEST_REFERENCE} 字的文本：对方系统的编号`,
      ),
    )
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return {
    outcome: outcome as Outcome,
    ...(reference === undefined ? {} : { reference: (reference as string).trim() }),
  }
}

const isReference = (value: unknown): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_REFERENCE && isStorable(value)

const doc = {
  tags: ['Operations 运维'],
  summary: 'Close a dead letter by hand 死信人工办结',
  description:
    '`delivered`: its system has it, as was found out otherwise (`reference`: its number there, a must for a postal order: the waybill). `given-up`: nobody needs it any more; of a question to a registry, the applicant is asked for the document. What a case waits for cannot be given up. · delivered：已核实对方系统收到（可填 reference，邮政订单必填运单号）；given-up：不再需要，证照查询改由申请人提交材料；办件仍在等待的流转不能放弃。',
  headers: optionalKeyHeader,
  body: {
    schema: {
      type: 'object',
      required: ['outcome', 'reason'],
      properties: {
        outcome: { type: 'string', enum: ['delivered', 'given-up'] },
        reference: { type: 'string', minLength: 1, maxLength: LONGEST_REFERENCE },
        reason: { type: 'string', minLength: 1, maxLength: 500 },
      },
    },
  },
  responses: {
    200: {
      description: 'Closed; the same order again gets its first answer',
      schema: {
        type: 'object',
        required: ['transfer', 'state'],
        properties: { transfer: { type: 'string' }, state: { type: 'string' } },
      },
    },
  },
}
