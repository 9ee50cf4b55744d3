// What operators asked for under an Idempotency-Key, kept beside the messages of machines: when it was asked
// for first, and what it was answered once it was carried out.

import type { Pool } from './database.ts'

export interface Order {
  /** Of whoever asks: `operator:<id>`. */
  source: string
  key: string
  sha256: string
}

interface Begun {
  /** Of the request that came first under this key. */
  sha256: string
  at: Date
  /** Null while it is being carried out, and after whoever did died. */
  answer: Record<string, unknown> | null
}

/** Keeps the order unless its key was used before; resolves with the first one. */
export async function beginOrder(
  writers: Pool,
  { source, key, sha256 }: Order,
  body: string,
): Promise<Begun> {
  const { rows } = await writers.query<Begun>(
    `insert into messages (source, key, submission_id, sha256, media_type, encoding, body, outcome)
     values ($1, $2, '', $3, 'application/json', 'utf8', $4, 'ordered')
     on conflict (source, key) do update set key = excluded.key returning sha256, received_at as at, answer`,
    [source, key, sha256, body],
  )
  return rows[0]!
}

/** The first answer stays. */
export const endOrder = async (writers: Pool, { source, key }: Order, answer: object): Promise<void> =>
  void (await writers.query(
    "update messages set answer = $3 where source = $1 and key = $2 and outcome = 'ordered' and answer is null",
    [source, key, JSON.stringify(answer)],
  ))

/** It was refused: the key is free for what was meant. */
export const dropOrder = async (writers: Pool, { source, key }: Order): Promise<void> =>
  void (await writers.query(
    "delete from messages where source = $1 and key = $2 and outcome = 'ordered' and answer is null",
    [source, key],
  ))
