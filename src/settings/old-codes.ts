// Divisions get new codes, and are merged (撤县设区). Submissions of before keep the code that they were made with, so
// whoever is named with today's is meant with the old ones as well: callers, systems, contracts.

import type { Division } from '../domain/catalogue.ts'
import type { Settings, SystemSettings } from './settings.ts'

type Places = Pick<Settings, 'clients' | 'systems' | 'postal'>

export function withOldCodes<T extends Places>(parts: T, divisions: ReadonlyMap<string, Division>): T {
  const known = (code: string): string[] => [code, ...(divisions.get(code)?.aliases ?? [])]
  const all = (codes: readonly string[]): string[] => [...new Set(codes.flatMap(known))]
  return {
    ...parts,
    clients: parts.clients.map((client) => ({ ...client, divisions: all(client.divisions) })),
    systems: new Map([...parts.systems].map(([id, system]) => [id, systemOf(system, all)])),
    postal: new Map(
      [...parts.postal].flatMap(([code, contract]) => known(code).map((one) => [one, contract])),
    ),
  }
}

const systemOf = (system: SystemSettings, all: (codes: readonly string[]) => string[]): SystemSettings => ({
  ...system,
  divisions: all(system.divisions),
  subscribes: system.subscribes.map((one) =>
    typeof one === 'string' || !one.divisions ? one : { ...one, divisions: all(one.divisions) },
  ),
})
