// The slots that halls publish (网上预约号源): which there are on which days, and what a slot's id stands for. Pure: how many
// of them are taken is asked elsewhere.

import { CHINA_OFFSET, chinaMoment, dayAfter, isDay, isSaneYear, type WorkCalendar } from './calendar.ts'
import { readDepartmentSlot } from './department-slots.ts'

/** What a hall offers: so many visitors at a time for some matters, on every working day. */
export interface Offer {
  code: string
  /** `['*']`: all that may be done by appointment. */
  matters: readonly string[]
  /** Spans of a day such as `09:00-11:30`, in China's time. */
  hours: readonly string[]
  /** Length of a slot. */
  minutes: number
  capacity: number
  /** How many days ahead it may be booked. */
  aheadDays: number
  /** How long a slot is held before it must be confirmed by a submission. */
  holdMinutes: number
}

export interface OfferingHall {
  code: string
  division: string
  appointments?: readonly Offer[]
}

export interface Slot {
  /** `<hall>.<offer>.<yyyyMMdd>T<HHmm>`, such as `410204-01.catering.20261201T0930`. */
  id: string
  hall: string
  division: string
  offer: Offer
  /** With China's offset. */
  from: string
  to: string
}

export interface Asked {
  matter: string
  /** yyyy-MM-dd, both included. */
  from: string
  to: string
}

export const takesMatter = ({ matters }: Offer, matter: string): boolean =>
  matters.includes('*') || matters.includes(matter)

/** Those that have not begun and may be booked yet, in order of time. `now` is ISO 8601. */
export function slotsOf(
  halls: Iterable<OfferingHall>,
  { matter, from, to }: Asked,
  now: string,
  calendar: WorkCalendar,
): Slot[] {
  const slots: Slot[] = []
  for (const hall of halls) {
    for (const offer of hall.appointments ?? []) {
      if (!takesMatter(offer, matter)) continue
      for (let day = from; day <= to; day = dayAfter(day))
        for (const slot of slotsOfDay(hall, offer, day)) if (isOpen(slot, now, calendar)) slots.push(slot)
    }
  }
  return slots.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.id < b.id ? -1 : 1))
}

/** What the id stands for; undefined when no hall offers it. */
export function slotNamed(id: string, halls: ReadonlyMap<string, OfferingHall>): Slot | undefined {
  const named = /^([^.]+)\.([^.]+)\.(\d{4})(\d{2})(\d{2})T\d{4}$/.exec(id)
  if (!named) return undefined
  const [, code, offerCode, ...date] = named
  const hall = halls.get(code!)
  const offer = hall?.appointments?.find((one) => one.code === offerCode)
  const day = date.join('-')
  if (!hall || !offer || !isDay(day)) return undefined
  return slotsOfDay(hall, offer, day).find((slot) => slot.id === id)
}

/**
 * When a slot begins: as was said, or by its id. Undefined where neither tells: another's book names slots as
 * it likes.
 */
export function startOfSlot(slot: string | undefined, said: string | undefined): string | undefined {
  const at = said ?? writtenIn(slot) ?? readDepartmentSlot(slot ?? '')?.from
  return at !== undefined && isSaneYear(at) && !Number.isNaN(Date.parse(at)) ? at : undefined
}

function writtenIn(slot: string | undefined): string | undefined {
  const [, year, month, day, hour, minute] = /\.(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})$/.exec(slot ?? '') ?? []
  const date = `${year}-${month}-${day}`
  return isDay(date) ? `${date}T${hour}:${minute}:00${CHINA_OFFSET}` : undefined
}

/** On a working day, neither begun nor too far ahead. */
export function isOpen(slot: Slot, now: string, calendar: WorkCalendar): boolean {
  const day = slot.from.slice(0, 10)
  const moment = chinaMoment(now)
  return (
    slot.from.slice(0, 16) > moment.slice(0, 16) &&
    day <= dayAfter(moment.slice(0, 10), slot.offer.aheadDays) &&
    calendar.isWorkingDay(day)
  )
}

function slotsOfDay(hall: OfferingHall, offer: Offer, day: string): Slot[] {
  return offer.hours.flatMap((span) => {
    const [opens, closes] = minutesOf(span)
    const slots: Slot[] = []
    for (let at = opens; at + offer.minutes <= closes; at += offer.minutes)
      slots.push(slotAt(hall, offer, day, at))
    return slots
  })
}

function slotAt(hall: OfferingHall, offer: Offer, day: string, at: number): Slot {
  const [from, to] = [clock(at), clock(at + offer.minutes)]
  return {
    id: `${hall.code}.${offer.code}.${day.replaceAll('-', '')}T${from.replace(':', '')}`,
    hall: hall.code,
    division: hall.division,
    offer,
    from: `${day}T${from}:00${CHINA_OFFSET}`,
    to: `${day}T${to}:00${CHINA_OFFSET}`,
  }
}

/** Of `09:00-11:30`: from midnight, when it begins and when it ends. */
export function minutesOf(span: string): [number, number] {
  const [from, to] = span.split('-').map((time) => {
    const [hours, minutes] = time.split(':').map(Number)
    return hours! * 60 + minutes!
  })
  return [from!, to!]
}

const two = (number: number): string => String(number).padStart(2, '0')
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
