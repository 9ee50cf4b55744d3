// POST /v1/cases/{id}/mode: the applicant goes on in another mode, without submitting again.

import type { FastifyInstance } from 'fastify'
import { stored } from '../http/ledger-away.ts'
import { rawBodies } from '../http/messages.ts'
import { clientOf } from '../security/access.ts'
import type { IntakeDeps } from './accept.ts'
import { caseRequestDocs } from './case-request-docs.ts'
import { caseRequest } from './case-requests.ts'
import { withSlot } from './case-slots.ts'
import { checkModeChange } from './check-mode.ts'
import { ownCase } from './own-submission.ts'

export async function modeRequestRoutes(app: FastifyInstance, deps: IntakeDeps): Promise<void> {
  await app.register(async (scope) => {
    const { settings, ledger } = deps
    await rawBodies(scope, settings.limits.maxBodyBytes)
    scope.post(
      '/v1/cases/:id/mode',
      { config: { access: { scope: 'submissions:write' }, doc: caseRequestDocs.mode } },
      caseRequest(deps, 'case.mode-asked', async (body, request) => {
        const found = await ownCase(ledger, clientOf(request), request.params.id)
        const { submission, one } = found
        const { matters } = await stored(deps.catalogues.pinned(submission.catalogueVersion))
        const known = matters.get(one.matter.code)
        const asked = checkModeChange(body, {
          matter: one.matter.code,
          offered: known?.modes,
          halls: settings.halls,
          client: clientOf(request),
          now: ledger.now(),
        })
        return {
          type: 'case.mode-asked',
          caseId: request.params.id,
          waitsForAttendance: (known?.startsWhen ?? 'attended') === 'attended',
          ...(await withSlot(deps, clientOf(request), found, asked, '/appointment/slot')),
        }
      }),
    )
  })
}
