// Messages that nobody could read, for the person they are kept for.

import type { Pool } from './database.ts'

export interface Unreadable {
  system: string
  /** Of its bytes, as kept: of a long message that proved no sender, the first of them. */
  sha256: string
  receivedAt: Date
  reason: string
  mediaType: string
  bytes: number
}

export type Place = Pick<Unreadable, 'system' | 'sha256'>

const columns = `substr(source, 8) as system, sha256, received_at as "receivedAt", substr(outcome, 13) as reason,
  media_type as "mediaType", octet_length(decode(body, 'base64')) as bytes`
/** As in the index messages_unreadable. */
const isUnreadable = `outcome like 'unreadable: %'`

/** Newest first. `after`: the last one that is known. */
export async function unreadableMessages(
  readers: Pool,
  system: string | null,
  limit: number,
  after: Place | null,
): Promise<Unreadable[]> {
  const { rows } = await readers.query<Unreadable>(
    `select ${columns} from messages
     where ${isUnreadable} and ($1::text is null or source = 'system:' || $1)
       and ($3::text is null or (received_at, source, key) < (select received_at, source, key from messages where source = 'system:' || $3 and key = 'unreadable:' || $4))
     order by received_at desc, source desc, key desc limit $2`,
    [system, limit, after?.system ?? null, after?.sha256 ?? null],
  )
  return rows
}

/** The exact bytes; null when there is none. */
export async function unreadableMessage(
  readers: Pool,
  { system, sha256 }: Place,
): Promise<{ body: Buffer; mediaType: string } | null> {
  const { rows } = await readers.query<{ body: Buffer; mediaType: string }>(
    `select decode(body, 'base64') as body, media_type as "mediaType" from messages where source = 'system:' || $1 and key = 'unreadable:' || $2`,
    [system, sha256],
  )
  return rows[0] ?? null
}
