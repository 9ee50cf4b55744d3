// POST /v1/submissions/{id}/withdrawal: every case that can still be withdrawn is, and the answer tells what became of
// each, the same when it is asked again.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Aggregate, Case } from '../domain/submission.ts'
import { clientOf } from '../security/access.ts'
import { type IntakeDeps, stored } from './accept.ts'
import { caseRequestDocs } from './case-request-docs.ts'
import { checkReason } from './check-requests.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { jsonOf } from './json-body.ts'
import { bodyOf, rawBodies, sha256 } from './messages.ts'
import { problem } from './problems.ts'

type WithdrawalRequest = FastifyRequest<{ Params: { id: string } }>

export async function submissionWithdrawalRoutes(app: FastifyInstance, deps: IntakeDeps): Promise<void> {
  await app.register(async (scope) => {
    await rawBodies(scope, deps.settings.limits.maxBodyBytes)
    scope.post(
      '/v1/submissions/:id/withdrawal',
      { config: { access: { scope: 'submissions:write' }, doc: caseRequestDocs.withdrawAll } },
      (request: WithdrawalRequest, reply) => withdraw(deps, request, reply),
    )
  })
}

async function withdraw(
  deps: IntakeDeps,
  request: WithdrawalRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { reason } = checkReason(jsonOf(request))
  const { id } = request.params
  const key = idempotencyKey(request)
  await find(deps, request)
  const body = bodyOf(request)
  const digest = sha256(Buffer.concat([Buffer.from(`${id} submission.withdrawal-asked\n`), body]))
  const source = `client:${clientOf(request).id}`
  const { outcome, aggregate, ...recorded } = await stored(
    deps.ledger.record({
      submissionId: id,
      event: { type: 'submission.withdrawal-asked', reason },
      message: { source, key, sha256: digest, mediaType: 'application/json', body },
    }),
  )
  if (outcome === 'conflict') throw problem('idempotency-conflict')
  if (outcome === 'refused')
    throw problem(
      'conflict-state',
      recorded.reason ? { detail: recorded.reason.en, detailZh: recorded.reason.zh } : {},
    )
  const repeated = outcome === 'replayed' || outcome === 'duplicate'
  if (repeated) reply.header('idempotent-replayed', 'true')
  return reply.code(repeated ? 200 : 202).send(told(aggregate ?? (await find(deps, request))))
}

/** What belongs to another platform is not there for this one. */
async function find({ ledger }: IntakeDeps, request: WithdrawalRequest): Promise<Aggregate> {
  const { id } = request.params
  const known = /^sub_[0-9a-z]{26}$/.test(id) ? await stored(ledger.read(id)) : null
  if (known?.aggregate.submission.platform === clientOf(request).platform && known) return known.aggregate
  throw problem('not-found', {
    detail: `there is no submission ${id.slice(0, 64)}`,
    detailZh: `没有申办 ${id.slice(0, 64)}`,
  })
}

const told = ({ submission, cases }: Aggregate) => ({
  submissionId: submission.id,
  state: submission.state,
  cases: cases.map(outcomeOf),
})

function outcomeOf({ id: caseId, matter, state }: Case): Record<string, unknown> {
  const facts = { caseId, matter: matter.code, state }
  if (state === 'withdrawn') return { ...facts, outcome: 'withdrawn' }
  return {
    ...facts,
    outcome: 'kept',
    detail: `a case that is ${state} can no longer be withdrawn`,
    detailZh: `办件状态为 ${state},不能再撤回`,
  }
}
