// The slots that halls publish, in our own book: a seat is sold once (ledger/bookings.ts).

import type { WorkCalendar } from '../domain/calendar.ts'
import { isOpen, type Slot, slotNamed, slotsOf, takesMatter } from '../domain/slots.ts'
import type { FieldError } from '../http/field-error.ts'
import { holdSeat, moveSeat, takenSeats } from '../ledger/bookings.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Hall } from '../settings/settings.ts'
import type { AskedSlots, Book, BookSlotFacts, OfferedSlot } from './book.ts'
import { full, noSuchSlot, notOpen, otherMatters } from './faults.ts'

export interface HallBookDeps {
  ledger: Pick<Ledger, 'readers' | 'writers' | 'now'>
  /** As they are configured now. */
  settings: { readonly halls: ReadonlyMap<string, Hall> }
  calendar: WorkCalendar
}

interface HallBook extends Book {
  /** With how many seats are free. `home` and `hall` narrow it down. */
  offered(asked: AskedSlots): Promise<OfferedSlot[]>
}

export function hallBook({ ledger, settings, calendar }: HallBookDeps): HallBook {
  const now = (): string => ledger.now().toISOString()
  const named = (id: string): Slot | undefined => slotNamed(id, settings.halls)

  function bookable(id: string, matter: string): Slot | FieldError {
    const slot = named(id)
    if (!slot) return noSuchSlot(id)
    if (!takesMatter(slot.offer, matter)) return otherMatters(slot, matter)
    return isOpen(slot, now(), calendar) ? slot : notOpen(slot)
  }

  return {
    keeps: (id) => /^[1-9]\d{5}-\d{2}\.[^.]+\.\d{8}T\d{4}$/.test(id),
    bookable,
    async look(id, matter) {
      const slot = bookable(id, matter)
      if ('code' in slot) return slot
      const taken = (await takenSeats(ledger.readers, [id])).get(id) ?? 0
      return taken < slot.offer.capacity ? null : full(slot)
    },
    async hold(id, hold) {
      const slot = bookable(id, hold.matter)
      if ('code' in slot) return slot
      return (await holdSeat(ledger.writers, { ...seatIn(slot), ...hold })) ?? full(slot)
    },
    async move({ id, matter }, to) {
      const slot = bookable(to, matter)
      if ('code' in slot) return slot
      return (await moveSeat(ledger.writers, id, seatIn(slot))) ?? full(slot)
    },
    slotOf({ slot: id }) {
      const slot = named(id)
      return slot && factsOf(slot)
    },
    async offered({ home, hall, ...asked }) {
      const halls = [...settings.halls.values()].filter(
        (one) => (home === undefined || one.division === home) && (hall === undefined || one.code === hall),
      )
      const slots = slotsOf(halls, asked, now(), calendar)
      const ids = slots.map(({ id }) => id)
      const taken = await takenSeats(ledger.readers, ids)
      return slots.map((slot) => ({
        ...factsOf(slot),
        free: Math.max(0, slot.offer.capacity - (taken.get(slot.id) ?? 0)),
      }))
    },
  }
}

const factsOf = ({ id, hall, division, from, to, offer: { capacity } }: Slot): BookSlotFacts => ({
  id,
  hall,
  division,
  from,
  to,
  capacity,
})

const seatIn = ({ id, from, offer: { capacity, holdMinutes } }: Slot) => ({
  slot: id,
  capacity,
  startsAt: from,
  holdMinutes,
})
