// Where everything stands: what platforms may ask about their own submissions and cases.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Aggregate, Appointment, Case } from '../domain/submission.ts'
import { submissionOf } from '../domain/submission.ts'
import { tagged, unmodified } from '../http/entity-tags.ts'
import { stored } from '../http/ledger-away.ts'
import { type PageQuery, pages } from '../http/pages.ts'
import { problem } from '../http/problems.ts'
import { refuseUnknown } from '../http/query-parameters.ts'
import { isStorable } from '../http/storable.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type EntryView, entriesOf, findByExternalId, transfersOf } from '../ledger/reads.ts'
import { clientOf } from '../security/access.ts'
import type { Settings } from '../settings/settings.ts'
import { custodyOf, paperView } from './custody-view.ts'
import { checkDivisions } from './own-divisions.ts'

export interface ReadDeps {
  ledger: Ledger
  settings: Pick<Settings, 'halls'>
}

type ById = { Params: { id: string }; Querystring: PageQuery }
type View = (aggregate: Aggregate, one: Case | null, deps: ReadDeps, query: PageQuery) => unknown

/** A life of thousands of events is read in pages. */
const eventPages = pages<number, EntryView>({
  largest: 1_000,
  wordsOf: ({ number }) => [String(number)],
  positionOf: ([number, ...rest]) =>
    rest.length === 0 && number !== undefined && /^\d{1,9}$/.test(number) ? Number(number) : null,
})

const views: Record<
  string,
  { summary: string; view: View; list?: Pick<typeof eventPages, 'query' | 'schema'> }
> = {
  '': {
    summary: 'Where it stands 办理状态',
    view: (aggregate, one) =>
      one ? { ...caseView(one), ...submissionOfCase(aggregate) } : submissionView(aggregate),
  },
  '/events': {
    summary: 'Everything that happened 事件',
    list: eventPages,
    view: async ({ submission }, one, { ledger }, query) => {
      const { after, limit } = eventPages.asked(query)
      const caseId = one?.id ?? null
      const found = await stored(
        entriesOf(ledger.readers, submission.id, { caseId, after, limit: limit + 1 }),
      )
      return eventPages.answer(found, limit)
    },
  },
  '/transfers': {
    summary: 'Every transfer with its attempts 流转',
    view: async ({ submission }, one, { ledger }) => ({
      items: (await transfersOf(ledger.readers, submission.id)).filter(
        (transfer) => !one || transfer.caseId === one.id,
      ),
    }),
  },
  '/materials': {
    summary: 'Materials and their proofs 材料',
    view: ({ materials }, one) => ({
      items: materials.filter((material) => !one || material.cases.includes(one.id)),
    }),
  },
  '/parcels': {
    summary: 'Parcels 邮件',
    view: ({ parcels }, one) => ({ items: parcels.filter((parcel) => !one || parcel.caseId === one.id) }),
  },
  '/custody': {
    summary: 'Who holds each paper, and how it came there 材料交接',
    view: (aggregate, one) => ({ items: custodyOf(aggregate, one).map(paperView) }),
  },
}

export async function readRoutes(app: FastifyInstance, deps: ReadDeps): Promise<void> {
  const access = { scope: 'submissions:read' } as const
  for (const [path, { summary, view, list }] of Object.entries(views)) {
    for (const kind of ['submissions', 'cases'] as const) {
      const doc = {
        tags: [kind === 'cases' ? 'Cases 办件' : 'Submissions 申办'],
        summary,
        operationId: `read-${kind}${path.replace('/', '-')}`,
        ...(list ? { query: { type: 'object', properties: list.query } } : {}),
        responses: {
          200: { description: 'As of now', ...(list ? { schema: list.schema } : {}) },
          ...unmodified,
        },
      }
      app.get<ById>(`/v1/${kind}/:id${path}`, { config: { access, doc } }, async (request, reply) => {
        refuseUnknown(request.query, Object.keys(list?.query ?? {}))
        const { aggregate, one } = await find(deps, request, kind)
        return tagged(request, reply, await view(aggregate, one, deps, request.query))
      })
    }
  }
  app.get<{ Querystring: { externalId?: string } }>(
    '/v1/submissions',
    { config: { access, doc: findDoc } },
    async (request, reply) => {
      refuseUnknown(request.query, ['externalId'])
      const { externalId } = request.query
      if (typeof externalId !== 'string' || externalId === '' || !isStorable(externalId))
        throw problem('invalid-request', {
          detail: 'ask with ?externalId=',
          detailZh: '请使用 ?externalId= 查询',
        })
      const id = await stored(
        findByExternalId(deps.ledger.readers, clientOf(request).platform ?? '', externalId),
      )
      const found = id === null ? null : await stored(deps.ledger.find(id))
      if (found) checkDivisions(clientOf(request), found, deps.settings.halls)
      return tagged(request, reply, { items: found ? [submissionView(found)] : [] })
    },
  )
}

async function find(
  deps: ReadDeps,
  request: FastifyRequest<ById>,
  kind: 'submissions' | 'cases',
): Promise<{ aggregate: Aggregate; one: Case | null }> {
  const { id } = request.params
  const root = submissionOf(id)
  const found = root === null ? null : await stored(deps.ledger.find(root))
  const one = kind === 'cases' ? (found?.cases.find((c) => c.id === id) ?? null) : null
  // What belongs to another platform is not there for this one.
  if (
    !found ||
    found.submission.platform !== clientOf(request).platform ||
    (kind === 'cases' ? !one : found.submission.id !== id)
  )
    throw problem('not-found')
  checkDivisions(clientOf(request), one ? { ...found, cases: [one] } : found, deps.settings.halls)
  return { aggregate: found, one }
}

function submissionView({ submission, cases }: Aggregate): Record<string, unknown> {
  const { id, externalId, theme, mode, division, homeDivision, state, catalogueVersion } = submission
  const { redoes, redoneBy } = submission
  return {
    submissionId: id,
    externalId,
    theme,
    mode,
    division,
    homeDivision,
    state,
    catalogueVersion,
    ...(redoes ? { redoes } : {}),
    ...(redoneBy ? { redoneBy } : {}),
    cases: cases.map(caseView),
  }
}

function submissionOfCase({ submission }: Aggregate): Record<string, unknown> {
  const { id, externalId, theme, division, homeDivision } = submission
  return { submissionId: id, externalId, theme, division, homeDivision }
}

function caseView(one: Case): Record<string, unknown> {
  const { id, matter, system, mode, state, reference, waits, asked, reason, result, round, clock, stopped } =
    one
  const { appointment, agent, supplementDueOn, services } = one
  return {
    caseId: id,
    matter: matter.code,
    matterName: matter.name,
    system,
    mode,
    state,
    ...(one.optional ? { optional: true } : {}),
    ...(reference ? { reference } : {}),
    ...(waits.length > 0 ? { waits } : {}),
    ...(asked.length > 0 ? { asked, round } : {}),
    ...(reason ? { reason } : {}),
    ...(result ? { result } : {}),
    ...(one.registration ? { registration: one.registration } : {}),
    ...(clock ? { deadline: clock } : {}),
    ...(stopped ? { stopped } : {}),
    ...(appointment ? { appointment: appointmentView(appointment) } : {}),
    ...(agent ? { agent } : {}),
    ...(supplementDueOn ? { supplementDueOn } : {}),
    ...(services ? { services } : {}),
  }
}

/** Without what the gateway itself has in mind for it. */
function appointmentView({ next: _, ...shown }: Appointment): Record<string, unknown> {
  return shown
}

const findDoc = {
  tags: ['Submissions 申办'],
  summary: "Find by the platform's own number 按平台编号查询",
  query: { type: 'object', properties: { externalId: { type: 'string' } }, required: ['externalId'] },
  responses: { 200: { description: 'At most one' }, ...unmodified },
}
