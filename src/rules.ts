// What the pure domain needs to know of the settings, and nothing more.

import type { Rules } from './domain/decide.ts'
import type { Settings } from './settings/settings.ts'

export function rulesOf(settings: Pick<Settings, 'systems' | 'postal'>): Rules {
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
