// The slots of departments' own booking systems, behind the same interface as those of halls. The system
// promises that a seat is sold once; that we never ask for two, and leave none behind, is reservations.ts.

import type { BookSlot } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import type { System } from '../delivery/systems.ts'
import { chinaMoment } from '../domain/calendar.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import {
  type DepartmentSlot,
  departmentSlot,
  OWN_ID,
  readDepartmentSlot,
  servedBy,
} from '../domain/department-slots.ts'
import type { FieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { holdReserved, type Kept, moveToReserved } from '../ledger/reservations.ts'
import type { AskedSlots, Book, OfferedSlot } from './book.ts'
import { begun, bookAway, bookRefuses, full, noSuchSlot, notServed, slotGone, underWay } from './faults.ts'
import { namedMatter, type ReservationDeps, reserveSeat } from './reservations.ts'

export interface DepartmentBookDeps extends ReservationDeps {
  ledger: Pick<Ledger, 'readers' | 'writers' | 'now'>
  /** As they are configured now. */
  systems: ReadonlyMap<string, System>
  catalogues: { inForce(): Pick<Catalogue, 'matters' | 'divisions'> }
}

/** A system that should have been in the answer. */
export interface Missing {
  system: string
  title: { zh: string; en: string }
  failure: AdapterFailure
}

interface DepartmentBook extends Book {
  /** `asked`: how many systems keep slots of this matter there. */
  offered(asked: AskedSlots): Promise<{ slots: OfferedSlot[]; missing: Missing[]; asked: number }>
}

export function departmentBook(deps: DepartmentBookDeps): DepartmentBook {
  const { ledger, systems, calls, catalogues } = deps
  const now = (): string => chinaMoment(ledger.now().toISOString())

  function bookable(id: string, matter: string): DepartmentSlot | FieldError {
    const slot = readDepartmentSlot(id)
    if (!slot || !systems.get(slot.system)?.settings.appointments) return noSuchSlot(id)
    if (!rowOf(slot, matter)) return notServed(about(slot.system), slot, matter)
    return slot.from > now() ? slot : begun(slot)
  }

  /** Slots that can be told apart and lie ahead, as the system has them now. */
  async function askedOf(
    system: string,
    division: string,
    { matter, from, to }: Pick<AskedSlots, 'matter' | 'from' | 'to'>,
  ): Promise<OfferedSlot[]> {
    const slots = await calls.slots(system, { matter: namedMatter(deps, matter), division, from, to })
    return slots
      .map((one) => offeredSlot(system, division, one))
      .filter((one) => one.from > now() && one.from.slice(0, 10) >= from && one.from.slice(0, 10) <= to)
  }

  const about = (system: string) => ({
    system,
    title: systems.get(system)?.settings.title ?? { zh: system, en: system },
  })
  const rowOf = ({ system, division }: DepartmentSlot, matter: string) =>
    servedBy(systems.get(system)?.settings.appointments ?? [], matter, division)

  /** The seat, or what the system says of the slot. */
  async function reserved(
    slot: DepartmentSlot,
    matter: string,
    by: { client: string; key: string },
  ): Promise<Kept | FieldError> {
    const { client, key } = by
    const kept = await reserveSeat(deps, { slot, matter, client, key }).catch((error) => refusal(error, slot))
    if (kept === 'busy') throw underWay()
    if (kept === 'other') throw problem('idempotency-conflict')
    return kept === 'changed' ? slotGone(slot) : kept
  }

  /** @throws problem where it says nothing of the slot */
  function refusal(error: unknown, slot: DepartmentSlot): FieldError {
    if (!(error instanceof AdapterFailure)) throw error
    if (error.kind !== 'rejected') throw bookAway([{ ...about(slot.system), failure: error }])
    if (error.code === 'slot-full') return full(slot)
    if (error.code === 'slot-gone') return slotGone(slot)
    throw bookRefuses(about(slot.system))
  }

  return {
    keeps: (id) => readDepartmentSlot(id) !== undefined,
    bookable,
    async look(id, matter) {
      const slot = bookable(id, matter)
      if ('code' in slot) return slot
      const day = slot.from.slice(0, 10)
      const slots = await askedOf(slot.system, slot.division, { matter, from: day, to: day }).catch((error) =>
        refusal(error, slot),
      )
      if ('code' in slots) return slots
      const found = slots.find((one) => one.id === id)
      if (!found) return slotGone(slot)
      return found.free > 0 ? null : full(slot)
    },
    async hold(id, hold) {
      const slot = bookable(id, hold.matter)
      if ('code' in slot) return slot
      const kept = await reserved(slot, hold.matter, hold)
      if ('code' in kept) return kept
      const { holdMinutes = SHORTEST_HOLD } = rowOf(slot, hold.matter) ?? {}
      const booking = await holdReserved(ledger.writers, kept, { ...hold, holdMinutes })
      if (!booking) throw underWay()
      return booking
    },
    async move(before, to) {
      const slot = bookable(to, before.matter)
      if ('code' in slot) return slot
      const { client, id, changes } = before
      const kept = await reserved(slot, before.matter, { client, key: `move ${id} ${changes} to ${to}` })
      if ('code' in kept) return kept
      const moved = await moveToReserved(ledger.writers, kept, id)
      if (!moved) throw underWay()
      return moved
    },
    slotOf({ slot: id, endsAt, place }) {
      const slot = readDepartmentSlot(id)
      if (!slot || !endsAt) return undefined
      const { system, division, from } = slot
      const to = chinaMoment(endsAt.toISOString())
      return { id, system, division, from, to, ...(place === null ? {} : { place }) }
    },
    async offered({ home, hall, ...asked }) {
      if (hall !== undefined) return { slots: [], missing: [], asked: 0 }
      const divisions = home === undefined ? [...catalogues.inForce().divisions.keys()] : [home]
      const books = [...systems.values()].flatMap(({ id, settings: { appointments = [] } }) => {
        const served = divisions.filter((division) => servedBy(appointments, asked.matter, division))
        return served.length === 0 ? [] : [{ id, served }]
      })
      const answers = await Promise.all(
        books.map(async ({ id, served }) => {
          const each = await Promise.allSettled(served.map((division) => askedOf(id, division, asked)))
          return { id, each }
        }),
      )
      return {
        asked: books.length,
        slots: answers.flatMap(({ each }) =>
          each.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])),
        ),
        missing: answers.flatMap(({ id, each }) => {
          const failed = each.find((one) => one.status === 'rejected')
          if (!failed) return []
          if (!(failed.reason instanceof AdapterFailure)) throw failed.reason
          return [{ ...about(id), failure: failed.reason }]
        }),
      }
    },
  }
}

/** Where a reload took the matter away while a seat was being reserved: minutes. */
const SHORTEST_HOLD = 1

/** @throws AdapterFailure 'unrecognised' for a slot that could not be named */
function offeredSlot(system: string, division: string, one: BookSlot): OfferedSlot {
  if (!OWN_ID.test(one.id) || Number.isNaN(Date.parse(one.from)) || Number.isNaN(Date.parse(one.to)))
    throw new AdapterFailure('unrecognised', '号源编号或时间无法使用 (a slot has an unusable id or time)')
  const { id, from } = departmentSlot({ system, division, from: one.from, own: one.id })
  return {
    id,
    system,
    division,
    from,
    to: chinaMoment(one.to),
    ...(one.place === undefined ? {} : { place: one.place }),
    ...(one.capacity === undefined ? {} : { capacity: one.capacity }),
    free: one.free,
  }
}
