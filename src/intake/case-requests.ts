// What platforms and halls ask of a case that is under way: supplement it, withdraw it, say whether the applicant came.
// A change of its mode is in mode-requests.ts.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SubmittedMaterial } from '../../schemas/types.ts'
import type { MatterMaterial } from '../domain/catalogue.ts'
import type { DomainEvent, SuppliedMaterial } from '../domain/events.ts'
import type { Aggregate, File } from '../domain/submission.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { rawBodies } from '../http/messages.ts'
import { contradicted, problem } from '../http/problems.ts'
import type { Recorded } from '../ledger/changes.ts'
import { readUploads } from '../ledger/uploads.ts'
import { clientOf } from '../security/access.ts'
import type { IntakeDeps } from './accept.ts'
import { caseRequestDocs } from './case-request-docs.ts'
import { withSlot } from './case-slots.ts'
import { checkAppointment, checkReason } from './check-requests.ts'
import { checkSupplement, checkSupplied } from './check-supplement.ts'
import { type FileSources, filesOf, uploadIds } from './files.ts'
import { checkDivisions } from './own-divisions.ts'
import { noSuchCase, type OwnCase, ownCase } from './own-submission.ts'
import { answerTo, once } from './repeats.ts'

type CaseRequest = FastifyRequest<{ Params: { id: string } }>

export async function caseRequestRoutes(app: FastifyInstance, deps: IntakeDeps): Promise<void> {
  await app.register(async (scope) => {
    await rawBodies(scope, deps.settings.limits.maxBodyBytes)
    const access = { scope: 'submissions:write' } as const

    scope.post(
      '/v1/cases/:id/supplements',
      { config: { access, doc: caseRequestDocs.supplement } },
      caseRequest(deps, 'case.supplement-received', async (body, request) => {
        const { materials, note } = await readSupplement(deps, body, request)
        return {
          type: 'case.supplement-received',
          caseId: request.params.id,
          materials,
          ...(note ? { note } : {}),
        }
      }),
    )

    scope.post(
      '/v1/cases/:id/withdrawal',
      { config: { access, doc: caseRequestDocs.withdrawal } },
      caseRequest(deps, 'case.withdrawal-asked', async (body, request) => ({
        type: 'case.withdrawal-asked',
        caseId: request.params.id,
        reason: checkReason(body).reason,
      })),
    )

    scope.post(
      '/v1/cases/:id/appointment',
      { config: { access, doc: caseRequestDocs.appointment } },
      caseRequest(deps, 'appointment.reported', async (body, request) => {
        const asked = checkAppointment(body)
        const one = await caseNamed(deps, request)
        return {
          type: 'appointment.reported',
          caseId: request.params.id,
          at: deps.ledger.now().toISOString(),
          ...(await withSlot(deps, clientOf(request), one, asked, '/slot')),
        }
      }),
    )
  })
}

async function readSupplement(
  deps: IntakeDeps,
  body: unknown,
  request: CaseRequest,
): Promise<{ materials: SuppliedMaterial[]; note?: string }> {
  const asked = checkSupplement(body)
  const { submission, materials: all, one } = await caseToActOn(deps, request)
  const catalogue = await stored(deps.catalogues.pinned(submission.catalogueVersion))
  const takes = catalogue.matters.get(one.matter.code)?.materials ?? []
  const uploads = await stored(readUploads(deps.ledger.readers, uploadIds(asked.materials)))
  const sources = { uploads, parts: new Map(), client: clientOf(request).id }
  const errors = checkSupplied(asked.materials, {
    one,
    materials: all,
    takes: takes.map(({ code }) => code),
  })
  const materials = asked.materials.map((given, i) => {
    const wanted = takes.find(({ code }) => code === given.code)
    return { code: given.code, files: supplied(given, `/materials/${i}`, wanted, sources, errors) }
  })
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return { ...asked, materials }
}

function supplied(
  one: SubmittedMaterial,
  pointer: string,
  wanted: MatterMaterial | undefined,
  sources: FileSources,
  errors: FieldError[],
): File[] {
  const before = errors.length
  const files = filesOf(one, pointer, wanted, sources, errors)
  if (files.length === 0 && errors.length === before)
    errors.push(
      fieldError(pointer, 'file-missing', `${one.code} needs a materialId`, `${one.code} 缺少 materialId`),
    )
  return files
}

/** Records what is asked of the case, once, and answers with its state. `read` makes the event of the body. */
export function caseRequest<T extends DomainEvent['type']>(
  deps: IntakeDeps,
  type: T,
  read: (body: unknown, request: CaseRequest) => Promise<DomainEvent & { type: T }>,
) {
  return (request: CaseRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { id } = request.params
    return once(deps.ledger, request, reply, `${id} ${type}`, async (body, message) => {
      const event = await read(body, request)
      const { submission } = await (isTakenOver(event) ? caseNamed : caseToActOn)(deps, request)
      const submissionId = submission.id
      const standing = (aggregate: Aggregate) => stateOf(aggregate, id)
      const recorded = await stored(deps.ledger.record({ submissionId, event, message, answer: standing }))
      return answer(reply, recorded, id)
    })
  }
}

/** 全市通办: a window may take a case over from anywhere; whether it is one of the caller's is check-mode.ts' to say. */
const isTakenOver = (event: DomainEvent): boolean =>
  event.type === 'case.mode-asked' && event.agent !== undefined

const stateOf = ({ cases }: Aggregate, caseId: string) => ({
  caseId,
  state: cases.find(({ id }) => id === caseId)!.state,
})

const caseNamed = ({ ledger }: IntakeDeps, request: CaseRequest): Promise<OwnCase> =>
  ownCase(ledger, clientOf(request), request.params.id)

/** The same, where the caller acts for its division. */
async function caseToActOn(deps: IntakeDeps, request: CaseRequest): Promise<OwnCase> {
  const found = await caseNamed(deps, request)
  checkDivisions(clientOf(request), { ...found, cases: [found.one] }, deps.settings.halls)
  return found
}

function answer(reply: FastifyReply, recorded: Recorded, caseId: string): FastifyReply {
  if (recorded.outcome === 'conflict') throw problem('idempotency-conflict')
  if (recorded.outcome === 'unknown') throw noSuchCase(caseId)
  if (recorded.outcome === 'refused') throw contradicted(recorded.reason)
  return answerTo(reply, recorded, () => ({ caseId }))
}
