// What came of comparing a day with each system, kept so that a person finds it in the morning.

import type { Pool } from './database.ts'
import type { Counts, FindingKind } from './reconciliation.ts'

const differenceClasses = [
  'only-ours',
  'only-theirs',
  'state',
  'reference',
  'doubled',
  'unanswered',
] as const satisfies readonly (FindingKind | 'unanswered')[]

/** No personal data: our id, numbers of cases and parcels, and where they stand. */
export interface Difference {
  class: (typeof differenceClasses)[number]
  id: string | null
  transfer: string | null
  ours: { reference: string | null; state: string | null } | null
  theirs: { reference: string | null; state: string | null; times: number } | null
}

export interface Outcome {
  system: string
  /** yyyy-MM-dd in China's time. */
  day: string
  state: 'compared' | 'unable' | 'failed'
  counts: (Counts & { unanswered: number }) | null
  /** The first ones; `counts` has them all. */
  differences: readonly Difference[]
  /** Why it failed. */
  reason: string | null
  ms: number
}

export interface KeptOutcome extends Omit<Outcome, 'differences'> {
  /** Only where one day of one system is asked for: a list is for the overview, and would read a thousand of each. */
  differences?: Outcome['differences']
  tries: number
  at: Date
}

/** The last try counts; a comparison that was made is not undone by a later failure. */
export async function keepOutcome(writers: Pool, one: Outcome): Promise<void> {
  await writers.query({
    name: 'keep-reconciliation',
    text: `insert into reconciliations as kept (system, day, state, counts, differences, reason, ms)
           values ($1, $2::date, $3, $4::json, $5::json, $6, $7)
           on conflict (system, day) do update set state = excluded.state, counts = excluded.counts, differences = excluded.differences,
             reason = excluded.reason, ms = excluded.ms, at = now(), tries = kept.tries + 1
           where excluded.state <> 'failed' or kept.state <> 'compared'`,
    values: [
      one.system,
      one.day,
      one.state,
      JSON.stringify(one.counts),
      JSON.stringify(one.differences),
      one.reason,
      Math.round(one.ms),
    ],
  })
}

/** Of these systems and days, what is still to be compared, oldest day first: never tried, or failed a while ago. */
export async function owedComparisons(
  readers: Pool,
  systems: readonly string[],
  days: readonly string[],
  againAfterMs: number,
): Promise<{ system: string; day: string }[]> {
  const { rows } = await readers.query<{ system: string; day: string }>({
    name: 'owed-reconciliations',
    text: `select s.system, d.day from unnest($1::text[]) s(system) cross join unnest($2::text[]) d(day)
           left join reconciliations r on r.system = s.system and r.day = d.day::date
           where (r.system is null or (r.state = 'failed' and r.at < now() - $3::integer * interval '1 millisecond'))
             and exists (select from (select received_at from submissions order by id limit 1) first
                         where first.received_at < (d.day || 'T00:00:00+08:00')::timestamptz + interval '1 day')
           order by d.day, s.system`,
    values: [systems, days, againAfterMs],
  })
  return rows
}

/** Where one stands among them all: the newest day first, and there by system. */
export type Place = Pick<Outcome, 'day' | 'system'>

export async function keptOutcomes(
  readers: Pool,
  { system, day, after = null }: { system: string | null; day: string | null; after?: Place | null },
  limit: number,
): Promise<KeptOutcome[]> {
  const one = system !== null && day !== null
  const { rows } = await readers.query<KeptOutcome>({
    name: one ? 'reconciliation' : 'reconciliations',
    text: `select system, day::text, state, counts, ${one ? 'differences, ' : ''}reason, tries, at, ms from reconciliations
           where ($1::text is null or system = $1) and ($2::date is null or day = $2::date)
             and ($4::date is null or day < $4::date or (day = $4::date and system > $5))
           order by reconciliations.day desc, system limit $3`,
    values: [system, day, limit, after?.day ?? null, after?.system ?? null],
  })
  return rows
}

/** By system, how many differences of each class the newest comparison found. */
export async function newestDifferences(
  readers: Pool,
): Promise<{ system: string; counts: Counts & { unanswered: number } }[]> {
  const { rows } = await readers.query<{ system: string; counts: Counts & { unanswered: number } }>(
    "select distinct on (system) system, counts from reconciliations where state = 'compared' order by system, day desc",
  )
  return rows
}
