// Who holds which slot. Every statement is one step that is true by itself: a process may die between any two.

import type { Pool } from './database.ts'

export interface Booking {
  id: string
  slot: string
  matter: string
  platform: string
  client: string
  state: 'held' | 'confirmed' | 'released'
  heldUntil: Date
  /** Of the submission that took it. */
  externalId: string | null
  /** The slot that its cases know, where it is another by now. */
  knownSlot: string | null
  /** How often it was changed or cancelled. */
  changes: number
  /** Confirmed so lately that what named it may not be recorded yet. */
  isNew: boolean
  startsAt: Date
  /** Of a slot that a department's own system keeps: what was reserved there, until when, and where. */
  reservation: string | null
  endsAt: Date | null
  place: string | null
}

interface Wanted {
  slot: string
  capacity: number
  startsAt: string
}

interface NewBooking extends Wanted {
  id: string
  matter: string
  platform: string
  client: string
  /** Repeats of a request have the same. */
  key: string
  holdMinutes: number
}

/** A submission is recorded this soon after its slot was confirmed, or never: minutes. */
const RECORDED_WITHIN = 2

export const bookingColumns = `bookings.id, bookings.slot, bookings.matter, bookings.platform, bookings.client, bookings.state,
  held_until as "heldUntil", external_id as "externalId", known_slot as "knownSlot", changes,
  coalesce(confirmed_at > now() - interval '${RECORDED_WITHIN} minutes', false) as "isNew",
  bookings.starts_at as "startsAt", reservation, ends_at as "endsAt", place`

/** How many seats of each slot are taken now. */
export async function takenSeats(readers: Pool, slots: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await readers.query<{ slot: string; taken: number }>({
    name: 'seats-taken',
    text: `select slot, count(*)::integer as taken from bookings
           where slot = any ($1) and seat is not null and (state = 'confirmed' or held_until > now()) group by slot`,
    values: [slots],
  })
  return new Map(rows.map(({ slot, taken }) => [slot, taken]))
}

/** The one that was made by this request before; null when there is none. */
export async function bookingByKey(readers: Pool, client: string, key: string): Promise<Booking | null> {
  const { rows } = await readers.query<Booking>({
    name: 'booking-by-key',
    text: `select ${bookingColumns} from bookings where client = $1 and key = $2`,
    values: [client, key],
  })
  return rows[0] ?? null
}

export async function readBooking(readers: Pool, id: string): Promise<Booking | null> {
  const { rows } = await readers.query<Booking>({
    name: 'booking',
    text: `select ${bookingColumns} from bookings where id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/**
 * Holds the lowest free seat; null when there is none. A repeat with the same client and key, however near,
 * gets what the first has.
 */
export async function holdSeat(writers: Pool, one: NewBooking): Promise<Booking | null> {
  const held = lowestFree(writers, one, async () => {
    const { rows } = await writers.query<Booking>({
      name: 'hold-seat',
      text: `insert into bookings (id, slot, seat, starts_at, matter, platform, client, key, state, held_until)
             select $1, $2, seat, $4, $5, $6, $7, $8, 'held', now() + $9 * interval '1 minute'
             from generate_series(1, $3::integer) seat
             where not exists (select from bookings b where b.slot = $2 and b.seat = seat.seat)
             order by seat limit 1
             returning ${bookingColumns}`,
      values: [
        one.id,
        one.slot,
        one.capacity,
        one.startsAt,
        one.matter,
        one.platform,
        one.client,
        one.key,
        one.holdMinutes,
      ],
    })
    return rows[0] ?? null
  })
  return held.catch(violated('bookings_client_key_key', () => bookingByKey(writers, one.client, one.key)))
}

/** Moves a booking to a seat of another slot and frees its own, in one step; null when there is no seat. */
export async function moveSeat(writers: Pool, id: string, wanted: Wanted): Promise<Booking | null> {
  return lowestFree(writers, wanted, async () => {
    const { rows } = await writers.query<Booking>({
      name: 'move-seat',
      text: `update bookings set slot = $2, seat = free.seat, starts_at = $4, changes = changes + 1, changed_at = now(),
               reservation = null, ends_at = null, place = null,
               known_slot = case when state = 'confirmed' then coalesce(known_slot, slot) end
             from (select seat from generate_series(1, $3::integer) seat
                   where not exists (select from bookings b where b.slot = $2 and b.seat = seat.seat)
                   order by seat limit 1) free
             where id = $1 and state <> 'released'
             returning ${bookingColumns}`,
      values: [id, wanted.slot, wanted.capacity, wanted.startsAt],
    })
    return rows[0] ?? null
  })
}

/**
 * Each time somebody else was quicker a seat more is taken, so that it ends after as many tries as there are
 * seats. Where none is free it ends at once: those who ask for what is sold out are many.
 */
async function lowestFree(
  writers: Pool,
  { slot, capacity }: Wanted,
  take: () => Promise<Booking | null>,
): Promise<Booking | null> {
  await writers.query({
    name: 'release-lapsed',
    text: `update bookings set state = 'released', seat = null where slot = $1 and state = 'held' and held_until <= now()`,
    values: [slot],
  })
  for (let tries = 0; tries <= capacity; tries++) {
    const taken = await take().catch(violated('bookings_seat', () => 'raced' as const))
    if (taken !== 'raced') return taken
  }
  return null
}

const UNIQUE_VIOLATION = '23505'

/** What to do instead when this constraint was in the way. */
const violated =
  <T>(constraint: string, instead: () => T) =>
  (error: { code?: string; constraint?: string }): T => {
    if (error.code === UNIQUE_VIOLATION && error.constraint === constraint) return instead()
    throw error
  }

/**
 * For a submission: it is its own from now on. Null when it is held no more, or somebody else's. A repeat, whose first process
 * may have died before it was recorded, has as long to be recorded as the first had.
 */
export async function confirmBooking(
  writers: Pool,
  { id, platform, externalId }: { id: string; platform: string; externalId: string },
): Promise<Booking | null> {
  const { rows } = await writers.query<Booking>({
    name: 'confirm-booking',
    text: `update bookings set state = 'confirmed', external_id = $3, confirmed_at = now()
           where id = $1 and platform = $2
             and (state = 'held' and held_until > now() or state = 'confirmed' and external_id = $3)
           returning ${bookingColumns}`,
    values: [id, platform, externalId],
  })
  return rows[0] ?? null
}

/** Null when there is none that is not released yet. */
export async function releaseBooking(writers: Pool, id: string): Promise<Booking | null> {
  const { rows } = await writers.query<Booking>({
    name: 'release-booking',
    text: `update bookings set state = 'released', seat = null, changes = changes + 1, changed_at = now(),
             known_slot = case when state = 'confirmed' then coalesce(known_slot, slot) end
           where id = $1 and state <> 'released' returning ${bookingColumns}`,
    values: [id],
  })
  return rows[0] ?? null
}

/**
 * Its cases have learnt of this change; false when there was another one meanwhile, which they have to be
 * told as well, or when another teller was quicker: they know then what that one marked.
 */
export async function markTold(
  writers: Pool,
  { id, changes, slot, knownSlot }: Pick<Booking, 'id' | 'changes' | 'slot' | 'knownSlot'>,
): Promise<boolean> {
  const { rows } = await writers.query<{ told: boolean }>({
    name: 'booking-told',
    text: `update bookings set known_slot = case when changes = $2 then null else $3 end
           where id = $1 and known_slot = $4 returning known_slot is null as told`,
    values: [id, changes, slot, knownSlot],
  })
  return rows[0]?.told === true
}

const MOST = 200

/** Changes whose cases were not told for a minute: the process that made them is gone. */
export async function untoldBookings(readers: Pool): Promise<Booking[]> {
  const { rows } = await readers.query<Booking>({
    name: 'bookings-untold',
    text: `select ${bookingColumns} from bookings where known_slot is not null and changed_at < now() - interval '1 minute'
           order by changed_at limit ${MOST}`,
  })
  return rows
}

/**
 * Frees the seats that nobody will come for: held too long; confirmed for a submission that never came, or
 * whose cases have another slot, another mode or an end by now. Resolves with how many. Ids of cases share
 * the root of their submission's: a range of the key finds them.
 */
export async function releaseUnused(writers: Pool): Promise<number> {
  const lapsed = await writers.query({
    name: 'release-all-lapsed',
    text: `update bookings set state = 'released', seat = null where state = 'held' and held_until <= now()`,
  })
  const unused = await writers.query({
    name: 'release-unused',
    text: `update bookings b set state = 'released', seat = null
           where state = 'confirmed' and starts_at > now() and known_slot is null
             and greatest(confirmed_at, changed_at) < now() - interval '${RECORDED_WITHIN} minutes'
             and not exists (
               select from submissions s
               join cases c on c.id > 'case_' || substr(s.id, 5) and c.id < 'case_' || substr(s.id, 5) || '~'
               where s.platform = b.platform and s.external_id = b.external_id
                 and c.data -> 'appointment' ->> 'slot' = b.slot
                 and c.data -> 'appointment' ->> 'state' <> 'cancelled'
                 and c.state not in ('issued', 'closed', 'rejected', 'denied', 'withdrawn', 'terminated'))`,
  })
  return (lapsed.rowCount ?? 0) + (unused.rowCount ?? 0)
}
