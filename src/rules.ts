// What the pure domain needs to know of the settings, and nothing more.

import type { Rules } from './domain/decide.ts'
import type { CalendarYear, Settings } from './settings/settings.ts'

export type RuleSettings = Pick<
  Settings,
  'systems' | 'postal' | 'catalogue' | 'calendar' | 'deadlines' | 'custody'
>

/** `yearMissing` is told whenever a day of a year without a published calendar is asked about. */
export function rulesOf(settings: RuleSettings, yearMissing?: (year: number) => void): Rules {
  const wanted = new Map<string, Map<string, boolean>>()
  return {
    subscribes(system, type) {
      const known = wanted.get(system) ?? new Map<string, boolean>()
      if (!wanted.has(system)) wanted.set(system, known)
      let answer = known.get(type)
      if (answer === undefined) {
        answer = (settings.systems.get(system)?.subscribes ?? []).some((pattern) => matches(pattern, type))
        known.set(type, answer)
      }
      return answer
    },
    limits(code) {
      const decision = settings.catalogue.matters.get(code)?.promisedLimit
      const { acceptanceDays, supplementDays, warnShare } = settings.deadlines
      return {
        acceptance: { days: acceptanceDays, unit: 'G' },
        ...(decision ? { decision } : {}),
        supplement: { days: supplementDays, unit: 'G' },
        warnShare,
      }
    },
    custody: settings.custody,
    isWorkingDay(day) {
      const year = Number(day.slice(0, 4))
      const published = settings.calendar.get(year)
      if (!published) yearMissing?.(year)
      return isWorkingDay(published, day)
    },
    postal(division, now) {
      const contract = settings.postal.get(division)
      if (!contract)
        return { missing: `division ${division} has no postal contract · 区划 ${division} 未配置邮寄合同` }
      const day = now.slice(0, 10)
      if (day < contract.from || day > contract.to)
        return {
          missing: `the postal contract of ${division} is not in force on ${day} · ${division} 的邮寄合同在 ${day} 不在有效期内`,
        }
      return {
        system: contract.system,
        customerNumber: contract.customerNumber,
        ...(contract.tracker ? { tracker: contract.tracker } : {}),
      }
    },
  }
}

/** '*', 'case.*' or a whole type. */
function matches(pattern: string, type: string): boolean {
  return (
    pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)))
  )
}

/** In a year without a published calendar, Saturdays and Sundays are off and nothing else. */
function isWorkingDay(year: CalendarYear | undefined, day: string): boolean {
  if (year?.daysOff.includes(day)) return false
  if (year?.workingDays.includes(day)) return true
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}
