// A configuration that is not in force yet: one file read as if it lay in config/systems under the system's id,
// with the same checks and the same exact positions.

import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { SystemFile } from '../../../schemas/types.ts'
import type { AdapterManifest } from '../../adapter-kit/contract.ts'
import { isElsewhere } from '../../adapter-kit/load.ts'
import { checkFile } from '../../settings/checked.ts'
import { readEnvironment } from '../../settings/environment.ts'
import { deepFreeze } from '../../settings/freeze.ts'
import { ConfigurationError, type ConfigurationProblem, sortProblems } from '../../settings/problems.ts'
import type { Settings } from '../../settings/settings.ts'
import { systemsOf } from '../../settings/systems.ts'
import { readSource } from '../../settings/yaml-source.ts'
import { adapterElsewhere } from '../adapter/elsewhere.ts'
import type { Configured } from './configured.ts'

/** @throws ConfigurationError with everything that is wrong with the file */
export async function readCandidate(
  path: string,
  id: string,
  settings: Settings,
  known: ReadonlyMap<string, AdapterManifest>,
): Promise<Configured> {
  const file = resolve(path)
  const bytes = await readFile(file).catch(() => undefined)
  if (!bytes) throw new Error(`There is no file ${path} that can be read · 无法读取 ${path}`)
  const problems: ConfigurationProblem[] = []
  const env = readEnvironment()
  const source = readSource(`systems/${id}.yaml`, bytes, env, (problem) =>
    problems.push({ ...problem, file: basename(file) }),
  )
  const adapters = new Map(known)
  const { adapter } = (source.data ?? {}) as { adapter?: unknown }
  if (typeof adapter === 'string' && !known.has(adapter) && isElsewhere(adapter))
    adapters.set(adapter, await adapterElsewhere(settings.configDir, adapter))
  const checked = checkFile<SystemFile>(source, 'system')
  const systems = await systemsOf(checked ? [checked] : [], {
    adapters,
    places: { env, configDir: settings.configDir },
    catalogue: settings.catalogue,
    clients: new Map(settings.clients.map(({ id, scopes }) => [id, scopes])),
  })
  const system = systems.get(id)
  if (problems.length > 0 || !system) throw new ConfigurationError(dirname(file), sortProblems(problems))
  return { system: deepFreeze(system), manifest: adapters.get(system.adapter)! }
}
