// One interface for the slots of all books: those that halls publish, and those that a department's own
// system keeps. Who asks does not see the difference.

import type { FieldError } from '../http/field-error.ts'
import type { Booking } from '../ledger/bookings.ts'

/** When and where; `hall` or `system` says whose it is. Times are ISO 8601 with China's offset. */
export interface BookSlotFacts {
  id: string
  division: string
  from: string
  to: string
  hall?: string
  system?: string
  place?: string
  /** Seats in all, where that is known. */
  capacity?: number
}

export interface OfferedSlot extends BookSlotFacts {
  free: number
}

export interface AskedSlots {
  matter: string
  /** yyyy-MM-dd, both included. */
  from: string
  to: string
  home?: string
  hall?: string
}

/** A slot that may be booked, by what its id says. */
export interface BookableSlot {
  id: string
  division: string
  from: string
}

interface NewHold {
  id: string
  matter: string
  platform: string
  client: string
  /** Of the request: its repeats hold nothing more. */
  key: string
}

export interface Book {
  /** Whether the id can be one of its slots. */
  keeps(slot: string): boolean
  /** By configuration alone: nobody is asked. */
  bookable(slot: string, matter: string): BookableSlot | FieldError
  /** Why it cannot be had now; null when it can. Nothing is taken. */
  look(slot: string, matter: string): Promise<FieldError | null>
  hold(slot: string, hold: NewHold): Promise<Booking | FieldError>
  move(booking: Booking, slot: string): Promise<Booking | FieldError>
  /** Undefined once nobody offers it any more. */
  slotOf(booking: Booking): BookSlotFacts | undefined
}
