// Opaque, typed, sortable ids: prefix + UUIDv7-like 48-bit milliseconds and 80 random bits, in lower-case
// Crockford base 32 (26 characters, as ULID). Sorting by id is sorting by time of making.

import { randomFillSync } from 'node:crypto'

/** Ids of cases, parcels, entries and most transfers grow from their submission's (domain/submission.ts). */
type IdPrefix = 'sub' | 'mat' | 'trf' | 'apt' | 'rsv'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const POOL_BYTES = 4096
const pool = Buffer.alloc(POOL_BYTES)
let used = POOL_BYTES

/** A new id such as `sub_01kb3v5m8q…`. `now` in ms since the epoch. */
export function newId(prefix: IdPrefix, now: number = Date.now()): string {
  return `${prefix}_${time(now)}${random()}`
}

let timeAt = Number.NaN
let timeText = ''

function time(ms: number): string {
  if (ms === timeAt) return timeText
  timeAt = ms
  timeText = timeOf(ms)
  return timeText
}

function timeOf(ms: number): string {
  let text = ''
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[ms % 32] + text
    ms = Math.floor(ms / 32)
  }
  return text
}

function random(): string {
  if (used + 16 > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  let text = ''
  for (let i = 0; i < 16; i++) text += ALPHABET[pool[used++]! & 31]
  return text
}
