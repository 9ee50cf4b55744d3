// Every night yesterday is compared with every system that can answer; nights that were missed, and
// comparisons that failed, are made up for within a week. One process does it. What came of it is kept,
// logged and counted; nothing is mended.

import type { CatalogueNames } from '../delivery/compose.ts'
import { inUse, type System } from '../delivery/systems.ts'
import { dayAfter, dayOf, startOf } from '../domain/calendar.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Difference, keepOutcome, type Outcome, owedComparisons } from '../ledger/reconciliations.ts'
import type { Settings } from '../settings/settings.ts'
import { type Compared, comparable, compareBooks } from './reconciling/compare.ts'
import { type Rounds, type RoundsDeps, startRounds } from './rounds.ts'

export interface NightlyDeps extends Pick<RoundsDeps, 'fault'> {
  ledger: Pick<Ledger, 'readers' | 'writers' | 'now' | 'presence'>
  systems: ReadonlyMap<string, System>
  settings: Omit<Settings, 'catalogue'>
  catalogues: CatalogueNames
  url: string
  reconciled(outcome: Outcome): void
}

const EVERY_MS = 60_000
const AGAIN_AFTER_MS = 30 * 60_000
const DAYS_BACK = 7
const MOST_DIFFERENCES = 1_000
const MINUTE_MS = 60_000

export function reconcileNightly(deps: NightlyDeps): Rounds {
  return startRounds({
    leads: () => deps.ledger.presence.leads(),
    everyMs: EVERY_MS,
    what: 'reconciling',
    round: (signal) => reconcileOwed(deps, signal),
    fault: deps.fault,
  })
}

/** Everything that is owed now, one after another. */
export async function reconcileOwed(deps: Omit<NightlyDeps, 'fault'>, signal?: AbortSignal): Promise<void> {
  const { ledger, systems } = deps
  const days = daysOwed(ledger.now(), deps.settings.supervision.reconcileAt)
  if (days.length === 0) return
  const owed = await owedComparisons(ledger.readers, [...systems.keys()], days, AGAIN_AFTER_MS)
  for (const { system: id, day } of owed) {
    if (signal?.aborted) return
    const system = systems.get(id)
    if (!system) continue
    const outcome = await inUse(system, () => outcomeOf(deps, system, day, signal))
    if (signal?.aborted) return
    await keepOutcome(ledger.writers, outcome)
    if (outcome.state !== 'unable') deps.reconciled(outcome)
  }
}

/** Yesterday once its time has come, and the days before it. */
export function daysOwed(now: Date, at: string | null): string[] {
  if (at === null) return []
  const today = dayOf(now.toISOString())
  const [hours, minutes] = at.split(':').map(Number)
  const due = Date.parse(startOf(today)) + (hours! * 60 + minutes!) * MINUTE_MS
  const latest = dayAfter(today, now.getTime() >= due ? -1 : -2)
  const oldest = dayAfter(today, -DAYS_BACK)
  const days: string[] = []
  for (let day = oldest; day <= latest; day = dayAfter(day)) days.push(day)
  return days
}

async function outcomeOf(
  { url, settings, catalogues }: Omit<NightlyDeps, 'fault'>,
  system: System,
  day: string,
  stop: AbortSignal | undefined,
): Promise<Outcome> {
  const began = performance.now()
  const nothing = { system: system.id, day, counts: null, differences: [], reason: null }
  const told = (rest: Partial<Outcome> & Pick<Outcome, 'state'>): Outcome => ({
    ...nothing,
    ...rest,
    ms: performance.now() - began,
  })
  if (comparable(system).length === 0) return told({ state: 'unable' })
  const { paused } = system.gate.state()
  if (paused !== null) return told({ state: 'failed', reason: `paused · 已暂停: ${paused}` })
  try {
    return await compareBooks(
      { url, settings, catalogues, ...(stop ? { stop } : {}) },
      system,
      day,
      async (compared) => {
        const counts = { ...compared.counts, unanswered: compared.unanswered.length }
        return told({ state: 'compared', counts, differences: await differencesOf(compared) })
      },
    )
  } catch (error) {
    return told({ state: 'failed', reason: (error as Error).message })
  }
}

async function differencesOf({ comparison, unanswered }: Compared): Promise<Difference[]> {
  const differences = unanswered
    .slice(0, MOST_DIFFERENCES)
    .map(
      ({ transfer }): Difference => ({ class: 'unanswered', id: null, transfer, ours: null, theirs: null }),
    )
  const refused = new Set(unanswered.map(({ transfer }) => transfer))
  for await (const { kind, id, transfer, ours, theirs } of comparison.findings()) {
    if (differences.length >= MOST_DIFFERENCES) break
    if (transfer !== null && refused.has(transfer)) continue
    differences.push({
      class: kind,
      id: numberOnly(id),
      transfer,
      ours: ours && { reference: numberOnly(ours.reference), state: ours.state },
      theirs: theirs && { ...theirs, reference: numberOnly(theirs.reference) },
    })
  }
  return differences
}

/** Systems answer what they like; whatever does not look like a number of a case or parcel is not kept. */
const numberOnly = (text: string | null): string | null =>
  text !== null && /^[\w.:/#-]{1,64}$/.test(text) ? text : null
