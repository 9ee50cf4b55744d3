// Adapters and settings, as every command needs them.

import { resolve } from 'node:path'
import type { AdapterManifest } from '../adapter-kit/contract.ts'
import { loadAdapters } from '../adapter-kit/load.ts'
import { type Environment, readEnvironment, variable } from '../settings/environment.ts'
import { loadCatalogue, loadDatabasePlace, loadSettings } from '../settings/load.ts'
import type { Settings } from '../settings/settings.ts'
import { adaptersElsewhere, withAdapterProblems } from './adapter/elsewhere.ts'

/** The adapters that come with the gateway. */
export const ADAPTERS = new URL('../../adapters/', import.meta.url)

/** `adapters` are by what `adapter:` of a system says: a name, a path or an npm package. */
export async function readSettings(
  options: { config?: string | undefined; data?: string | undefined; env?: Environment } = {},
): Promise<{ settings: Settings; adapters: ReadonlyMap<string, AdapterManifest> }> {
  const { env, configDir, elsewhere, adapters } = await adaptersFor(options)
  try {
    const settings = await loadSettings({
      env,
      adapters,
      configDir,
      ...(options.data ? { dataDir: options.data } : {}),
    })
    return { settings, adapters }
  } catch (error) {
    throw withAdapterProblems(error, configDir, elsewhere)
  }
}

/** The catalogue of the files, whatever else may be wrong with the configuration. */
export async function readCatalogue(options: {
  config?: string | undefined
}): Promise<Pick<Settings, 'configDir' | 'catalogue' | 'catalogueFiles'>> {
  return loadCatalogue(await adaptersFor(options))
}

/** Where the ledger is, whatever may be wrong with the rest of the configuration. */
export function readDatabasePlace(options: {
  config?: string | undefined
  data?: string | undefined
}): Promise<Pick<Settings, 'databaseUrl' | 'dataDir'>> {
  return loadDatabasePlace({
    env: readEnvironment(),
    ...(options.config ? { configDir: options.config } : {}),
    ...(options.data ? { dataDir: options.data } : {}),
  })
}

async function adaptersFor(options: { config?: string | undefined; env?: Environment }) {
  const env = options.env ?? readEnvironment()
  const configDir = resolve(options.config ?? variable(env, 'TONGBAN_CONFIG') ?? 'config')
  const ours = await loadAdapters([ADAPTERS])
  const elsewhere = await adaptersElsewhere(configDir, env, new Set(ours.keys()))
  return { env, configDir, elsewhere, adapters: new Map([...ours, ...elsewhere.found]) }
}
