// The book of the halls' slots (网上预约): held for a few minutes, confirmed by the submission that names them, moved,
// cancelled. A seat is sold once (ledger/bookings.ts). What a case knows of its appointment is the domain's: a change
// is told to it as an event, and told again by the rounds when the process that made the change did not live to tell.

import type { WorkCalendar } from '../domain/calendar.ts'
import { type Asked, isOpen, type Slot, slotNamed, slotsOf, takesMatter } from '../domain/slots.ts'
import { newId } from '../identifiers.ts'
import type { FieldError } from '../intake/field-error.ts'
import { problem } from '../intake/problems.ts'
import {
  type Booking,
  bookingByKey,
  confirmBooking,
  holdSeat,
  moveSeat,
  readBooking,
  releaseBooking,
  takenSeats,
} from '../ledger/bookings.ts'
import type { Hall } from '../settings/settings.ts'
import {
  full,
  fullProblem,
  heldForAnother,
  noSuchBooking,
  noSuchSlot,
  notHeld,
  notOpen,
  otherMatters,
  overProblem,
} from './faults.ts'
import { type TellingDeps, tellCases } from './telling.ts'

export interface BookingDeps extends TellingDeps {
  /** As they are configured now. */
  settings: { readonly halls: ReadonlyMap<string, Hall> }
  calendar: WorkCalendar
}

export interface OfferedSlot extends Slot {
  free: number
}

/** What a booking is, and when and where. The slot is undefined once no hall offers it any more. */
export interface Booked {
  booking: Booking
  slot: Slot | undefined
}

export interface Bookings {
  /** With how many seats are free. `home` and `hall` narrow it down. */
  offered(asked: Asked & { home?: string; hall?: string }): Promise<OfferedSlot[]>
  /**
   * @throws problem `invalid-request`, `division-not-allowed`, or `conflict-state` when the slot is full; `repeated` when the
   * same key held it before
   */
  hold(wanted: Wish): Promise<Booked & { repeated: boolean }>
  /** @throws problem `not-found` when this platform has none of that id */
  read(id: string, platform: string): Promise<Booked>
  move(id: string, platform: string, slot: string): Promise<Booked>
  cancel(id: string, platform: string): Promise<Booked>
  /** Whether the slot of a submission or request can be had: null for a slot of somebody else's book. Nothing is taken. */
  look(appointment: string, taker: Taker): Promise<Slot | FieldError | null>
  /** Takes it for good. What was looked at may be gone by now: then it is a fault. */
  take(appointment: string, taker: Taker): Promise<Slot | FieldError | null>
  /** Tells the cases of a booking how it was changed. */
  tell(booking: Booking): Promise<void>
}

export interface Wish {
  slot: string
  matter: string
  client: string
  platform: string
  /** Of the request: its repeats hold nothing more. */
  key: string
  /** Whether the client may act for a division. */
  mayActFor(division: string): boolean
}

/** Who comes: the submission, by its platform's number, and with which matters. */
export interface Taker {
  platform: string
  client: string
  externalId: string
  matters: readonly string[]
}

export function openBookings(deps: BookingDeps): Bookings {
  const { ledger, settings, calendar } = deps
  const now = (): string => ledger.now().toISOString()
  const named = (id: string): Slot | undefined => slotNamed(id, settings.halls)
  const booked = (booking: Booking): Booked => ({ booking, slot: named(booking.slot) })

  /** A slot that may be booked for the matter. */
  function bookable(id: string, matter: string): Slot | FieldError {
    const slot = named(id)
    if (!slot) return noSuchSlot(id)
    if (!takesMatter(slot.offer, matter)) return otherMatters(slot, matter)
    return isOpen(slot, now(), calendar) ? slot : notOpen(slot)
  }

  async function own(id: string, platform: string): Promise<Booking> {
    const booking = await readBooking(ledger.readers, id)
    if (booking?.platform !== platform) throw noSuchBooking(id)
    return booking
  }

  async function look(appointment: string, taker: Taker): Promise<Slot | FieldError | null> {
    if (!isOurs(appointment)) return null
    const [matter] = taker.matters
    if (matter === undefined) return null
    if (!appointment.startsWith('apt_')) {
      const slot = bookable(appointment, matter)
      if ('code' in slot || (await isTakenBy(deps, slot, taker))) return slot
      const taken = (await takenSeats(ledger.readers, [slot.id])).get(slot.id) ?? 0
      return taken < slot.offer.capacity ? slot : full(slot)
    }
    const booking = await readBooking(ledger.readers, appointment)
    if (booking?.platform !== taker.platform || !isHeldFor(booking, taker, now())) return notHeld(appointment)
    if (!taker.matters.includes(booking.matter)) return heldForAnother(booking)
    return named(booking.slot) ?? noSuchSlot(booking.slot)
  }

  async function take(appointment: string, taker: Taker): Promise<Slot | FieldError | null> {
    const slot = await look(appointment, taker)
    if (slot === null || 'code' in slot) return slot
    const id = appointment.startsWith('apt_') ? appointment : await holdFor(deps, slot, taker)
    if (id === null) return full(slot)
    return (await confirmBooking(ledger.writers, { id, ...taker })) ? slot : notHeld(appointment)
  }

  return {
    look,
    take,
    async offered({ home, hall, ...asked }) {
      const halls = [...settings.halls.values()].filter(
        (one) => (home === undefined || one.division === home) && (hall === undefined || one.code === hall),
      )
      const slots = slotsOf(halls, asked, now(), calendar)
      const ids = slots.map(({ id }) => id)
      const taken = await takenSeats(ledger.readers, ids)
      return slots.map((slot) => ({
        ...slot,
        free: Math.max(0, slot.offer.capacity - (taken.get(slot.id) ?? 0)),
      }))
    },
    async hold({ slot: id, matter, mayActFor, ...holder }) {
      const before = await bookingByKey(ledger.readers, holder.client, holder.key)
      if (before) {
        if (before.matter !== matter || (before.slot !== id && before.changes === 0))
          throw problem('idempotency-conflict')
        return { ...booked(before), repeated: true }
      }
      const slot = bookable(id, matter)
      if ('code' in slot) throw problem('invalid-request', { errors: [slot] })
      if (!mayActFor(slot.division)) throw problem('division-not-allowed')
      const booking = await holdSeat(ledger.writers, { ...seatIn(slot), id: newId('apt'), matter, ...holder })
      if (!booking) throw fullProblem(slot)
      return { booking, slot, repeated: false }
    },
    read: async (id, platform) => booked(await own(id, platform)),
    async move(id, platform, to) {
      const before = await own(id, platform)
      if (before.slot === to && before.state !== 'released') return booked(before)
      const slot = bookable(to, before.matter)
      if ('code' in slot) throw problem('invalid-request', { errors: [slot] })
      if (isOver(before, now())) throw overProblem()
      const moved = await moveSeat(ledger.writers, id, seatIn(slot))
      if (!moved) throw fullProblem(slot)
      await tellCases(deps, moved)
      return { booking: moved, slot }
    },
    async cancel(id, platform) {
      const before = await own(id, platform)
      const released = await releaseBooking(ledger.writers, id)
      if (released) await tellCases(deps, released)
      return booked(released ?? before)
    },
    tell: (booking) => tellCases(deps, booking),
  }
}

/** Ours have a form of their own; anything else is a slot of a book that somebody else keeps. */
const isOurs = (appointment: string): boolean =>
  appointment.startsWith('apt_') || /^[1-9]\d{5}-\d{2}\.[^.]+\.\d{8}T\d{4}$/.test(appointment)

const seatIn = (slot: Slot) => ({
  slot: slot.id,
  capacity: slot.offer.capacity,
  startsAt: slot.from,
  holdMinutes: slot.offer.holdMinutes,
})

const isOver = ({ state, heldUntil }: Booking, now: string): boolean =>
  state === 'released' || (state === 'held' && heldUntil.toISOString() <= now)

const isHeldFor = (booking: Booking, { externalId }: Taker, now: string): boolean =>
  booking.state === 'confirmed' ? booking.externalId === externalId : !isOver(booking, now)

/** A submission that names a slot without having held it has one booking of it, however often it comes. */
const keyOf = (slot: Slot, { platform, externalId }: Taker): string =>
  `slot ${slot.id} of ${platform} ${externalId}`

async function isTakenBy({ ledger }: BookingDeps, slot: Slot, taker: Taker): Promise<boolean> {
  const booking = await bookingByKey(ledger.readers, taker.client, keyOf(slot, taker))
  return booking !== null && booking.state !== 'released'
}

async function holdFor({ ledger }: BookingDeps, slot: Slot, taker: Taker): Promise<string | null> {
  const { client, platform } = taker
  const key = keyOf(slot, taker)
  const before = await bookingByKey(ledger.readers, client, key)
  if (before && before.state !== 'released') return before.id
  const again = before ? { key: `${key} after ${before.id}` } : { key }
  const one = { ...seatIn(slot), id: newId('apt'), matter: taker.matters[0]!, client, platform, ...again }
  return (await holdSeat(ledger.writers, one))?.id ?? null
}
