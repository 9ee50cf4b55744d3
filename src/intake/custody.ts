// 交接: windows and platforms tell of papers that changed hands, and print the list that goes with them.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Catalogues } from '../catalogue/in-force.ts'
import { type HandOver, handOverFaults } from '../domain/custody.ts'
import { nameOf } from '../domain/papers.ts'
import type { Aggregate, Submission } from '../domain/submission.ts'
import { fieldError } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { rawBodies } from '../http/messages.ts'
import { contradicted, problem } from '../http/problems.ts'
import { refuseUnknown } from '../http/query-parameters.ts'
import type { Recorded } from '../ledger/changes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { clientOf } from '../security/access.ts'
import { pageHeaders } from '../security/page-headers.ts'
import type { Settings } from '../settings/settings.ts'
import { type CustodyContext, checkHandOver, type HandOverBody } from './check-custody.ts'
import { checkWindows, type WindowContext } from './check-custody-windows.ts'
import { custodyDocs } from './custody-docs.ts'
import { custodyPage, custodyPagePolicy } from './custody-page.ts'
import { custodyOf } from './custody-view.ts'
import { paperDocument } from './documents.ts'
import { checkDivisions } from './own-divisions.ts'
import { ownWithDocument } from './own-submission.ts'
import { answerTo, once } from './repeats.ts'

interface CustodyDeps {
  ledger: Ledger
  settings: Omit<Settings, 'catalogue'>
  catalogues: Pick<Catalogues, 'of'>
  /** Those of the configuration in force. */
  systems: ReadonlyMap<string, { settings: { title: { zh: string } } }>
}

type CustodyRequest = FastifyRequest<{ Params: { id: string } }>

export async function custodyRoutes(app: FastifyInstance, deps: CustodyDeps): Promise<void> {
  await app.register(async (scope) => {
    await rawBodies(scope, deps.settings.limits.maxBodyBytes)
    scope.post(
      '/v1/submissions/:id/custody',
      { config: { access: { scope: 'submissions:write' }, doc: custodyDocs.report } },
      (request: CustodyRequest, reply) => report(deps, request, reply),
    )
  })
  app.get(
    '/v1/submissions/:id/custody.html',
    { config: { access: { scope: 'submissions:read' }, doc: custodyDocs.page } },
    async (request: CustodyRequest, reply) => {
      refuseUnknown(request.query, [])
      const { aggregate, document } = await ownWithDocument(deps.ledger, clientOf(request), request.params.id)
      checkDivisions(clientOf(request), aggregate, deps.settings.halls)
      const page = custodyPage({
        ...namesFor(deps, aggregate.submission),
        aggregate,
        applicant: (document?.applicant as { name?: string } | undefined)?.name ?? '',
        printedAt: deps.ledger.now().toISOString(),
      })
      return reply.headers(pageHeaders(custodyPagePolicy)).type('text/html; charset=utf-8').send(page)
    },
  )
}

function report(deps: CustodyDeps, request: CustodyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { id } = request.params
  return once(deps.ledger, request, reply, `${id} custody`, async (body, message) => {
    const { document, aggregate } = await ownWithDocument(deps.ledger, clientOf(request), request.params.id)
    const client = clientOf(request)
    const agent = document?.agent as CustodyContext['agent']
    const told = checkHandOver(body, {
      halls: deps.settings.halls,
      systems: deps.systems,
      ...(agent ? { agent } : {}),
    })
    const now = deps.ledger.now().toISOString()
    refuseOutsiders(told, aggregate, { halls: deps.settings.halls, client, now })
    const event: HandOver = { type: 'material.handed-over', by: message.source, at: now, ...told }
    const standing = (after: Aggregate) => papersNow(after, event)
    const recorded = await stored(deps.ledger.record({ submissionId: id, event, message, answer: standing }))
    refuseIfNeedBe(recorded, aggregate, event, now)
    return answerTo(reply, recorded, () => standing(aggregate))
  })
}

/** What windows gave or took is told by their own; anything else by whoever the submission is with. */
function refuseOutsiders(
  told: HandOverBody,
  aggregate: Aggregate,
  context: Omit<WindowContext, 'mattersOf'>,
): void {
  const { materials, cases } = aggregate
  const mattersOf = (code: string): string[] => {
    const needs = materials.find((one) => one.code === code)?.cases ?? []
    return cases.filter(({ id }) => needs.includes(id)).map(({ matter }) => matter.code)
  }
  const errors = checkWindows(told, { ...context, mattersOf })
  if (errors.length > 0) {
    const foreign = errors.every(({ code }) => code === 'division-not-allowed')
    throw problem(foreign ? 'division-not-allowed' : 'invalid-request', { errors })
  }
  if (told.from.kind !== 'window' && told.to.kind !== 'window')
    checkDivisions(context.client, aggregate, context.halls)
}

function refuseIfNeedBe(recorded: Recorded, aggregate: Aggregate, event: HandOver, now: string): void {
  const { outcome, reason } = recorded
  if (outcome === 'conflict') throw problem('idempotency-conflict')
  if (outcome === 'unknown') throw problem('not-found')
  if (outcome !== 'refused') return
  const errors = handOverFaults(aggregate, event, now).map(({ pointer, code, en, zh }) =>
    fieldError(pointer, code, en, zh),
  )
  if (errors.length > 0) throw problem('invalid-request', { errors })
  // Right when it came: somebody else told of the paper meanwhile.
  throw contradicted(reason)
}

/** The papers that the report is about, as they stand after it. */
function papersNow(aggregate: Aggregate, event: HandOver) {
  const items = custodyOf(aggregate).filter(({ one, paper }) => isNamed(event, nameOf(paper, one)))
  return { submissionId: aggregate.submission.id, items: items.map(paperDocument) }
}

const isNamed = ({ papers }: HandOver, { material, result }: Record<string, string>): boolean =>
  papers.some((one) => ('material' in one ? one.material === material : one.result === result))

/** Names for codes, as the catalogue and the halls have them. */
function namesFor({ catalogues, settings, systems }: CustodyDeps, { theme, catalogueVersion }: Submission) {
  const catalogue = catalogues.of(catalogueVersion)
  const { halls } = settings
  return {
    theme: catalogue.themes.get(theme)?.name.zh ?? theme,
    divisionName: (code: string) => catalogue.divisions.get(code)?.name.zh ?? code,
    hallName: (code: string) => halls.get(code)?.name.zh ?? code,
    systemName: (id: string) => systems.get(id)?.settings.title.zh ?? id,
  }
}
