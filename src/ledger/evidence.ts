// Outside messages that could not be read: kept for a person, and never guessed at.

import { settledStates } from '../domain/case-states.ts'
import type { Message } from './changes.ts'
import type { Pool } from './database.ts'

/** Keeps the exact bytes; the same message again changes nothing. Resolves with whether it was new. */
export async function keepUnreadable(writers: Pool, message: Message, reason: string): Promise<boolean> {
  const { rowCount } = await writers.query(
    `insert into messages (source, key, submission_id, sha256, media_type, encoding, body, outcome) values ($1, $2, '', $3, $4, 'base64', $5, $6)
     on conflict (source, key) do nothing`,
    [
      message.source,
      message.key,
      message.sha256,
      message.mediaType,
      message.body.toString('base64'),
      `unreadable: ${reason}`,
    ],
  )
  return rowCount === 1
}

interface Place {
  submissionId: string
  caseId?: string
  parcelId?: string
}

/**
 * The submission that a system's own number belongs to, with our id for the case or parcel. Some give one number
 * twice, to a case that is done again or a parcel of years later: then the one that is not over is meant. Null for a
 * number of none, or of several.
 */
export async function locate(readers: Pool, system: string, reference: string): Promise<Place | null> {
  const { rows } = await readers.query<{ submission_id: string; id: string; state: string }>({
    name: 'locate',
    text: `select submission_id, id, state from cases where system = $1 and reference = $2
           union all select submission_id, id, state from parcels where reference = $2 and (system = $1 or data ->> 'tracker' = $1) limit 100`,
    values: [system, reference],
  })
  const open = rows.length > 1 ? rows.filter(({ state }) => !over.has(state)) : rows
  const [row, ...others] = open
  if (!row || others.length > 0) return null
  return {
    submissionId: row.submission_id,
    ...(row.id.startsWith('par_') ? { parcelId: row.id } : { caseId: row.id }),
  }
}

/** Of cases and of parcels. */
const over: ReadonlySet<string> = new Set([...settledStates, 'delivered', 'returned', 'cancelled', 'lost'])
