// Where everything stands: what platforms may ask about their own submissions and cases.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type DocSchema, listOf, schemaOf } from '../docs/route-doc.ts'
import type { Aggregate, Case } from '../domain/submission.ts'
import { tagged, unmodified } from '../http/entity-tags.ts'
import { fieldError } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { type PageQuery, pages } from '../http/pages.ts'
import { problem } from '../http/problems.ts'
import { inQuery, refuseUnknown, unknownParameters } from '../http/query-parameters.ts'
import { isStorable } from '../http/storable.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type EntryView, entriesOf, findByExternalId, transfersOf } from '../ledger/reads.ts'
import { clientOf } from '../security/access.ts'
import type { Settings } from '../settings/settings.ts'
import { custodyOf } from './custody-view.ts'
import {
  caseDocument,
  entryDocument,
  materialDocument,
  paperDocument,
  parcelDocument,
  submissionDocument,
  transferDocument,
} from './documents.ts'
import { checkDivisions } from './own-divisions.ts'
import { ownCase, ownSubmission } from './own-submission.ts'

interface ReadDeps {
  ledger: Ledger
  settings: Pick<Settings, 'halls'>
}

type ById = { Params: { id: string }; Querystring: PageQuery }
type Kind = 'submissions' | 'cases'
type View = (aggregate: Aggregate, one: Case | null, deps: ReadDeps, query: PageQuery) => unknown

/** A life of thousands of events is read in pages. */
const eventPages = pages<number, EntryView>({
  largest: 1_000,
  item: schemaOf('entry'),
  wordsOf: ({ number }) => [String(number)],
  positionOf: ([number, ...rest]) =>
    rest.length === 0 && number !== undefined && /^\d{1,9}$/.test(number) ? Number(number) : null,
})

interface Read {
  summary: string
  view: View
  schema(kind: Kind): DocSchema
  query?: Readonly<Record<string, object>>
}

const views: Record<string, Read> = {
  '': {
    summary: 'Where it stands 办理状态',
    schema: (kind) => schemaOf(kind === 'cases' ? 'case' : 'submission-status'),
    view: (aggregate, one) => (one ? caseDocument(aggregate, one) : submissionDocument(aggregate)),
  },
  '/events': {
    summary: 'Everything that happened 事件',
    schema: () => eventPages.schema,
    query: eventPages.query,
    view: async ({ submission }, one, { ledger }, query) => {
      const { after, limit } = eventPages.asked(query, unknownParameters(query, ['after', 'limit']))
      const caseId = one?.id ?? null
      const found = await stored(
        entriesOf(ledger.readers, submission.id, { caseId, after, limit: limit + 1 }),
      )
      return eventPages.answer(found, limit, entryDocument)
    },
  },
  '/transfers': {
    summary: 'Every transfer with its attempts 流转',
    schema: () => listOf(schemaOf('transfer')),
    view: async ({ submission }, one, { ledger }) => ({
      items: (await stored(transfersOf(ledger.readers, submission.id)))
        .filter((transfer) => !one || transfer.caseId === one.id)
        .map(transferDocument),
    }),
  },
  '/materials': {
    summary: 'Materials and their proofs 材料',
    schema: () => listOf(schemaOf('material')),
    view: ({ materials }, one) => ({
      items: materials.filter((material) => !one || material.cases.includes(one.id)).map(materialDocument),
    }),
  },
  '/parcels': {
    summary: 'Parcels 邮件',
    schema: () => listOf(schemaOf('parcel')),
    view: ({ parcels }, one) => ({
      items: parcels.filter((parcel) => !one || parcel.caseId === one.id).map(parcelDocument),
    }),
  },
  '/custody': {
    summary: 'Who holds each paper, and how it came there 材料交接',
    schema: () => listOf(schemaOf('paper')),
    view: (aggregate, one) => ({ items: custodyOf(aggregate, one).map(paperDocument) }),
  },
}

export async function readRoutes(app: FastifyInstance, deps: ReadDeps): Promise<void> {
  const access = { scope: 'submissions:read' } as const
  for (const [path, { summary, view, schema, query: parameters }] of Object.entries(views)) {
    for (const kind of ['submissions', 'cases'] as const) {
      const doc = {
        tags: [kind === 'cases' ? 'Cases 办件' : 'Submissions 申办'],
        summary,
        operationId: `read-${kind}${path.replace('/', '-')}`,
        ...(parameters ? { query: { type: 'object', properties: parameters } } : {}),
        responses: { 200: { description: 'As of now', schema: schema(kind) }, ...unmodified },
      }
      app.get<ById>(`/v1/${kind}/:id${path}`, { config: { access, doc } }, async (request, reply) => {
        if (parameters === undefined) refuseUnknown(request.query, [])
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
          errors: [noNumber],
        })
      const id = await stored(
        findByExternalId(deps.ledger.readers, clientOf(request).platform ?? '', externalId),
      )
      const found = id === null ? null : await stored(deps.ledger.find(id))
      if (found) checkDivisions(clientOf(request), found, deps.settings.halls)
      return tagged(request, reply, { items: found ? [submissionDocument(found)] : [] })
    },
  )
}

async function find(
  deps: ReadDeps,
  request: FastifyRequest<ById>,
  kind: Kind,
): Promise<{ aggregate: Aggregate; one: Case | null }> {
  const { id } = request.params
  const { halls } = deps.settings
  const client = clientOf(request)
  if (kind === 'submissions') {
    const aggregate = await ownSubmission(deps.ledger, client, id)
    checkDivisions(client, aggregate, halls)
    return { aggregate, one: null }
  }
  const { one, ...aggregate } = await ownCase(deps.ledger, client, id)
  checkDivisions(client, { ...aggregate, cases: [one] }, halls)
  return { aggregate, one }
}

const noNumber = fieldError(
  inQuery('externalId'),
  'required',
  'must be given once, as text that can be kept',
  '须填写一个，且不含无法保存的字符',
)

const findDoc = {
  tags: ['Submissions 申办'],
  summary: "Find by the platform's own number 按平台编号查询",
  query: { type: 'object', properties: { externalId: { type: 'string' } }, required: ['externalId'] },
  responses: {
    200: { description: 'At most one', schema: listOf(schemaOf('submission-status')) },
    ...unmodified,
  },
}
