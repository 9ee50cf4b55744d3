// The domain's rules as they are now: whoever holds them sees the systems of the configuration in force.

import type { Rules } from '../../domain/decide.ts'
import { type RuleSettings, type RuleSources, rulesOf } from '../../rules.ts'
import type { Settings } from '../../settings/settings.ts'

export interface LiveRules {
  rules: Rules
  /** From now on these systems count; everything else stays as it was at the start. */
  replaceSystems(systems: Settings['systems']): void
}

export function liveRules(settings: RuleSettings, sources: RuleSources): LiveRules {
  let current = rulesOf(settings, sources)
  return {
    rules: {
      custody: settings.custody,
      limits: (matter, version) => current.limits(matter, version),
      isWorkingDay: (day) => current.isWorkingDay(day),
      subscribes: (system, type, of, one) => current.subscribes(system, type, of, one),
      certificates: {
        maxAgeMs: (registry) => current.certificates.maxAgeMs(registry),
        registration: (matter, type, version) => current.certificates.registration(matter, type, version),
      },
      postal: (division, now) => current.postal(division, now),
      get rating() {
        return current.rating
      },
    },
    replaceSystems(systems) {
      current = rulesOf({ ...settings, systems }, sources)
    },
  }
}
