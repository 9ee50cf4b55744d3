// What the clock role looks after beside deadlines, and what operators may read of it: the parts of supervision, put together.

import type { FastifyInstance } from 'fastify'
import type { WorkCalendar } from '../domain/calendar.ts'
import { keepAddingUp } from './adding-up.ts'
import { type NightlyDeps, reconcileNightly } from './nightly.ts'
import { reconciliationRoutes } from './reconciliation-routes.ts'
import { statisticsRoutes } from './statistics-routes.ts'

export interface SupervisionDeps extends Omit<NightlyDeps, 'fault' | 'reconciled' | 'url'> {
  calendar: WorkCalendar
}

/** Adds up statistics and reconciles at night, while this process leads. */
export function supervise(deps: SupervisionDeps & NightlyDeps): { close(): Promise<void> } {
  const { ledger, calendar, fault } = deps
  const sums = keepAddingUp({
    readers: ledger.readers,
    calendar,
    now: ledger.now,
    leads: () => ledger.presence.leads(),
    fault,
  })
  const nights = reconcileNightly(deps)
  return { close: () => Promise.all([sums.close(), nights.close()]).then(() => undefined) }
}

export async function supervisionRoutes(
  app: FastifyInstance,
  { ledger: { readers, now }, settings, systems, calendar }: SupervisionDeps,
): Promise<void> {
  const { smallestCount } = settings.supervision
  await statisticsRoutes(app, { readers, now, calendar, catalogue: settings.catalogue, smallestCount })
  await reconciliationRoutes(app, { readers, systems })
}
