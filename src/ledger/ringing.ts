// Cases whose clock has to be looked at.

import type { Pool } from './database.ts'

/** At most `limit` ids of cases whose day has come in China's time, after the given one. */
export async function ringingCases(readers: Pool, after: string, limit: number): Promise<string[]> {
  const { rows } = await readers.query<{ id: string }>({
    name: 'ringing',
    text: `select id from cases where rings_on <= (now() at time zone 'Asia/Shanghai')::date and id > $1 order by id limit $2`,
    values: [after, limit],
  })
  return rows.map(({ id }) => id)
}
