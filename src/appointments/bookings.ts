// Bookings (网上预约), whichever book keeps the slot, a hall's (hall-book.ts) or a department's system
// (department-book.ts): held for a few minutes, confirmed by the submission that names them, moved,
// cancelled. A seat is sold once (ledger/bookings.ts). What a case knows of its appointment is the domain's:
// a change is told to it as an event, and told again by the rounds when the process that made the change did
// not live to tell.

import type { FieldError } from '../http/field-error.ts'
import { contradicted, problem } from '../http/problems.ts'
import { newId } from '../identifiers.ts'
import {
  type Booking,
  bookingByKey,
  confirmBooking,
  readBooking,
  releaseBooking,
} from '../ledger/bookings.ts'
import type { AskedSlots, Book, BookableSlot, BookSlotFacts, OfferedSlot } from './book.ts'
import { type DepartmentBookDeps, departmentBook, type Missing } from './department-book.ts'
import {
  bookAway,
  heldForAnother,
  noSuchBooking,
  noSuchSlot,
  notHeld,
  overProblem,
  refusedProblem,
} from './faults.ts'
import { type HallBookDeps, hallBook } from './hall-book.ts'
import { giveBackUnused } from './reservations.ts'
import { type TellingDeps, tellCases, whyFixed } from './telling.ts'

type BookingDeps = TellingDeps & HallBookDeps & DepartmentBookDeps

/** What a booking is, and when and where. The slot is undefined once nobody offers it any more. */
export interface Booked {
  booking: Booking
  slot: BookSlotFacts | undefined
}

export interface Offered {
  slots: OfferedSlot[]
  /** Booking systems that should be in the answer and gave none. */
  missing: readonly Missing[]
}

export interface Bookings {
  /**
   * With how many seats are free. `home` and `hall` narrow it down. @throws problem `unavailable` when
   * booking systems are all that keeps such slots, and none answers
   */
  offered(asked: AskedSlots): Promise<Offered>
  /**
   * @throws problem `invalid-request`, `division-not-allowed`, `conflict-state` when the slot is full or
   * gone, `unavailable` when its system gives no answer; `repeated` when the same key held it before
   */
  hold(wanted: Wish): Promise<Booked & { repeated: boolean }>
  /** @throws problem `not-found` when this platform has none of that id, `division-not-allowed` */
  read(id: string, asker: Asker): Promise<Booked>
  /** @throws as `hold` and `read`; problem `conflict-state` too where its cases may have no other slot any more */
  move(id: string, asker: Asker, slot: string): Promise<Booked>
  cancel(id: string, asker: Asker): Promise<Booked>
  /** Whether this names a booking, or a slot of a book of ours: anybody else's is taken as it was said. */
  keeps(appointment: string): boolean
  /**
   * Whether the slot of a submission or request can be had: null for a slot of somebody else's book. Nothing
   * is taken.
   */
  look(appointment: string, taker: Taker): Promise<TakenSlot | FieldError | null>
  /** Takes it for good. What was looked at may be gone by now: then it is a fault. */
  take(appointment: string, taker: Taker): Promise<TakenSlot | FieldError | null>
  /** Tells the cases of a booking how it was changed. */
  tell(booking: Booking): Promise<void>
}

export type TakenSlot = Pick<BookableSlot, 'id' | 'from'>

export interface Asker {
  platform: string
  /** Whether the client may act for a division. */
  mayActFor(division: string): boolean
}

export interface Wish extends Asker {
  slot: string
  matter: string
  client: string
  /** Of the request: its repeats hold nothing more. */
  key: string
}

/** Who comes: the submission, by its platform's number, and with which matters. */
export interface Taker {
  platform: string
  client: string
  externalId: string
  matters: readonly string[]
}

export function openBookings(deps: BookingDeps): Bookings {
  const { ledger } = deps
  const now = (): string => ledger.now().toISOString()
  const halls = hallBook(deps)
  const departments = departmentBook(deps)
  const bookOf = (slot: string): Book | undefined => [halls, departments].find((book) => book.keeps(slot))
  const booked = (booking: Booking): Booked => ({ booking, slot: bookOf(booking.slot)?.slotOf(booking) })

  async function own(id: string, { platform, mayActFor }: Asker): Promise<Booking> {
    const booking = await readBooking(ledger.readers, id)
    if (booking?.platform !== platform) throw noSuchBooking(id)
    const division = booked(booking).slot?.division
    if (division !== undefined && !mayActFor(division)) throw problem('division-not-allowed')
    return booking
  }

  /** A booking that is held for whoever comes now. */
  async function heldFor(id: string, taker: Taker): Promise<TakenSlot | FieldError> {
    const booking = await readBooking(ledger.readers, id)
    if (booking?.platform !== taker.platform || !isHeldFor(booking, taker, now())) return notHeld(id)
    if (!taker.matters.includes(booking.matter)) return heldForAnother(booking)
    return booked(booking).slot ?? noSuchSlot(booking.slot)
  }

  async function look(appointment: string, taker: Taker): Promise<TakenSlot | FieldError | null> {
    const [matter] = taker.matters
    const book = bookOf(appointment)
    if (matter === undefined) return null
    if (isBooking(appointment)) return heldFor(appointment, taker)
    if (!book) return null
    const slot = book.bookable(appointment, matter)
    if ('code' in slot || (await isTakenBy(deps, slot, taker))) return slot
    return (await book.look(appointment, matter)) ?? slot
  }

  async function take(appointment: string, taker: Taker): Promise<TakenSlot | FieldError | null> {
    const [matter] = taker.matters
    const book = bookOf(appointment)
    if (matter === undefined) return null
    if (isBooking(appointment)) {
      const slot = await heldFor(appointment, taker)
      return 'code' in slot ? slot : confirmed(appointment, taker, appointment)
    }
    if (!book) return null
    const slot = book.bookable(appointment, matter)
    if ('code' in slot) return slot
    const held = await holdFor(deps, book, slot, matter, taker)
    if ('code' in held) return held
    return confirmed(held.id, taker, appointment)
  }

  /** As it is by then: it may have been moved since it was looked at. */
  async function confirmed(id: string, taker: Taker, appointment: string): Promise<TakenSlot | FieldError> {
    const booking = await confirmBooking(ledger.writers, { ...taker, id })
    return booking ? (booked(booking).slot ?? noSuchSlot(booking.slot)) : notHeld(appointment)
  }

  /** What a department's system held for a booking that has let go of it. */
  async function giveBack({ reservation }: Booking): Promise<void> {
    if (reservation !== null) await giveBackUnused(deps, reservation)
  }

  async function release(id: string): Promise<Booking | null> {
    const released = await releaseBooking(ledger.writers, id)
    if (!released) return null
    await tellCases(deps, released)
    await giveBack(released)
    return released
  }

  return {
    keeps: (appointment) => isBooking(appointment) || bookOf(appointment) !== undefined,
    look,
    take,
    async offered(asked) {
      const [ours, theirs] = await Promise.all([halls.offered(asked), departments.offered(asked)])
      const { missing } = theirs
      if (ours.length === 0 && missing.length > 0 && missing.length === theirs.asked) throw bookAway(missing)
      return { slots: theirs.slots.length === 0 ? ours : [...ours, ...theirs.slots].sort(byTime), missing }
    },
    async hold({ slot: id, matter, mayActFor, ...holder }) {
      const before = await bookingByKey(ledger.readers, holder.client, holder.key)
      if (before) {
        if (before.matter !== matter || (before.slot !== id && before.changes === 0))
          throw problem('idempotency-conflict')
        return { ...booked(before), repeated: true }
      }
      const book = bookOf(id)
      const slot = book ? book.bookable(id, matter) : noSuchSlot(id)
      if (!book || 'code' in slot) throw refusedProblem(slot as FieldError)
      if (!mayActFor(slot.division)) throw problem('division-not-allowed')
      const fresh = newId('apt')
      const booking = await book.hold(id, { id: fresh, matter, ...holder })
      if ('code' in booking) throw refusedProblem(booking)
      return { ...booked(booking), repeated: booking.id !== fresh }
    },
    read: async (id, asker) => booked(await own(id, asker)),
    async move(id, asker, to) {
      const before = await own(id, asker)
      if (before.slot === to && before.state !== 'released') return booked(before)
      const book = bookOf(to)
      const slot = book ? book.bookable(to, before.matter) : noSuchSlot(to)
      if (!book || 'code' in slot) throw refusedProblem(slot as FieldError)
      if (!asker.mayActFor(slot.division)) throw problem('division-not-allowed')
      if (isOver(before, now())) throw overProblem()
      // What its cases were not told of a change before would be taken for this one.
      await tellCases(deps, before)
      const fixed = await whyFixed(deps, before)
      if (fixed) throw contradicted(fixed)
      const moved = await book.move(before, to)
      if ('code' in moved) throw refusedProblem(moved)
      const refused = await tellCases(deps, moved)
      await giveBack(before)
      if (!refused) return booked(moved)
      // The applicant came, or the case ended, a moment ago: nobody wants the other seat.
      await release(id)
      throw contradicted(refused)
    },
    async cancel(id, asker) {
      const before = await own(id, asker)
      await tellCases(deps, before)
      return booked((await release(id)) ?? before)
    },
    tell: async (booking) => void (await tellCases(deps, booking)),
  }
}

const isBooking = (appointment: string): boolean => appointment.startsWith('apt_')

const byTime = (a: OfferedSlot, b: OfferedSlot): number =>
  a.from < b.from ? -1 : a.from > b.from ? 1 : a.id < b.id ? -1 : 1

const isOver = ({ state, heldUntil }: Booking, now: string): boolean =>
  state === 'released' || (state === 'held' && heldUntil.toISOString() <= now)

const isHeldFor = (booking: Booking, { externalId }: Taker, now: string): boolean =>
  booking.state === 'confirmed' ? booking.externalId === externalId : !isOver(booking, now)

/** A submission that names a slot without having held it has one booking of it, however often it comes. */
const keyOf = (slot: TakenSlot, { platform, externalId }: Taker): string =>
  `slot ${slot.id} of ${platform} ${externalId}`

/** Its booking of the slot, and under which key: the next of one that was released has a key of its own. */
async function bookingFor(
  { ledger }: BookingDeps,
  slot: TakenSlot,
  taker: Taker,
): Promise<{ booking: Booking | null; key: string }> {
  const first = keyOf(slot, taker)
  for (let key = first; ; ) {
    const booking = await bookingByKey(ledger.readers, taker.client, key)
    if (booking?.state !== 'released') return { booking, key }
    key = `${first} after ${booking.id}`
  }
}

const isTakenBy = async (deps: BookingDeps, slot: TakenSlot, taker: Taker): Promise<boolean> =>
  (await bookingFor(deps, slot, taker)).booking !== null

async function holdFor(
  deps: BookingDeps,
  book: Book,
  slot: TakenSlot,
  matter: string,
  taker: Taker,
): Promise<Booking | FieldError> {
  const { client, platform } = taker
  const { booking, key } = await bookingFor(deps, slot, taker)
  return booking ?? book.hold(slot.id, { id: newId('apt'), matter, client, platform, key })
}
