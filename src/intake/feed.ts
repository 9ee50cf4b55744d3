// GET /v1/events: the events a platform was called back with, once more, to catch up or to compare. The same
// CloudEvents with the same ids; a cursor goes on where the last page ended.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { GatewayEvent, GatewayEventData } from '../../schemas/types.ts'
import { EVENT_SOURCE } from '../adapter-kit/event-source.ts'
import type { System } from '../delivery/systems.ts'
import { matches, unknownPattern } from '../domain/public-events.ts'
import type { PublicEvent } from '../domain/submission.ts'
import { tagged, unmodified } from '../http/entity-tags.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { problem } from '../http/problems.ts'
import { unknownParameters } from '../http/query-parameters.ts'
import { type FedEvent, type FeedPosition, readFeed } from '../ledger/feed.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { clientOf } from '../security/access.ts'
import { mayActFor } from '../security/clients.ts'
import type { Client, Settings } from '../settings/settings.ts'
import { utcTime } from './normalise/index.ts'

const DEFAULT_LIMIT = 200
const MAX_LIMIT = 1_000

type FeedRequest = FastifyRequest<{
  Querystring: { after?: unknown; since?: unknown; types?: unknown; limit?: unknown }
}>

export interface FeedDeps {
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
        next: cursorOf(end ?? after),
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
  const after = positionOf(query, wrong)
  const limit = query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    wrong('limit', `must be a whole number from 1 to ${MAX_LIMIT}`, `须为 1 至 ${MAX_LIMIT} 的整数`)
  const patterns = patternsOf(query, wrong)
  errors.push(...unknownParameters(query, parameters))
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return { after, limit, wanted: (type) => patterns.some((one) => matches(one, type)) }
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

function positionOf({ after, since }: FeedRequest['query'], wrong: Wrong): FeedPosition {
  const start = { at: '0', id: '' }
  if (after !== undefined && since !== undefined) {
    wrong('since', 'give after or since, not both', 'after 与 since 只能填一个')
    return start
  }
  if (since !== undefined) {
    const time = utcTime(since)
    if (time === null)
      wrong(
        'since',
        'must be an ISO 8601 time with offset, such as 2026-11-23T09:00:00+08:00',
        '须为带时区的 ISO 8601 时间，如 2026-11-23T09:00:00+08:00',
      )
    return time === null ? start : { at: `${Math.max(0, Date.parse(time))}000`, id: '' }
  }
  if (after === undefined) return start
  const position = readCursor(after)
  if (!position) wrong('after', 'must be the `next` of an earlier page', '须为上一页返回的 next')
  return position ?? start
}

const cursorOf = ({ at, id }: FeedPosition): string => Buffer.from(`${at} ${id}`).toString('base64url')

function readCursor(text: unknown): FeedPosition | null {
  if (typeof text !== 'string') return null
  const read = /^(\d{1,18}) (trf_[0-9a-z]{1,60}|)$/.exec(Buffer.from(text, 'base64url').toString('latin1'))
  return read ? { at: read[1]!, id: read[2]! } : null
}

const feedDoc = {
  tags: ['Platform 平台'],
  summary: 'What the platform was told, once more 事件补取',
  description:
    'The events that were pushed to the calling platform, oldest first, with the ids they had. · 按先后返回已推送给本平台的事件，标识不变。',
  query: {
    type: 'object',
    properties: {
      after: { type: 'string', description: '`next` of the page before · 上一页的 next' },
      since: { type: 'string', format: 'date-time' },
      types: { type: 'string', description: 'case.closed,parcel.*' },
      limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    },
  },
  responses: {
    200: {
      description: 'CloudEvents 1.0',
      schema: {
        type: 'object',
        properties: {
          items: { type: 'array', items: { type: 'object' } },
          next: { type: 'string' },
          more: { type: 'boolean' },
        },
      },
    },
    ...unmodified,
  },
}
