// Keeps the sums of statistics near the ledger: every half minute, what was recorded more than two minutes ago. What is
// younger is counted when somebody asks.

import { dayOf, type WorkCalendar } from '../domain/calendar.ts'
import type { Pool } from '../ledger/database.ts'
import { addUp } from '../ledger/statistics.ts'
import { type Rounds, type RoundsDeps, startRounds } from './rounds.ts'
import { dayCount } from './statistics.ts'

const EVERY_MS = 30_000

interface AddingUpDeps extends Pick<RoundsDeps, 'leads' | 'fault'> {
  readers: Pool
  calendar: WorkCalendar
  now(): Date
}

export function keepAddingUp(deps: AddingUpDeps): Rounds {
  const round = (signal: AbortSignal): Promise<void> => addAllUp(deps, signal)
  return startRounds({ ...deps, everyMs: EVERY_MS, what: 'adding up statistics', round })
}

/** Until nothing is left that is over; an hour of the ledger at a time at most. */
export async function addAllUp(
  { readers, calendar, now }: Pick<AddingUpDeps, 'readers' | 'calendar' | 'now'>,
  signal?: AbortSignal,
): Promise<void> {
  const days = dayCount(dayOf(now().toISOString()), calendar)
  for (let next: { more: boolean; spanMs?: number } = { more: true }; next.more && !signal?.aborted; )
    next = await addUp(readers, days, { ...next, signal })
}
