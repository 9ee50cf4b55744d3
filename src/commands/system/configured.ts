// A configured system by its id, with the adapter that speaks for it.

import type { AdapterManifest } from '../../adapter-kit/contract.ts'
import { nearest } from '../../domain/nearest.ts'
import type { Settings, SystemSettings } from '../../settings/settings.ts'

export interface Configured {
  system: SystemSettings
  manifest: AdapterManifest
}

/** @throws Error that names the nearest known id */
export function configured(
  settings: Pick<Settings, 'systems'>,
  adapters: ReadonlyMap<string, AdapterManifest>,
  id: string,
): Configured {
  const system = settings.systems.get(id)
  const manifest = system && adapters.get(system.adapter)
  if (system && manifest) return { system, manifest }
  const near = nearest(id, settings.systems.keys())
  throw new Error(
    `There is no system ${id} in the configuration${near ? `; did you mean ${near}?` : ''} · 配置中没有系统 ${id}`,
  )
}

/** The one id a command is about. */
export function onlyId(positionals: readonly string[], command: string): string {
  const [id] = positionals
  if (id !== undefined && positionals.length === 1) return id
  throw new Error(`system ${command} takes the id of one system. Try --help · 须给出一个对接系统的标识`)
}
