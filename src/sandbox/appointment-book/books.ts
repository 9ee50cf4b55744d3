// The booking system's own books: its slots, and who reserved which, by the number that the caller gave. Knows nothing of
// HTTP or of the gateway.

import type { ActorBooks } from '../actor.ts'

export interface BookedSlot {
  slotNo: string
  item: string
  area: string
  /** yyyy-MM-dd HH:mm:ss */
  begin: string
  end: string
  total: number
  place?: string
}

interface Reservation {
  orderNo: string
  reservationNo: string
  slotNo: string
  state: 'booked' | 'cancelled'
}

type Reserved = { code: '0' | 'DUPLICATE' | 'CANCELLED' | 'FULL' | 'NO_SLOT' | 'SLOT_CHANGED' }

export interface AppointmentBooks {
  offer(slots: readonly BookedSlot[]): void
  /** Of an item in an area, with how many seats are left. */
  slots(asked: { item: string; area: string; from: string; to: string }): (BookedSlot & { left: number })[]
  reserve(wanted: { orderNo: string; item: string; area: string; slotNo: string; begin: string }): Reserved
  find(orderNo: string): (Reservation & BookedSlot) | undefined
  /** False when there is none that holds a seat. */
  cancel(orderNo: string): boolean
  left(slotNo: string): number
  count(what: string): void
  read(): ActorBooks
}

export function openAppointmentBooks(): AppointmentBooks {
  const slots = new Map<string, BookedSlot>()
  const reservations = new Map<string, Reservation>()
  const counts: Record<string, number> = {}
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  const left = (slotNo: string): number => {
    const held = [...reservations.values()].filter((one) => one.slotNo === slotNo && one.state === 'booked')
    return (slots.get(slotNo)?.total ?? 0) - held.length
  }
  return {
    count,
    left,
    offer(offered) {
      for (const slot of offered) slots.set(slot.slotNo, slot)
    },
    slots: ({ item, area, from, to }) =>
      [...slots.values()]
        .filter((one) => one.item === item && one.area === area)
        .filter(({ begin }) => begin.slice(0, 10) >= from && begin.slice(0, 10) <= to)
        .map((one) => ({ ...one, left: Math.max(0, left(one.slotNo)) })),
    reserve({ orderNo, item, area, slotNo, begin }) {
      const known = reservations.get(orderNo)
      if (known) return { code: known.state === 'booked' ? 'DUPLICATE' : 'CANCELLED' }
      const slot = slots.get(slotNo)
      if (slot?.item !== item || slot.area !== area) return { code: 'NO_SLOT' }
      if (slot.begin !== begin) return { code: 'SLOT_CHANGED' }
      if (left(slotNo) <= 0) return { code: 'FULL' }
      const reservationNo = `YY${String(reservations.size + 1).padStart(8, '0')}`
      reservations.set(orderNo, { orderNo, reservationNo, slotNo, state: 'booked' })
      return { code: '0' }
    },
    find(orderNo) {
      const one = reservations.get(orderNo)
      return one && { ...slots.get(one.slotNo)!, ...one }
    },
    cancel(orderNo) {
      const one = reservations.get(orderNo)
      if (one?.state !== 'booked') return false
      one.state = 'cancelled'
      return true
    },
    read: () => ({
      effects: [...reservations.values()].map(({ orderNo, reservationNo, state }) => ({
        kind: 'reservation',
        key: orderNo,
        reference: reservationNo,
        times: 1,
        state,
      })),
      counts: { ...counts },
    }),
  }
}
