// What the pure domain needs to know of the settings, and nothing more.

import type { Catalogue } from './domain/catalogue.ts'
import type { Rules } from './domain/decide.ts'
import type { Settings } from './settings/settings.ts'

export type RuleSettings = Pick<Settings, 'systems' | 'postal' | 'calendar' | 'deadlines'>
/** By the version that a submission is pinned to. */
export type CatalogueOf = (version: string) => Pick<Catalogue, 'matters'>

export function rulesOf(settings: RuleSettings, catalogueOf: CatalogueOf): Rules {
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
    limits(code, version) {
      const matter = catalogueOf(version).matters.get(code)
      const { acceptanceDays, supplementDays, warnShare, escalation, supplementTimeout } = settings.deadlines
      return {
        acceptance: { days: acceptanceDays, unit: 'G' },
        ...(matter ? { decision: matter.promisedLimit } : {}),
        supplement: { days: supplementDays, unit: 'G' },
        warnShare,
        escalation,
        supplementTimeout,
        ...(matter?.corrections ? { notices: matter.corrections.max } : {}),
      }
    },
    isWorkingDay: (day) => isWorkingDay(settings.calendar, day),
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
function isWorkingDay(calendar: Settings['calendar'], day: string): boolean {
  const year = calendar.get(Number(day.slice(0, 4)))
  if (year?.daysOff.includes(day)) return false
  if (year?.workingDays.includes(day)) return true
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}
