// Parcels on their way, in order of id, for those who ask carriers where they are.

import type { Pool } from './database.ts'

/** Ids of at most `limit` parcels after the given one that the system carries or follows; ids grow with time. */
export async function openParcels(
  readers: Pool,
  system: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await readers.query<{ id: string }>({
    name: 'open-parcels',
    text: `(${openOf('system = $1')}) union (${openOf("data ->> 'tracker' = $1")}) order by id limit $3`,
    values: [system, after, limit],
  })
  return rows.map(({ id }) => id)
}

/** Each side by an index of its own: asked for both at once, PostgreSQL looks through the parcels of all years. */
const openOf = (whose: string): string => `select id from parcels
  where ${whose} and id > $2 and reference is not null and state not in ('wanted', 'delivered', 'returned', 'cancelled', 'lost')
  order by id limit $3`
