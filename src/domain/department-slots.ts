// Slots of departments' own booking systems: what the id of one stands for, and which system is asked for
// which matter. Pure; which slots there are is asked of the system.

import { CHINA_OFFSET, chinaMoment, isDay } from './calendar.ts'

/** As config/systems has it. */
export interface BookedMatters {
  matters: readonly string[]
  /** ['*'] for all. */
  divisions: readonly string[]
  holdMinutes: number
}

export interface DepartmentSlot {
  /** `<system>:<division>:<yyyyMMdd>T<HHmm>:<own>`, such as `marriage-booking:410204:20261201T0930:A-17`. */
  id: string
  system: string
  division: string
  /** With China's offset. */
  from: string
  /** The system's own id of it. */
  own: string
}

export const OWN_ID = /^[\w.~-]{1,40}$/

/** `from` is ISO 8601 with any offset. */
export function departmentSlot(about: Omit<DepartmentSlot, 'id'>): DepartmentSlot {
  const from = chinaMoment(about.from)
  const [day, clock] = [from.slice(0, 10).replaceAll('-', ''), from.slice(11, 19).replaceAll(':', '')]
  const time = clock.endsWith('00') ? clock.slice(0, 4) : clock
  return { ...about, from, id: `${about.system}:${about.division}:${day}T${time}:${about.own}` }
}

const FORM =
  /^([a-z0-9][a-z0-9-]{0,59}):([1-9]\d{5}):(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?:([\w.~-]{1,40})$/

/** Undefined for anything that cannot be the id of such a slot. */
export function readDepartmentSlot(id: string): DepartmentSlot | undefined {
  const found = FORM.exec(id)
  if (!found) return undefined
  const [, system, division, year, month, date, hour, minute, second = '00', own] = found
  const day = `${year}-${month}-${date}`
  if (!isDay(day) || hour! > '23' || minute! > '59' || second > '59') return undefined
  return {
    id,
    system: system!,
    division: division!,
    from: `${day}T${hour}:${minute}:${second}${CHINA_OFFSET}`,
    own: own!,
  }
}

/** The row that serves the matter there. */
export const servedBy = (
  rows: readonly BookedMatters[],
  matter: string,
  division: string,
): BookedMatters | undefined =>
  rows.find(
    ({ matters, divisions }) =>
      matters.includes(matter) && (divisions.includes('*') || divisions.includes(division)),
  )
