// Postal orders that wait as dead letters because their county had no contract when they were made.

import type { Pool } from './database.ts'

export interface WaitingOrder {
  transfer: string
  submission: string
  homeDivision: string
}

/** At most `limit` of them, after the given id. */
export async function ordersWithoutCarrier(
  readers: Pool,
  after: string,
  limit: number,
): Promise<WaitingOrder[]> {
  const { rows } = await readers.query<WaitingOrder>({
    name: 'orders-without-carrier',
    text: `select t.id as transfer, s.id as submission, s.home_division as "homeDivision"
           from transfers t join submissions s on s.id = t.submission_id
           where t.state = 'dead' and t.system = 'post' and t.id > $1 order by t.id limit $2`,
    values: [after, limit],
  })
  return rows
}
