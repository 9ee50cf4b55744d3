// All configured systems at once, or every reason why one cannot be opened, with its place in the configuration.

import type { AdapterManifest } from '../adapter-kit/contract.ts'
import { refusedSettings } from '../settings/position.ts'
import { ConfigurationError, type ConfigurationProblem, sortProblems } from '../settings/problems.ts'
import type { Settings } from '../settings/settings.ts'
import { closeSystem, openSystem, type System } from './systems.ts'

/** @throws ConfigurationError when an adapter does not accept its settings; nothing is left open then */
export async function openSystems(
  { systems, configDir }: Pick<Settings, 'systems' | 'configDir'>,
  adapters: ReadonlyMap<string, AdapterManifest>,
): Promise<Map<string, System>> {
  const opened = new Map<string, System>()
  const problems: ConfigurationProblem[] = []
  for (const one of systems.values()) {
    try {
      opened.set(one.id, openSystem(one, adapters.get(one.adapter)!))
    } catch (error) {
      problems.push(await refusedSettings(configDir, one.id, error))
    }
  }
  if (problems.length === 0) return opened
  await Promise.all([...opened.values()].map(closeSystem))
  throw new ConfigurationError(configDir, sortProblems(problems))
}
