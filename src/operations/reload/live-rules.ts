// The domain's rules as they are now: whoever holds them sees the systems and limits of the configuration in force.

import type { Rules } from '../../domain/decide.ts'
import { type RuleSettings, type RuleSources, rulesOf } from '../../rules.ts'
import type { AtOnce } from '../../settings/differences.ts'
import type { Settings } from '../../settings/settings.ts'

export interface LiveRules {
  rules: Rules
  /** Those that count now. */
  limits(): Pick<Settings, AtOnce>
  /** From now on these systems and limits count; everything else stays as it was at the start. */
  replace(changed: Pick<Settings, 'systems' | AtOnce>): void
}

export function liveRules(settings: RuleSettings, sources: RuleSources): LiveRules {
  let inForce = settings
  let current = rulesOf(settings, sources)
  return {
    rules: {
      get custody() {
        return inForce.custody
      },
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
    limits: () => inForce,
    replace({ systems, deadlines, certificates, custody }) {
      inForce = { ...settings, systems, deadlines, certificates, custody }
      current = rulesOf(inForce, sources)
    },
  }
}
