// BullMQ's own view of what waits, at /ops/queues, for queue-level detail. Viewers may look, operators may act.
// Jobs are only wake-ups: whatever is done here, the ledger stays the truth and missing jobs come back.

import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isEngineAway } from '../delivery/engine-faults.ts'
import { problem } from '../http/problems.ts'
import { isStorable } from '../http/storable.ts'
import { declareAccess } from '../security/access.ts'
import { contentSecurityPolicy, pageHeaders } from '../security/page-headers.ts'
import { roleIncludes } from '../security/sessions.ts'

const PREFIX = '/ops/queues'
const POLL_SECONDS = 5

type RedisQueue = ConstructorParameters<typeof BullMQAdapter>[0]

/**
 * A BullMQ queue, whichever engine it runs on. The board's own type names only the Redis one, but it asks
 * nothing of Redis.
 */
export type BoardQueue = Pick<RedisQueue, 'name' | 'getJobCounts' | 'isPaused' | 'pause' | 'resume'>

interface QueueBoardDeps {
  /** Every queue to show; asked at each request, as systems come, go and get new queues while the gateway runs. */
  queues(): readonly BoardQueue[]
}

const enginesAway = () =>
  problem('unavailable', {
    detail:
      'the queues cannot be looked at now; no work waits for them, what is due is taken from the ledger',
    detailZh: '暂时无法查看队列；办件不受影响，到期的投递直接取自台账',
  })

export async function queueBoardRoutes(app: FastifyInstance, deps: QueueBoardDeps): Promise<void> {
  const board = new FastifyAdapter()
  board.setBasePath(PREFIX)
  let shown = deps.queues()
  const { replaceQueues } = createBullBoard({
    queues: shown.map(adapterOf),
    serverAdapter: board,
    options: {
      uiConfig: {
        boardTitle: '通办网关 · 队列',
        miscLinks: [{ text: '账户 Account', url: '/ops/login' }],
        pollingInterval: { showSetting: true, forceInterval: POLL_SECONDS },
        hideDocsLink: true,
        hideRedisDetails: true,
      },
    },
  })
  // Thrown again, it reaches the gateway's own error handler instead of the board's, which tells messages.
  board.setErrorHandler((error) => {
    throw isEngineAway(error) ? enginesAway() : error
  })

  const showTodays = (): void => {
    const today = deps.queues()
    if (today.length === shown.length && today.every((it, index) => it === shown[index])) return
    shown = today
    replaceQueues(today.map(adapterOf))
  }

  app.get(SESSION_SCRIPT, { config: { access: 'public' } }, (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(sessionScript),
  )
  await app.register(
    async (scope) => {
      declareAccess(scope, 'operator:viewer', 'operator:operator')
      scope.addHook('preHandler', async ({ params }) => {
        // PostgreSQL would be asked for it, and know no such text.
        if (!isStorable(params)) throw problem('not-found')
        showTodays()
      })
      scope.addHook('preSerialization', async (request, _reply, payload) => asSeenBy(request, payload))
      scope.addHook('onSend', async (_request, reply, payload) => {
        if (!String(reply.getHeader('content-type')).startsWith('text/html')) return payload
        reply.headers(headers)
        return typeof payload === 'string' ? watchingSession(withoutOutsideFonts(payload)) : payload
      })
      await scope.register(board.registerPlugin())
    },
    { prefix: PREFIX },
  )
}

const adapterOf = (it: BoardQueue): BullMQAdapter => new BullMQAdapter(it as RedisQueue)

/** The page styles its loading sign in the document itself; scripts come from our files only. */
const headers = pageHeaders(
  contentSecurityPolicy({
    'base-uri': "'self'",
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self' data:",
    'connect-src': "'self'",
    'manifest-src': "'self'",
  }),
)

const SESSION_SCRIPT = '/ops/queue-session.js'
/**
 * The board shows the last numbers for ever when its session has ended: whoever watches them is asked to log
 * in again.
 */
const sessionScript = `const send = XMLHttpRequest.prototype.send
XMLHttpRequest.prototype.send = function (...body) {
  this.addEventListener('load', () => {
    if (this.status === 401) location.assign('/ops/login?next=' + encodeURIComponent(location.pathname))
  })
  return send.apply(this, body)
}
`

const watchingSession = (html: string): string =>
  html.replace('<head>', `<head><script src="${SESSION_SCRIPT}"></script>`)

/** The policy would refuse the font of another site anyway, with an error in the console. */
function withoutOutsideFonts(html: string): string {
  return html.replace(/<link href="https:\/\/fonts\.[^>]*>/g, '')
}

/** To a viewer every queue is read-only, so the page offers nothing that would be refused. */
function asSeenBy({ operator }: FastifyRequest, payload: unknown): unknown {
  if (operator !== null && roleIncludes(operator.role, 'operator')) return payload
  if (typeof payload !== 'object' || payload === null || !('queues' in payload)) return payload
  const { queues } = payload
  if (!Array.isArray(queues)) return payload
  return {
    ...payload,
    queues: queues.map((it: object) => ({ ...it, readOnlyMode: true, allowRetries: false })),
  }
}
