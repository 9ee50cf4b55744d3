// What the clock role looks after, and what operators may read of it: the parts of supervision, put together.

import type { FastifyInstance } from 'fastify'
import { keepBook } from '../appointments/mend.ts'
import type { Catalogues } from '../catalogue/in-force.ts'
import type { BookCalls } from '../delivery/book-calls.ts'
import type { WorkCalendar } from '../domain/calendar.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { MaterialStore } from '../materials/store.ts'
import { keepAddingUp } from './adding-up.ts'
import { type DeadlineDeps, watchDeadlines } from './deadlines.ts'
import { type FileObserver, watchFiles } from './files.ts'
import { type NightlyDeps, reconcileNightly } from './nightly.ts'
import { keepPartitions } from './partitions.ts'
import { type ContractWatchDeps, watchContracts } from './postal-contracts.ts'
import { reconciliationRoutes } from './reconciliation-routes.ts'
import { type RegistryWatchDeps, watchRegistries } from './registries.ts'
import { startRounds } from './rounds.ts'
import { statisticsRoutes } from './statistics-routes.ts'

interface SupervisionDeps extends Pick<NightlyDeps, 'settings' | 'systems'> {
  ledger: Ledger
  catalogues: Catalogues
  calendar: WorkCalendar
}

interface ClockDeps extends SupervisionDeps {
  url: string
  calls: BookCalls
  store: MaterialStore
  postal: ContractWatchDeps['postal']
  /** Those of now. */
  limits(): Pick<NightlyDeps['settings'], 'certificates'>
  files: FileObserver
  observer: DeadlineDeps['observer'] &
    RegistryWatchDeps['observer'] &
    ContractWatchDeps['observer'] &
    Pick<NightlyDeps, 'reconciled'>
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/**
 * Watches limits, registries, postal contracts, files and the book of slots, adds up statistics, reconciles
 * at night and makes partitions, while this process leads.
 */
export function supervise(deps: ClockDeps): { close(): Promise<void> } {
  const { ledger, calendar, observer, calls, catalogues } = deps
  const { fault, reconciled } = observer
  const leads = (): Promise<boolean> => ledger.presence.leads()
  const parts = [
    watchDeadlines({ ledger, observer }),
    watchRegistries({
      ledger,
      observer,
      uploadAfterMs: () => deps.limits().certificates.uploadAfterHours * HOUR_MS,
    }),
    watchContracts({ ledger, postal: deps.postal, observer }),
    keepAddingUp({ readers: ledger.readers, calendar, now: ledger.now, leads, fault }),
    reconcileNightly({ ...deps, fault, reconciled }),
    startRounds({
      leads,
      fault,
      everyMs: MINUTE_MS,
      what: 'keeping the book of slots',
      round: (signal) => keepBook({ ledger, calls, catalogues }, signal),
    }),
    watchFiles({ store: deps.store, readers: ledger.readers, observer: deps.files, leads, fault }),
    keepPartitions({ ledger, fault }),
  ]
  return { close: () => Promise.all(parts.map((one) => one.close())).then(() => undefined) }
}

export async function supervisionRoutes(
  app: FastifyInstance,
  { ledger: { readers, now }, settings, catalogues, systems, calendar }: SupervisionDeps,
): Promise<void> {
  const { smallestCount } = settings.supervision
  await statisticsRoutes(app, { readers, now, calendar, catalogues, smallestCount })
  await reconciliationRoutes(app, { readers, systems })
}
