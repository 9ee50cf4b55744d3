// What the pure domain needs to know of the settings, and nothing more.

import { dayOf } from './domain/calendar.ts'
import type { Catalogue, CertificateType, Limit } from './domain/catalogue.ts'
import type { CertificateRules, Rules } from './domain/decide.ts'
import { matches } from './domain/public-events.ts'
import type { Case, Operation, Submission } from './domain/submission.ts'
import type { Settings, SubscriptionFilter, SystemSettings } from './settings/settings.ts'
import { isWorkingDay } from './settings/work-calendar.ts'

export type RuleSettings = Pick<
  Settings,
  'systems' | 'postal' | 'calendar' | 'deadlines' | 'certificates' | 'custody' | 'rating'
>

/** What may change while the gateway runs. */
export interface RuleSources {
  /** By the version that a submission is pinned to. */
  catalogueOf(version: string): Pick<Catalogue, 'matters'>
  certificateType(code: string): CertificateType | undefined
  /**
   * Whether a system's adapter can do it. Where none can, nothing is asked of registries again, and nothing
   * registered.
   */
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
  return {
    subscribes: subscriptionsOf(settings.systems),
    limits(code, version) {
      const matter = catalogueOf(version).matters.get(code)
      const { warnShare, escalation, supplementTimeout, appointmentTimeout, ...days } = settings.deadlines
      return {
        acceptance: workingDays(days.acceptanceDays),
        ...(matter ? { decision: matter.promisedLimit } : {}),
        issuance: matter?.issuanceLimit ?? workingDays(days.issuanceDays),
        supplement: workingDays(days.supplementDays),
        specialProcedure: matter?.specialProcedureLimit ?? workingDays(days.specialProcedureDays),
        appointment: workingDays(days.appointmentDays),
        warnShare,
        escalation,
        supplementTimeout,
        appointmentTimeout,
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
    ...(settings.rating ? { rating: ratingOf(settings.rating, settings.systems) } : {}),
    postal(division, now) {
      const contract = settings.postal.get(division)
      if (!contract)
        return { missing: `division ${division} has no postal contract · 区划 ${division} 未配置邮寄合同` }
      const day = dayOf(now)
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

const workingDays = (days: number): Limit => ({ days, unit: 'G' })

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

type Filter = Omit<SubscriptionFilter, 'types'>

/**
 * Asked for every event that is told: by system and type the answer is known, unless filters look at the
 * event itself.
 */
function subscriptionsOf(systems: Settings['systems']): Rules['subscribes'] {
  const wanted = new Map<string, Map<string, boolean | readonly Filter[]>>()
  return (system, type, submission, one) => {
    let known = wanted.get(system)
    if (!known) {
      known = new Map()
      wanted.set(system, known)
    }
    let answer = known.get(type)
    if (answer === undefined) {
      answer = answerTo(systems.get(system)?.subscribes ?? [], type)
      known.set(type, answer)
    }
    return typeof answer === 'boolean' ? answer : answer.some((filter) => fits(filter, submission, one))
  }
}

function answerTo(subscribes: SystemSettings['subscribes'], type: string): boolean | readonly Filter[] {
  const filters = subscribes.flatMap((one): Filter[] => {
    const { types = ['*'], ...filter } = typeof one === 'string' ? { types: [one] } : one
    return types.some((pattern) => matches(pattern, type)) ? [filter] : []
  })
  return filters.some((filter) => Object.keys(filter).length === 0) || (filters.length > 0 && filters)
}

function fits(
  { themes, matters, divisions }: Filter,
  { theme, division, homeDivision }: Submission,
  one: Case | undefined,
): boolean {
  return (
    (!themes || themes.includes(theme)) &&
    (!matters || (one !== undefined && matters.includes(one.matter.code))) &&
    (!divisions || divisions.includes(homeDivision) || divisions.includes(division))
  )
}

/** The rating system is told where it serves the division. */
function ratingOf(
  { system, events }: NonNullable<Settings['rating']>,
  systems: Settings['systems'],
): NonNullable<Rules['rating']> {
  const wanted = new Set<string>(events)
  const divisions = new Set(systems.get(system)?.divisions)
  return (type, division) =>
    wanted.has(type) && (divisions.has('*') || divisions.has(division)) ? system : undefined
}
