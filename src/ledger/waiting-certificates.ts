// Questions to registries that have gone unanswered for long.

import type { Pool } from './database.ts'

/**
 * At most `limit` ids, after the given one, of look-ups made before `olderThanMs` ago and not before `sinceMs` ago: on
 * their way still, or given up because the registry could not be reached.
 */
export async function unansweredLookUps(
  readers: Pool,
  {
    olderThanMs,
    sinceMs,
    after,
    limit,
  }: { olderThanMs: number; sinceMs: number; after: string; limit: number },
): Promise<string[]> {
  const { rows } = await readers.query<{ id: string }>({
    name: 'unanswered',
    text: `select id from (${places.map(statement).join(' union all ')}) as waiting order by id limit $4`,
    values: [olderThanMs, sinceMs, after, limit],
  })
  return rows.map(({ id }) => id)
}

// One branch a state, so that each finds its own partial index; none needs one more.
const places = [
  `state = 'due'`,
  `state = 'leased'`,
  `state = 'dead' and failure ->> 'kind' in ('unavailable', 'uncertain', 'throttled')`,
]
const statement = (place: string): string => `select id from transfers where ${place}
  and operation in ('obtainCertificate', 'verifyCertificate') and id > $3
  and created_at <= now() - $1::double precision * interval '1 millisecond'
  and created_at > now() - $2::double precision * interval '1 millisecond'`
