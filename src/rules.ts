// What the pure domain needs to know of the settings, and nothing more.

import type { Catalogue, CertificateType } from './domain/catalogue.ts'
import type { CertificateRules, Rules } from './domain/decide.ts'
import type { Operation } from './domain/submission.ts'
import type { CalendarYear, Settings } from './settings/settings.ts'

export type RuleSettings = Pick<
  Settings,
  'systems' | 'postal' | 'calendar' | 'deadlines' | 'certificates' | 'custody'
>

/** What may change while the gateway runs. */
export interface RuleSources {
  /** By the version that a submission is pinned to. */
  catalogueOf(version: string): Pick<Catalogue, 'matters'>
  certificateType(code: string): CertificateType | undefined
  /** Whether a system's adapter can do it. Where none can, nothing is asked of registries again, and nothing registered. */
  offers(system: string, operation: Operation): boolean
  /** Told whenever a day of a year without a published calendar is asked about. */
  yearMissing?(year: number): void
}

/** Of a catalogue that does not change, with registries that are neither asked again nor told of results. */
export const fixedSources = (catalogue: Catalogue): RuleSources => ({
  catalogueOf: () => catalogue,
  certificateType: (code) => catalogue.certificateTypes.get(code),
  offers: () => false,
})

export function rulesOf(settings: RuleSettings, sources: RuleSources): Rules {
  const { catalogueOf } = sources
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
    custody: settings.custody,
    isWorkingDay(day) {
      const year = Number(day.slice(0, 4))
      const published = settings.calendar.get(year)
      if (!published) sources.yearMissing?.(year)
      return isWorkingDay(published, day)
    },
    certificates: certificateRules(settings, sources),
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

const HOUR_MS = 3_600_000

function certificateRules(
  { certificates }: RuleSettings,
  { catalogueOf, certificateType, offers }: RuleSources,
): CertificateRules {
  return {
    maxAgeMs: (registry) =>
      offers(registry, 'verifyCertificate') ? certificates.maxAgeHours * HOUR_MS : null,
    registration(matter, named, version) {
      const results = catalogueOf(version).matters.get(matter)?.results ?? []
      const expected = results.find((one) => one.type === 'electronic' && one.certificateType)
      const type = certificateType(named ?? expected?.certificateType ?? '')
      if (!type?.registers || !offers(type.registry, 'registerCertificate')) return null
      return { registry: type.registry, certificateType: type.code }
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
