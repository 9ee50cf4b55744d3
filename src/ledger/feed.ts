// Everything one system was told, in the order in which it became durable, page by page: so that whoever missed a
// callback can catch up. A row shows when no transaction older than its own can still write, so nothing slips in
// behind a cursor; see migrations/0006_supervision.sql.

import type { PublicEvent } from '../domain/submission.ts'
import type { Pool } from './database.ts'

/**
 * Where a page ended: the transfer's id, which has its place for good, and the commit's time in microseconds
 * since the epoch, which stands for it where there is no such transfer (a position by time has the id '').
 */
export interface FeedPosition {
  at: string
  id: string
}

interface FeedPage {
  events: FedEvent[]
  /** null when there was nothing after the given position. */
  end: FeedPosition | null
}

/** With whose its submission is: the division where it was handed in, and the halls that have taken a case of it over. */
export interface FedEvent extends PublicEvent {
  division: string
  halls: readonly string[]
}

interface Row {
  id: string
  at: string
  event: PublicEvent
  division: string
  halls: string[]
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
    text: `with start as (
             select case when $2 = '0' then '0'::xid8
               else coalesce((select born from transfers where id = $3), feed_since($1, to_timestamp($2::numeric / 1000000))) end as born
           )
           select id, (extract(epoch from created_at) * 1000000)::bigint::text as at, about -> 'event' as event,
             (select s.division from submissions s where s.id = transfers.submission_id) as division,
             array(select c.data -> 'agent' ->> 'hall' from cases c
                   where c.id > 'case_' || substr(transfers.submission_id, 5) and c.id < 'case_' || substr(transfers.submission_id, 5) || '~'
                     and c.data -> 'agent' ->> 'hall' is not null) as halls
           from transfers
           where operation = 'notify' and system = $1 and (born, id) > ((select born from start), $3)
             and born < pg_snapshot_xmin(pg_current_snapshot()) and about -> 'replay' is null
           order by system, born, id limit $4`,
    values: [system, after.at, after.id, limit],
  })
  const last = rows.at(-1)
  return {
    events: rows.map(({ event, division, halls }) => ({ ...event, division, halls })),
    end: last ? { at: last.at, id: last.id } : null,
  }
}
