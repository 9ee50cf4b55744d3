// The gateway's HTTP side: one Fastify with every route, guarded before the first is added. No rule lives here.

import Fastify, { type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { openBookings } from './appointments/bookings.ts'
import { appointmentRoutes } from './appointments/routes.ts'
import { hallRoutes } from './catalogue/hall-routes.ts'
import type { Catalogues } from './catalogue/in-force.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { certificateRoutes } from './certificates/routes.ts'
import type { BookCalls } from './delivery/book-calls.ts'
import type { Inboxes } from './delivery/inbox.ts'
import type { AskSystem } from './delivery/questions.ts'
import type { Queues } from './delivery/queue.ts'
import type { Sweeper } from './delivery/sweeper.ts'
import type { System } from './delivery/systems.ts'
import { installOpenApi } from './docs/openapi.ts'
import { problemRoutes } from './docs/problem-pages.ts'
import { referenceRoutes } from './docs/reference.ts'
import type { WorkCalendar } from './domain/calendar.ts'
import { refuseUnknownPaths } from './http/allowed-methods.ts'
import { answerBroken, nodeAnswersNothing, refuseIncomplete } from './http/broken-requests.ts'
import { letSendersFinish } from './http/discard-rest.ts'
import { askForBodies, heedExpectations } from './http/expectations.ts'
import { parseJsonBodies } from './http/json-body.ts'
import { problem, problemHandler } from './http/problems.ts'
import { refuseStray } from './http/query-parameters.ts'
import { endStalledBodies } from './http/stalled-bodies.ts'
import { callbackRoutes } from './intake/callbacks.ts'
import { caseRequestRoutes } from './intake/case-requests.ts'
import { custodyRoutes } from './intake/custody.ts'
import { feedRoutes } from './intake/feed.ts'
import { inboxRoutes } from './intake/inbox.ts'
import { modeRequestRoutes } from './intake/mode-requests.ts'
import { readRoutes } from './intake/reads.ts'
import { reusableRoutes } from './intake/reusable.ts'
import { submissionWithdrawalRoutes } from './intake/submission-withdrawal.ts'
import { submissionRoutes } from './intake/submissions.ts'
import type { Ledger } from './ledger/ledger.ts'
import { newestDifferences } from './ledger/reconciliations.ts'
import { type KeptUpload, registerUpload } from './ledger/uploads.ts'
import type { Links } from './materials/links.ts'
import { materialRoutes } from './materials/routes.ts'
import type { MaterialStore } from './materials/store.ts'
import type { Activator } from './operations/catalogue/activate.ts'
import { catalogueVersionRoutes } from './operations/catalogue/routes.ts'
import { watchSkew } from './operations/clock-skew.ts'
import { closeByHandRoutes } from './operations/close-by-hand.ts'
import { custodyAlarmRoutes } from './operations/custody-alarms.ts'
import { fastifyLogging, logRequests } from './operations/log.ts'
import type { Metrics } from './operations/metrics.ts'
import type { Observers } from './operations/observers.ts'
import { operatorRoutes } from './operations/operator-routes.ts'
import { queueBoardRoutes } from './operations/queue-board.ts'
import { watchReconciliations } from './operations/reconciliation-metrics.ts'
import { configurationRoutes } from './operations/reload/routes.ts'
import type { Reloads } from './operations/reload.ts'
import { replayRoutes } from './operations/replay-routes.ts'
import { measureRequests } from './operations/request-metrics.ts'
import { retryAllRoutes } from './operations/retry-all.ts'
import { operationsRoutes } from './operations/routes.ts'
import { unreadableRoutes } from './operations/unreadable.ts'
import { backlog, vitals } from './operations/vitals.ts'
import { postalRoutes } from './postal/routes.ts'
import { installAccess } from './security/access.ts'
import { loginRoutes } from './security/login.ts'
import { installRates } from './security/rates.ts'
import type { Settings } from './settings/settings.ts'
import { missingYears } from './supervision/calendar-years.ts'
import { type FileObserver, putAside } from './supervision/files.ts'
import { supervisionRoutes } from './supervision/supervise.ts'
import { VERSION } from './version.ts'

/** What the whole gateway is made of, as its parts need one another. */
export interface Parts {
  settings: Omit<Settings, 'catalogue'>
  catalogues: Catalogues
  ledger: Ledger
  store: MaterialStore
  links: Links
  queues: Queues
  systems: ReadonlyMap<string, System>
  observe: Observers
}

/** What only those need who are asked over HTTP. */
interface Serving {
  inboxes: Inboxes
  ask: AskSystem
  calls: BookCalls
  files: FileObserver
  reloads: Reloads | undefined
  activate: Activator | undefined
  calendar: WorkCalendar
}

/** Adds every route and listens. @throws Error with a sentence when the port is taken */
export async function serve(
  parts: Parts & Serving,
  sweeper: Sweeper | undefined,
  { log, metrics }: { log: Logger; metrics: Metrics },
): Promise<FastifyInstance> {
  const { settings } = parts
  const proxies = settings.http.trustedProxies
  const app = Fastify({
    ...fastifyLogging(log),
    frameworkErrors: problemHandler,
    bodyLimit: settings.limits.maxBodyBytes,
    // Of anybody else X-Forwarded-* says nothing.
    trustProxy: proxies.length > 0 ? [...proxies] : false,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    // Of the whole request: an upload may take as long as it makes progress, anything else not (http/stalled-bodies.ts).
    requestTimeout: 0,
    clientErrorHandler: answerBroken,
    http: nodeAnswersNothing,
  })
  app.setErrorHandler(problemHandler)
  refuseIncomplete(app)
  refuseUnknownPaths(app)
  heedExpectations(app)
  letSendersFinish(app)
  parseJsonBodies(app)
  measureRequests(app, metrics)
  logRequests(app)
  endStalledBodies(app, { afterMs: settings.limits.stalledBodySeconds * 1000 })
  installAccess(app, settings)
  refuseStray(app)
  await installRates(app, settings.clients)
  askForBodies(app)
  await installOpenApi(app, { version: VERSION, publicUrl: settings.http.publicUrl })
  await referenceRoutes(app)
  await problemRoutes(app)
  await operationsRoutes(app, {
    version: VERSION,
    metrics,
    vitals: vitals(parts, sweeper),
    backlog: backlog(parts, sweeper),
    missingYears: () => missingYears(settings, parts.ledger.now()),
  })
  watchSkew(metrics.registry, () => parts.ledger.presence.skewMs())
  await loginRoutes(app, { settings, home: '/ops/queues' })
  await queueBoardRoutes(app, { queues: () => parts.queues.list() })
  await operatorRoutes(app, parts)
  await retryAllRoutes(app, parts)
  await closeByHandRoutes(app, parts)
  await unreadableRoutes(app, parts)
  await custodyAlarmRoutes(app, parts)
  await replayRoutes(app, parts)
  watchReconciliations(metrics.registry, () => newestDifferences(parts.ledger.readers))
  await supervisionRoutes(app, parts)
  if (parts.reloads) await configurationRoutes(app, { reloads: parts.reloads, ledger: parts.ledger })
  await catalogueVersionRoutes(app, parts)
  await catalogueRoutes(app, parts)
  await hallRoutes(app, parts)
  await materialRoutes(app, {
    ...parts,
    registerMaterial: (row) => material(parts.ledger, row),
    foundDamaged: (sha256) =>
      void putAside({ store: parts.store, observer: parts.files }, sha256).catch((error: unknown) =>
        log.error({ err: error, sha256 }, 'file.damaged'),
      ),
  })
  const bookings = openBookings(parts)
  const intake = { ...parts, bookings, observer: parts.observe }
  await submissionRoutes(app, intake)
  await caseRequestRoutes(app, intake)
  await modeRequestRoutes(app, intake)
  await submissionWithdrawalRoutes(app, intake)
  await appointmentRoutes(app, { ...parts, bookings })
  await custodyRoutes(app, parts)
  await callbackRoutes(app, { ...parts, observer: parts.observe })
  await inboxRoutes(app, parts)
  await certificateRoutes(app, { ...parts, certificateTypes: parts.catalogues.certificateTypes })
  await postalRoutes(app, { ...parts, postal: settings.postal })
  await readRoutes(app, parts)
  await reusableRoutes(app, parts)
  await feedRoutes(app, parts)
  try {
    await app.listen({ host: settings.http.host, port: settings.http.port })
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'EADDRINUSE') throw cause
    throw new Error(
      `Port ${settings.http.port} on ${settings.http.host} is in use. Stop what uses it, or set TONGBAN_PORT to another.`,
      { cause },
    )
  }
  return app
}

/** What a caller has to finish what it is sending, or to take its answer, when the process ends. */
const LINGER_MS = 3_000

/** Takes no more requests from now on; resolves when those under way are answered, or their connections closed. */
export async function stopServing(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), LINGER_MS)
  await app.close().finally(() => clearTimeout(cut))
}

async function material(
  ledger: Ledger,
  row: Parameters<typeof registerUpload>[1],
): Promise<KeptUpload & { replayed: boolean }> {
  const { conflict, ...registered } = await registerUpload(ledger.writers, row)
  if (conflict)
    throw problem('idempotency-conflict', {
      detail: 'this Idempotency-Key was used before for another file',
      detailZh: '该 Idempotency-Key 已用于另一个文件',
    })
  return registered
}
