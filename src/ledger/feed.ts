// Everything one system was told, in the order in which it became durable, page by page: so that whoever missed a
// callback can catch up. Rows of transactions still under way are not shown yet, so nothing can slip in behind a cursor.

import type { PublicEvent } from '../domain/submission.ts'
import type { Pool } from './database.ts'

/** Where a page ended: the commit's time, microseconds since the epoch, and the transfer's id. */
export interface FeedPosition {
  at: string
  id: string
}

export interface FeedPage {
  events: PublicEvent[]
  /** null when there was nothing after the given position. */
  end: FeedPosition | null
}

interface Row {
  id: string
  at: string
  event: PublicEvent
}

/** At most `limit` events of the system after the position. */
export async function readFeed(
  readers: Pool,
  system: string,
  after: FeedPosition,
  limit: number,
): Promise<FeedPage> {
  const { rows } = await readers.query<Row>({
    name: 'feed',
    text: `with settled as (
             select coalesce(min(xact_start), now()) as before from pg_stat_activity
             where datname = current_database() and backend_type = 'client backend' and xact_start is not null and pid <> pg_backend_pid()
           )
           select id, (extract(epoch from created_at) * 1000000)::bigint::text as at, about -> 'event' as event from transfers
           where operation = 'notify' and system = $1
             and (created_at, id) > (to_timestamp($2::numeric / 1000000), $3) and created_at < (select before from settled)
           order by created_at, id limit $4`,
    values: [system, after.at, after.id, limit],
  })
  const last = rows.at(-1)
  return { events: rows.map(({ event }) => event), end: last ? { at: last.at, id: last.id } : null }
}
