// What the pure domain needs to know of the settings, and nothing more.

import type { Rules } from './domain/decide.ts'
import type { Case, Submission } from './domain/submission.ts'
import type { Settings, SubscriptionFilter, SystemSettings } from './settings/settings.ts'

export type RuleSettings = Pick<
  Settings,
  'systems' | 'postal' | 'catalogue' | 'calendar' | 'deadlines' | 'rating'
>

export function rulesOf(settings: RuleSettings): Rules {
  return {
    subscribes: subscriptionsOf(settings.systems),
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
    isWorkingDay: (day) => isWorkingDay(settings.calendar, day),
    ...(settings.rating ? { rating: ratingOf(settings.rating, settings.systems) } : {}),
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

type Filter = Omit<SubscriptionFilter, 'types'>

/** Asked for every event that is told: by system and type the answer is known, unless filters look at the event itself. */
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
