// What was asked of departments' own booking systems, in steps that are each true by themselves: a process
// may die between any two, and the rounds find what it left.

import { type Booking, bookingColumns } from './bookings.ts'
import type { Pool } from './database.ts'

export interface Reservation {
  id: string
  system: string
  slot: string
  matter: string
  /** How often it was asked for. */
  claims: number
  reference: string | null
  /** Nothing that was sent for it can arrive any more. */
  settled: boolean
}

interface NewReservation {
  id: string
  system: string
  slot: string
  matter: string
  client: string
  key: string
  startsAt: string
}

/** So long a process has a reservation to itself: longer than it may wait for the system, seconds. */
const CLAIM_SECONDS = 30
/** Nobody has come back for it for so long after that: it is given back. Seconds. */
const ABANDONED_SECONDS = 60
/** After so long a request that was sent has had its effect, or never will. Seconds. */
const SETTLED_SECONDS = 120

const columns = `id, system, slot, matter, claims, reference,
  asked_until < now() - interval '${SETTLED_SECONDS} seconds' as settled`

/**
 * Written before the system is asked: a new one, or the one that an earlier try of the same request left
 * open. Null while another process is at it.
 */
export async function claimReservation(writers: Pool, one: NewReservation): Promise<Reservation | null> {
  const { rows } = await writers.query<Reservation>({
    name: 'claim-reservation',
    text: `insert into reservations as r (id, system, slot, matter, client, key, state, asked_until, starts_at)
           values ($1, $2, $3, $4, $5, $6, 'asked', now() + interval '${CLAIM_SECONDS} seconds', $7)
           on conflict (client, key) where state in ('asked', 'kept') do update
             set claims = r.claims + 1, asked_until = now() + interval '${CLAIM_SECONDS} seconds', changed_at = now()
             where r.state = 'asked' and r.asked_until <= now()
           returning ${columns}`,
    values: [one.id, one.system, one.slot, one.matter, one.client, one.key, one.startsAt],
  })
  return rows[0] ?? null
}

type Claim = Pick<Reservation, 'id' | 'claims'>

const MINE = `id = $1 and claims = $2 and state = 'asked'`

/** Whoever repeats the request may go on at once. */
export async function letGo(writers: Pool, { id, claims }: Claim, failure: string): Promise<void> {
  await writers.query({
    name: 'let-reservation-go',
    text: `update reservations set asked_until = now(), failure = $3, changed_at = now() where ${MINE}`,
    values: [id, claims, failure],
  })
}

/** ended: it is surely not there. returning: it may be, and nobody wants it. */
export async function giveUp(
  writers: Pool,
  { id, claims }: Claim,
  state: 'ended' | 'returning',
  failure: string,
  reference: string | null = null,
): Promise<void> {
  await writers.query({
    name: 'give-reservation-up',
    text: `update reservations set state = $3, failure = $4, reference = coalesce($5, reference), due_at = now(), changed_at = now()
           where ${MINE}`,
    values: [id, claims, state, failure, reference],
  })
}

/** What the system answered. */
export interface Kept extends Claim {
  reference: string | null
  endsAt: string
  place: string | null
}

const KEPT = `kept as (
  update reservations set state = 'kept', reference = $3, changed_at = now() where ${MINE} returning id, slot, matter, starts_at
)`

interface HeldBy {
  id: string
  platform: string
  client: string
  key: string
  holdMinutes: number
}

/** The seat is there, and becomes a booking, in one step. Null when it was given up meanwhile. */
export async function holdReserved(
  writers: Pool,
  { id, claims, reference, endsAt, place }: Kept,
  by: HeldBy,
): Promise<Booking | null> {
  const { rows } = await writers.query<Booking>({
    name: 'hold-reserved',
    text: `with ${KEPT}
           insert into bookings (id, slot, starts_at, matter, platform, client, key, state, held_until, reservation, ends_at, place)
           select $6, slot, starts_at, matter, $7, $8, $9, 'held', now() + $10 * interval '1 minute', id, $4, $5 from kept
           returning ${bookingColumns}`,
    values: [id, claims, reference, endsAt, place, by.id, by.platform, by.client, by.key, by.holdMinutes],
  })
  return rows[0] ?? null
}

/** The same for a booking that moves there from its slot. Null when either was given up meanwhile. */
export async function moveToReserved(
  writers: Pool,
  { id, claims, reference, endsAt, place }: Kept,
  booking: string,
): Promise<Booking | null> {
  const { rows } = await writers.query<Booking>({
    name: 'move-to-reserved',
    text: `with ${KEPT}
           update bookings set slot = kept.slot, seat = null, starts_at = kept.starts_at, reservation = kept.id, ends_at = $4, place = $5,
             changes = changes + 1, changed_at = now(),
             known_slot = case when state = 'confirmed' then coalesce(known_slot, bookings.slot) end
           from kept
           where bookings.id = $6 and (state = 'confirmed' or state = 'held' and held_until > now())
           returning ${bookingColumns}`,
    values: [id, claims, reference, endsAt, place, booking],
  })
  return rows[0] ?? null
}

const UNUSED = `state = 'kept' and starts_at > now() and not exists (
  select from bookings b where b.reservation = r.id
    and (b.state = 'confirmed' or b.state = 'held' and b.held_until > now()))`

/** To be given back, if no booking has it any more. */
export async function returnUnused(writers: Pool, id: string): Promise<void> {
  await writers.query({
    name: 'return-reservation',
    text: `update reservations r set state = 'returning', due_at = now(), changed_at = now() where id = $1 and ${UNUSED}`,
    values: [id],
  })
}

/**
 * All that are to be given back: no booking has them, or who asked for them is gone. What has begun holds no
 * seat for anybody.
 */
export async function returnAllUnused(writers: Pool): Promise<void> {
  await writers.query({
    name: 'return-all-unused',
    text: `update reservations r set state = 'returning', due_at = now(), changed_at = now() where ${UNUSED}`,
  })
  await writers.query({
    name: 'return-abandoned',
    text: `update reservations set state = 'returning', due_at = now(), changed_at = now()
           where state = 'asked' and asked_until < now() - interval '${ABANDONED_SECONDS} seconds'`,
  })
  await writers.query({
    name: 'end-begun',
    text: `update reservations set state = 'ended', changed_at = now() where state in ('asked', 'returning') and starts_at <= now()`,
  })
}

/**
 * The next that is to be given back, not of a system that is away; or the one of this id. It is due again a
 * minute later, then more seldom, at most every hour.
 */
export async function claimReturn(
  writers: Pool,
  { away = [], id = null }: { away?: readonly string[]; id?: string | null },
): Promise<Reservation | null> {
  const { rows } = await writers.query<Reservation>({
    name: 'claim-return',
    text: `update reservations set tries = tries + 1, due_at = now() + least(power(2, least(tries, 6)), 60) * interval '1 minute'
           where id = (select id from reservations
                       where state = 'returning' and due_at <= now() and system <> all ($1) and ($2::text is null or id = $2)
                       order by due_at limit 1 for update skip locked)
           returning ${columns}`,
    values: [away, id],
  })
  return rows[0] ?? null
}

/** The system holds no seat for it any more. */
export async function endReturn(writers: Pool, id: string): Promise<void> {
  await writers.query({
    name: 'end-return',
    text: `update reservations set state = 'ended', failure = null, changed_at = now() where id = $1 and state = 'returning'`,
    values: [id],
  })
}

export async function noteReturnFailed(writers: Pool, id: string, failure: string): Promise<void> {
  await writers.query({
    name: 'return-failed',
    text: 'update reservations set failure = $2, changed_at = now() where id = $1',
    values: [id, failure],
  })
}
