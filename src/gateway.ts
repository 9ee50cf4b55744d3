// Puts the parts together, starts them in order and ends them in order. No rule lives here.

import Fastify, { type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { AdapterManifest } from './adapter-kit/contract.ts'
import { hallRoutes } from './catalogue/hall-routes.ts'
import { type Catalogues, openCatalogues } from './catalogue/in-force.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { certificateRoutes } from './certificates/routes.ts'
import { createDelivery, type Delivery } from './delivery/delivery.ts'
import { describeParcel } from './delivery/describe-parcel.ts'
import { attemptTools } from './delivery/files.ts'
import { type Inboxes, openInboxes } from './delivery/inbox.ts'
import { type AskSystem, questioner } from './delivery/questions.ts'
import { openQueues, type Queues } from './delivery/queue.ts'
import { type Sweeper, startSweeper } from './delivery/sweeper.ts'
import { closeSystem, openSystem, type System } from './delivery/systems.ts'
import { installOpenApi } from './docs/openapi.ts'
import { referenceRoutes } from './docs/reference.ts'
import type { WorkCalendar } from './domain/calendar.ts'
import { startAskers } from './intake/askers.ts'
import { callbackRoutes } from './intake/callbacks.ts'
import { caseRequestRoutes } from './intake/case-requests.ts'
import { custodyRoutes } from './intake/custody.ts'
import { feedRoutes } from './intake/feed.ts'
import { inboxRoutes } from './intake/inbox.ts'
import { modeRequestRoutes } from './intake/mode-requests.ts'
import { notFoundHandler, problem, problemHandler } from './intake/problems.ts'
import { readRoutes } from './intake/reads.ts'
import { reusableRoutes } from './intake/reusable.ts'
import { submissionWithdrawalRoutes } from './intake/submission-withdrawal.ts'
import { submissionRoutes } from './intake/submissions.ts'
import type { Remembered } from './ledger/aggregates.ts'
import type { FirstAttempts } from './ledger/changes.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { readPauses, writePause } from './ledger/pauses.ts'
import { newestDifferences } from './ledger/reconciliations.ts'
import { registerUpload } from './ledger/uploads.ts'
import { createLinks, type Links } from './materials/links.ts'
import { materialRoutes } from './materials/routes.ts'
import { type MaterialStore, openMaterialStore } from './materials/store.ts'
import { type Activator, activator } from './operations/catalogue/activate.ts'
import { catalogueVersionRoutes } from './operations/catalogue/routes.ts'
import { custodyAlarmRoutes } from './operations/custody-alarms.ts'
import { createLogger, fastifyLogging, logRequests } from './operations/log.ts'
import { createMetrics, type Metrics } from './operations/metrics.ts'
import { type Observers, observers } from './operations/observers.ts'
import { operatorRoutes } from './operations/operator-routes.ts'
import { queueBoardRoutes } from './operations/queue-board.ts'
import { watchReconciliations } from './operations/reconciliation-metrics.ts'
import { liveRules } from './operations/reload/live-rules.ts'
import type { Configuration } from './operations/reload/prepare.ts'
import { configurationRoutes } from './operations/reload/routes.ts'
import { type Reloaded, type Reloads, startReloads } from './operations/reload.ts'
import { replayRoutes } from './operations/replay-routes.ts'
import { measureRequests } from './operations/request-metrics.ts'
import { operationsRoutes } from './operations/routes.ts'
import { backlog, vitals } from './operations/vitals.ts'
import { postalRoutes } from './postal/routes.ts'
import { installAccess } from './security/access.ts'
import { loginRoutes } from './security/login.ts'
import type { Settings } from './settings/settings.ts'
import { missingYears, oncePerYear, yearMissingSentence } from './supervision/calendar-years.ts'
import { supervise, supervisionRoutes } from './supervision/supervise.ts'
import { VERSION } from './version.ts'

export const roles = ['api', 'worker', 'clock'] as const
export type Role = (typeof roles)[number]

export interface GatewayOptions {
  settings: Settings
  adapters: ReadonlyMap<string, AdapterManifest>
  /** Migrated already. */
  databaseUrl: string
  roles: readonly Role[]
  /** Told when this process can no longer do useful work and should be replaced. */
  onStuck(reason: string): void
  /** Reads settings and adapters again, as they were read for the start. Absent: they never change while it runs. */
  read?(): Promise<Configuration>
}

export interface Gateway {
  /** Where it listens; null without the api role. */
  url: string | null
  ledger: Ledger
  /** Reads the configuration again and applies its systems; `by` is `signal` or `operator:<id>`. */
  reload(by: string): Promise<Reloaded>
  /** Finishes or hands back what has begun; within ten seconds. */
  close(): Promise<void>
}

interface Parts {
  settings: Omit<Settings, 'catalogue'>
  catalogues: Catalogues
  ledger: Ledger
  store: MaterialStore
  links: Links
  queues: Queues
  systems: ReadonlyMap<string, System>
  observe: Observers
}

/** Beyond this a process refuses to start, and warns while it runs. */
const MAX_SKEW_MS = 2_000

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { settings, databaseUrl } = options
  const log = createLogger(settings)
  const metrics = createMetrics()
  const observe = observers(log, metrics)
  const systems = new Map(
    [...settings.systems.values()].map((one) => [
      one.id,
      openSystem(one, options.adapters.get(one.adapter)!),
    ]),
  )
  let delivery: Delivery | undefined
  let catalogues: Catalogues | undefined
  const rules = liveRules(settings, {
    catalogueOf: (version) => catalogues?.of(version) ?? settings.catalogue,
    certificateType: (code) =>
      (catalogues?.certificateTypes ?? settings.catalogue.certificateTypes).get(code),
    offers: (id, operation) => systems.get(id)?.adapter.outgoing[operation] !== undefined,
    yearMissing: oncePerYear(observe.yearMissing),
  })
  const ledger = await openLedger({
    url: databaseUrl,
    rules: rules.rules,
    learn: (submissions) => catalogues?.learn(pinnedTo(submissions)) ?? null,
    roles: options.roles.join(','),
    first: () => delivery ?? noDelivery,
    observeBatch: observe.committed,
    onPresenceLost: () => log.warn('presence.lost'),
  })
  const skew = ledger.presence.skewMs()
  if (Math.abs(skew) > MAX_SKEW_MS) {
    await ledger.close()
    throw new Error(
      `This machine's clock is ${Math.round(skew)} ms off the database's; more than ${MAX_SKEW_MS} ms are refused. Synchronise the clocks (NTP).`,
    )
  }
  for (const year of missingYears(settings, ledger.now())) log.warn({ year }, yearMissingSentence(year))
  catalogues = await openCatalogues({ ledger, now: ledger.now, settings, systems, log }).catch(
    async (error) => {
      await ledger.close()
      throw error
    },
  )
  const store = await openMaterialStore(settings.materialsUrl)
  const links = createLinks(settings.keys.links, settings.http.publicUrl)
  const queues = await openQueues({
    redisUrl: settings.redisUrl,
    databaseUrl,
    systems: [...systems.keys()],
    onError: observe.queueError,
  })
  const parts: Parts = { settings, catalogues, ledger, store, links, queues, systems, observe }

  const pause = (system: string, reason: string): Promise<void> =>
    writePause(ledger.writers, system, reason, 'gateway')
  const tools = attemptTools(parts)
  const deliveryDeps = { ledger, queues, systems, tools, observer: observe, pause }
  delivery = createDelivery(deliveryDeps)
  let sweeper: Sweeper | undefined
  for (const { system, reason } of await readPauses(ledger.readers)) systems.get(system)?.gate.pause(reason)
  if (options.roles.includes('worker')) delivery.work()
  if (options.roles.includes('worker') || options.roles.includes('clock'))
    sweeper = startSweeper({
      ledger,
      queues,
      delivery,
      systems,
      observer: observe,
      leads: options.roles.includes('clock'),
      onStuck: options.onStuck,
    })
  const supervision = options.roles.includes('clock')
    ? supervise({ ...parts, calendar: rules.rules, url: databaseUrl, observer: observe })
    : undefined
  const askers = options.roles.includes('clock')
    ? startAskers({
        ledger,
        systems,
        files: tools.files,
        pause,
        observer: observe,
        describe: (id) => describeParcel(tools, id),
      })
    : undefined
  let app: FastifyInstance | null = null
  let reloads: Reloads | undefined
  const close = async (): Promise<void> => {
    await app?.close()
    await reloads?.close()
    await askers?.close()
    await supervision?.close()
    await sweeper?.close()
    await delivery.close()
    await queues.close()
    await Promise.all([...systems.values(), ...(reloads?.retiring() ?? [])].map(closeSystem))
    catalogues.close()
    await ledger.close()
    await store.close()
  }
  try {
    const { read } = options
    const changing = { settings, catalogues, ledger, systems, log }
    if (read) reloads = await startReloads({ ...changing, read, queues, delivery, rules })
    const activate = read && activator({ ...changing, read })
    const ask = questioner({ systems, ...tools })
    const more = { reloads, activate, ask, inboxes: openInboxes(deliveryDeps), calendar: rules.rules }
    if (options.roles.includes('api')) app = await serve({ ...parts, ...more }, sweeper, { log, metrics })
  } catch (error) {
    await close()
    throw error
  }
  const reload = async (by: string): Promise<Reloaded> => {
    if (!reloads) throw new Error('this gateway was started without a way to read its configuration again')
    return reloads.reload(by)
  }
  return { url: app ? settings.http.publicUrl : null, ledger, reload, close }
}

function* pinnedTo(submissions: Iterable<Remembered>): Generator<string> {
  for (const { aggregate } of submissions) yield aggregate.submission.catalogueVersion
}

/** Before delivery is there, and in processes without the worker role: everything goes through the queues. */
const noDelivery: FirstAttempts = {
  reserve: () => null,
  release: () => undefined,
  attempt: () => undefined,
  wake: () => undefined,
}

async function serve(
  parts: Parts & {
    inboxes: Inboxes
    ask: AskSystem
    reloads: Reloads | undefined
    activate: Activator | undefined
    calendar: WorkCalendar
  },
  sweeper: Sweeper | undefined,
  { log, metrics }: { log: Logger; metrics: Metrics },
): Promise<FastifyInstance> {
  const { settings } = parts
  const app = Fastify({
    ...fastifyLogging(log),
    frameworkErrors: problemHandler,
    bodyLimit: settings.limits.maxBodyBytes,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    requestTimeout: 0,
  })
  app.setErrorHandler(problemHandler)
  app.setNotFoundHandler(notFoundHandler)
  measureRequests(app, metrics)
  logRequests(app)
  installAccess(app, settings)
  await installOpenApi(app, { version: VERSION, publicUrl: settings.http.publicUrl })
  await referenceRoutes(app)
  await operationsRoutes(app, {
    version: VERSION,
    metrics,
    vitals: vitals(parts.ledger, parts.queues, sweeper),
    backlog: backlog(parts, sweeper),
    missingYears: () => missingYears(settings, parts.ledger.now()),
  })
  await loginRoutes(app, { settings, home: '/ops/queues' })
  await queueBoardRoutes(app, { queues: () => parts.queues.list() })
  await operatorRoutes(app, parts)
  await custodyAlarmRoutes(app, parts)
  await replayRoutes(app, parts)
  watchReconciliations(metrics.registry, () => newestDifferences(parts.ledger.readers))
  await supervisionRoutes(app, parts)
  if (parts.reloads) await configurationRoutes(app, { reloads: parts.reloads, readers: parts.ledger.readers })
  await catalogueVersionRoutes(app, parts)
  await catalogueRoutes(app, parts)
  await hallRoutes(app, parts)
  await materialRoutes(app, { ...parts, registerMaterial: (row) => material(parts.ledger, row) })
  await submissionRoutes(app, { ...parts, observer: parts.observe })
  await caseRequestRoutes(app, { ...parts, observer: parts.observe })
  await modeRequestRoutes(app, { ...parts, observer: parts.observe })
  await submissionWithdrawalRoutes(app, { ...parts, observer: parts.observe })
  await custodyRoutes(app, parts)
  await callbackRoutes(app, { ...parts, observer: parts.observe })
  await inboxRoutes(app, parts)
  await certificateRoutes(app, { ask: parts.ask, certificateTypes: parts.catalogues.certificateTypes })
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

async function material(
  ledger: Ledger,
  row: Parameters<typeof registerUpload>[1],
): Promise<{ materialId: string; replayed: boolean }> {
  const { conflict, ...registered } = await registerUpload(ledger.writers, row)
  if (conflict)
    throw problem('idempotency-conflict', {
      detail: 'this Idempotency-Key was used before for another file',
      detailZh: '该 Idempotency-Key 已用于另一个文件',
    })
  return registered
}
