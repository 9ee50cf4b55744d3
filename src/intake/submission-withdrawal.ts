// POST /v1/submissions/{id}/withdrawal: every case that can still be withdrawn is, and the answer tells what became of
// each, the same when it is asked again.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Aggregate, Case } from '../domain/submission.ts'
import { stored } from '../http/ledger-away.ts'
import { rawBodies } from '../http/messages.ts'
import { contradicted, problem } from '../http/problems.ts'
import { clientOf } from '../security/access.ts'
import type { IntakeDeps } from './accept.ts'
import { caseRequestDocs } from './case-request-docs.ts'
import { checkReason } from './check-requests.ts'
import { checkDivisions } from './own-divisions.ts'
import { ownSubmission } from './own-submission.ts'
import { answerTo, once } from './repeats.ts'

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

function withdraw(deps: IntakeDeps, request: WithdrawalRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { id } = request.params
  const type = 'submission.withdrawal-asked'
  return once(deps.ledger, request, reply, `${id} ${type}`, async (body, message) => {
    const { reason } = checkReason(body)
    const before = await ownSubmission(deps.ledger, clientOf(request), id)
    // A window that took one case over has no say over the others.
    checkDivisions(clientOf(request), { ...before, cases: [] }, deps.settings.halls)
    const recorded = await stored(
      deps.ledger.record({ submissionId: id, event: { type, reason }, message, answer: told }),
    )
    if (recorded.outcome === 'conflict') throw problem('idempotency-conflict')
    if (recorded.outcome === 'refused') throw contradicted(recorded.reason)
    return answerTo(reply, recorded, () => told(before))
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
    detailZh: `办件状态为 ${state}，不能再撤回`,
  }
}
