// What one system was told already, for whoever wants it told again: settled callbacks only, for an open one
// still comes by itself.

import type { PublicEvent } from '../domain/submission.ts'
import { submissionOf } from '../domain/submission.ts'
import type { Pool } from './database.ts'

export interface ToldSpan {
  system: string
  /** The first that was told since this time, ISO 8601 … */
  since?: string
  /** … or the next after this event. */
  after?: string
  /** Up to this time, ISO 8601. */
  until?: string
  /** `*`, `case.*` or whole types; empty: all. */
  types: readonly string[]
}

export interface Told {
  submissionId: string
  event: PublicEvent
}

/** At most `limit`, in the order in which they were told; null when the system was never told of the event `after`. */
export async function toldEvents(readers: Pool, span: ToldSpan, limit: number): Promise<Told[] | null> {
  const after = span.after === undefined ? undefined : await placeOf(readers, span.system, span.after)
  if (after === null) return null
  const patterns = span.types.map((one) => one.replaceAll('*', '%'))
  const { rows } = await readers.query<Told>({
    name: 'told',
    text: `with start as (select coalesce($3::xid8, feed_since($1, $2::timestamptz)) as born)
           select submission_id as "submissionId", about -> 'event' as event from transfers
           where operation = 'notify' and system = $1 and (born, id) > ((select born from start), $4)
             and born < pg_snapshot_xmin(pg_current_snapshot()) and created_at <= coalesce($5::timestamptz, now())
             and ($2::timestamptz is null or created_at >= $2::timestamptz)
             and state in ('delivered', 'refused', 'cancelled') and about -> 'replay' is null
             and (cardinality($6::text[]) = 0 or about -> 'event' ->> 'type' like any ($6::text[]))
           order by system, born, id limit $7`,
    values: [
      span.system,
      span.since ?? null,
      after?.born ?? null,
      after?.id ?? '',
      span.until ?? null,
      patterns,
      limit,
    ],
  })
  return rows
}

/** Transfers share the root of their submission's id, so the primary key finds the one that told of the event. */
async function placeOf(
  readers: Pool,
  system: string,
  eventId: string,
): Promise<{ born: string; id: string } | null> {
  const root = submissionOf(eventId)?.slice(4)
  if (root === undefined) return null
  const { rows } = await readers.query<{ born: string; id: string }>({
    name: 'told-place',
    text: `select born::text, id from transfers
           where id > $1 and id < $2 and operation = 'notify' and system = $3 and about -> 'replay' is null
             and about -> 'event' ->> 'id' = $4`,
    values: [`trf_${root}`, `trf_${root}~`, system, eventId],
  })
  return rows[0] ?? null
}
