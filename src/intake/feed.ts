// GET /v1/events: the events a platform was called back with, once more, to catch up or to compare. The same
// CloudEvents with the same ids; a cursor goes on where the last page ended.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { GatewayEvent, GatewayEventData } from '../../schemas/types.ts'
import { EVENT_SOURCE } from '../adapter-kit/event-source.ts'
import type { System } from '../delivery/systems.ts'
import { schemaOf } from '../docs/route-doc.ts'
import { matches, unknownPattern } from '../domain/public-events.ts'
import type { PublicEvent } from '../domain/submission.ts'
import { tagged, unmodified } from '../http/entity-tags.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { pages } from '../http/pages.ts'
import { problem } from '../http/problems.ts'
import { unknownParameters } from '../http/query-parameters.ts'
import { type FedEvent, type FeedPosition, readFeed } from '../ledger/feed.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { clientOf } from '../security/access.ts'
import { mayActFor } from '../security/clients.ts'
import type { Client, Settings } from '../settings/settings.ts'
import { utcTime } from './normalise/index.ts'

const feedPages = pages<FeedPosition, FeedPosition>({
  largest: 1_000,
  item: schemaOf('event'),
  wordsOf: ({ at, id }) => [at, id],
  positionOf: ([at, id, ...rest]) =>
    rest.length === 0 && /^\d{1,18}$/.test(at ?? '') && /^(trf_[0-9a-z]{1,60}|)$/.test(id ?? 'none')
      ? { at: at!, id: id! }
      : null,
})

type FeedRequest = FastifyRequest<{
  Querystring: { after?: unknown; since?: unknown; types?: unknown; limit?: unknown }
}>

interface FeedDeps {
  ledger: Ledger
  systems: ReadonlyMap<string, Pick<System, 'adapter'>>
  settings: Pick<Settings, 'halls'>
}

export async function feedRoutes(app: FastifyInstance, deps: FeedDeps): Promise<void> {
  app.get(
    '/v1/events',
    { config: { access: { scope: 'submissions:read' } as const, doc: feedDoc } },
    async (request: FeedRequest, reply) => {
      const client = clientOf(request)
      const { platform } = client
      if (platform === undefined) throw problem('forbidden')
      const { after, wanted, limit } = asked(request.query)
      const { events, end } = await stored(readFeed(deps.ledger.readers, platform, after, limit))
      const source = deps.systems.get(platform)?.adapter.eventSource ?? EVENT_SOURCE
      return tagged(request, reply, {
        items: events
          .filter((event) => wanted(event.type) && isFor(client, event, deps.settings.halls))
          .map((event) => cloudEvent(event, source)),
        next: feedPages.cursorOf(end ?? after),
        more: events.length === limit,
      })
    },
  )
}

/** As the routes that read it have it (own-divisions.ts). */
function isFor(client: Client, { division, halls }: FedEvent, known: Settings['halls']): boolean {
  const divisions = [division, ...halls.map((hall) => known.get(hall)?.division)]
  return divisions.some((one) => one !== undefined && mayActFor(client, one))
}

/** As the platform's adapter wraps it: receivers know a repeated event by source and id. */
export function cloudEvent(
  { id, type, at, subject, sequence, data }: PublicEvent,
  source: string,
): GatewayEvent {
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time: at,
    datacontenttype: 'application/json',
    sequence: String(sequence).padStart(8, '0'),
    // As publish.ts puts it together.
    data: data as GatewayEventData,
  }
}

type Wrong = (name: string, en: string, zh: string) => void

const parameters = ['after', 'since', 'types', 'limit'] as const

interface Asked {
  after: FeedPosition
  limit: number
  wanted(type: string): boolean
}

function asked(query: FeedRequest['query']): Asked {
  const errors: FieldError[] = []
  const wrong: Wrong = (name, en, zh) =>
    void errors.push(fieldError(`/query/${name}`, 'invalid-value', en, zh))
  const start = startOf(query, wrong)
  const patterns = patternsOf(query, wrong)
  const { after, limit } = feedPages.asked(query, [...errors, ...unknownParameters(query, parameters)])
  return { after: after ?? start, limit, wanted: (type) => patterns.some((one) => matches(one, type)) }
}

/** Bounded, for each is compared with every event of a page. */
const MOST_PATTERNS = 100

function patternsOf({ types }: FeedRequest['query'], wrong: Wrong): string[] {
  if (types === undefined) return ['*']
  const patterns = String(types).split(',')
  if (patterns.length > MOST_PATTERNS || !patterns.every((one) => /^(\*|[a-z-]+\.(\*|[a-z-]+))$/.test(one)))
    wrong(
      'types',
      `must list at most ${MOST_PATTERNS} types or prefixes such as case.closed,parcel.*`,
      `须为类型或前缀的列表，如 case.closed,parcel.*，不超过 ${MOST_PATTERNS} 个`,
    )
  else
    for (const pattern of patterns) {
      const unknown = unknownPattern(pattern)
      if (unknown) wrong('types', unknown.en, unknown.zh)
    }
  return patterns
}

/** Where whoever gives no cursor begins. */
function startOf({ after, since }: FeedRequest['query'], wrong: Wrong): FeedPosition {
  const beginning = { at: '0', id: '' }
  if (since === undefined) return beginning
  if (after !== undefined) wrong('since', 'give after or since, not both', 'after 与 since 只能填一个')
  const time = utcTime(since)
  if (time !== null) return { at: `${Math.max(0, Date.parse(time))}000`, id: '' }
  wrong(
    'since',
    'must be an ISO 8601 time with offset, such as 2026-11-23T09:00:00+08:00',
    '须为带时区的 ISO 8601 时间，如 2026-11-23T09:00:00+08:00',
  )
  return beginning
}

const feedDoc = {
  tags: ['Platform 平台'],
  summary: 'What the platform was told, once more 事件补取',
  description:
    'The events that were pushed to the calling platform, oldest first, with the ids they had. · 按先后返回已推送给本平台的事件，标识不变。',
  query: {
    type: 'object',
    properties: {
      ...feedPages.query,
      since: { type: 'string', format: 'date-time' },
      types: { type: 'string', description: 'case.closed,parcel.*' },
    },
  },
  responses: {
    200: {
      description: 'CloudEvents 1.0',
      schema: {
        ...feedPages.schema,
        properties: {
          ...(feedPages.schema.properties as object),
          next: {
            type: 'string',
            description:
              '`after` of the next page, always: keep it, and ask with it for what comes later · 下一页的 after，末页亦有，留待下次使用',
          },
        },
      },
    },
    ...unmodified,
  },
}
