// Where a catalogue leads to: the departments' systems and the registries. Pure.

import type { Catalogue } from '../domain/catalogue.ts'

/** Ids of systems that are named and not there, sorted. */
export function lackingSystems(catalogue: Catalogue, there: { has(id: string): boolean }): string[] {
  const deciding = [...catalogue.matters.values()].flatMap(({ systems }) => [...systems.values()])
  const registries = [...catalogue.certificateTypes.values()].map(({ registry }) => registry)
  return [...new Set([...deciding, ...registries])].filter((id) => !there.has(id)).sort()
}
