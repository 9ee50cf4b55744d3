// Puts the parts together, starts them in order and ends them in order. No rule lives here.

import type { AdapterManifest } from './adapter-kit/contract.ts'
import { type Catalogues, openCatalogues } from './catalogue/in-force.ts'
import { attemptTools } from './delivery/attempt-tools.ts'
import { bookCalls } from './delivery/book-calls.ts'
import { createDelivery, type Delivery } from './delivery/delivery.ts'
import { describeParcel } from './delivery/describe-parcel.ts'
import { openInboxes } from './delivery/inbox.ts'
import { openSystems } from './delivery/open-systems.ts'
import { obeyPauses } from './delivery/pauses.ts'
import { questioner } from './delivery/questions.ts'
import { openQueues } from './delivery/queue.ts'
import { type Sweeper, startSweeper } from './delivery/sweeper.ts'
import { closeSystem } from './delivery/systems.ts'
import { startAskers } from './intake/askers.ts'
import type { Remembered } from './ledger/aggregates.ts'
import type { FirstAttempts } from './ledger/changes.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { writePause } from './ledger/pauses.ts'
import { createLinks } from './materials/links.ts'
import { openMaterialStore } from './materials/store.ts'
import { activator } from './operations/catalogue/activate.ts'
import { MAX_SKEW_MS, skewWarning } from './operations/clock-skew.ts'
import { fileObserver, loggedStore, watchDisk } from './operations/file-watch.ts'
import { createLogger } from './operations/log.ts'
import { createMetrics } from './operations/metrics.ts'
import { observers } from './operations/observers.ts'
import { liveRules } from './operations/reload/live-rules.ts'
import type { Configuration } from './operations/reload/prepare.ts'
import { type Reloaded, type Reloads, startReloads } from './operations/reload.ts'
import type { Role } from './roles.ts'
import { type Parts, serve, stopServing } from './serve.ts'
import type { Settings } from './settings/settings.ts'
import { missingYears, oncePerYear, yearMissingSentence } from './supervision/calendar-years.ts'
import { supervise } from './supervision/supervise.ts'

interface GatewayOptions {
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

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { settings, databaseUrl } = options
  const log = createLogger(settings)
  const metrics = createMetrics()
  const observe = observers(log, metrics)
  // What was opened is closed in reverse order: at the end, and when a start fails half-way.
  await using opened = new AsyncDisposableStack()
  const systems = await openSystems(settings, options.adapters)
  let reloads: Reloads | undefined
  opened.defer(() => closeAll([...systems.values(), ...(reloads?.retiring() ?? [])], closeSystem))
  let delivery: Delivery | undefined
  let catalogues: Catalogues | undefined
  const rules = liveRules(settings, {
    catalogueOf: (version) => catalogues?.of(version) ?? settings.catalogue,
    certificateType: (code) =>
      (catalogues?.certificateTypes ?? settings.catalogue.certificateTypes).get(code),
    offers: (id, operation) => systems.get(id)?.adapter.outgoing[operation] !== undefined,
    yearMissing: oncePerYear(observe.yearMissing),
  })
  const ledger = opened.adopt(
    await openLedger({
      url: databaseUrl,
      rules: rules.rules,
      learn: (submissions) => catalogues?.learn(pinnedTo(submissions)) ?? null,
      roles: options.roles.join(','),
      first: () => delivery ?? noDelivery,
      observeBatch: observe.committed,
      onPresenceLost: () => log.warn('presence.lost'),
      onSkew: skewWarning((sentence) => log.warn(sentence)),
    }),
    end,
  )
  const skew = ledger.presence.skewMs()
  if (Math.abs(skew) > MAX_SKEW_MS)
    throw new Error(
      `This machine's clock is ${Math.round(skew)} ms off the database's; more than ${MAX_SKEW_MS} ms are refused. Synchronise the clocks (NTP).`,
    )
  for (const year of missingYears(settings, ledger.now())) log.warn({ year }, yearMissingSentence(year))
  catalogues = opened.adopt(await openCatalogues({ ledger, now: ledger.now, settings, systems, log }), end)
  const store = loggedStore(opened.adopt(await openMaterialStore(settings.materialsUrl), end), log)
  watchDisk(metrics.registry, store)
  const files = fileObserver(log, metrics.registry)
  const links = createLinks(settings.keys.links, settings.http.publicUrl)
  const queues = opened.adopt(
    await openQueues({
      redisUrl: settings.redisUrl,
      databaseUrl,
      systems: [...systems.keys()],
      onError: observe.queueError,
    }),
    end,
  )
  const parts: Parts = { settings, catalogues, ledger, store, links, queues, systems, observe }

  // All at once: a caller that is slow to finish must not take the time that attempts need to be handed back.
  const working: Closable[] = []
  opened.defer(() => closeAll(working, end))
  const pause = async (system: string, reason: string): Promise<void> =>
    void (await writePause(ledger.writers, system, reason, 'gateway'))
  const tools = attemptTools(parts)
  const calls = bookCalls({ systems, ...tools, pause, observer: observe })
  const deliveryDeps = { ledger, queues, systems, tools, observer: observe, pause }
  delivery = createDelivery(deliveryDeps)
  working.push(delivery)
  working.push(await obeyPauses({ ledger, queues, systems, observer: observe }))
  if (options.roles.includes('worker')) delivery.work()
  let sweeper: Sweeper | undefined
  if (options.roles.includes('worker') || options.roles.includes('clock')) {
    const [leads, { onStuck }] = [options.roles.includes('clock'), options]
    sweeper = startSweeper({ ledger, queues, delivery, systems, observer: observe, leads, onStuck })
    working.push(sweeper)
    await sweeper.begun
  }
  const { read } = options
  const changing = { settings, catalogues, ledger, systems, log }
  if (read) {
    reloads = await startReloads({ ...changing, read, queues, delivery, rules })
    working.push(reloads)
  }
  const activate = read && activator({ ...changing, read })
  const ask = questioner({ systems, ...tools })
  const inboxes = openInboxes(deliveryDeps)
  const more = { reloads, activate, ask, calls, inboxes, files, calendar: rules.rules }
  let url: string | null = null
  if (options.roles.includes('api')) {
    const app = await serve({ ...parts, ...more }, sweeper, { log, metrics })
    working.push({ close: () => stopServing(app) })
    url = settings.http.publicUrl
  }
  // Callers are answered first. What comes round again, and consumers with connections of their own, would
  // keep them waiting.
  if (options.roles.includes('worker')) delivery.consume()
  if (options.roles.includes('clock')) {
    const supervision = supervise({
      ...parts,
      calls,
      calendar: rules.rules,
      postal: rules.rules.postal,
      limits: rules.limits,
      url: databaseUrl,
      observer: observe,
      files,
    })
    const askers = startAskers({
      ledger,
      systems,
      files: tools.files,
      pause,
      observer: observe,
      describe: (id) => describeParcel(tools, id),
    })
    working.push(supervision, askers)
  }
  const reload = async (by: string): Promise<Reloaded> => {
    if (!reloads) throw new Error('this gateway was started without a way to read its configuration again')
    return reloads.reload(by)
  }
  const running = opened.move()
  return { url, ledger, reload, close: () => running.disposeAsync() }
}

interface Closable {
  close(): unknown
}

const end = async (one: Closable): Promise<void> => void (await one.close())

const closeAll = async <T>(all: readonly T[], close: (one: T) => Promise<void>): Promise<void> =>
  void (await Promise.all(all.map(close)))

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
