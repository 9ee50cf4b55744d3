// Adapters and settings, as every command needs them.

import type { AdapterManifest } from '../adapter-kit/contract.ts'
import { loadAdapters } from '../adapter-kit/load.ts'
import { type Environment, readEnvironment } from '../settings/environment.ts'
import { loadSettings } from '../settings/load.ts'
import type { Settings } from '../settings/settings.ts'

const ADAPTERS = new URL('../../adapters/', import.meta.url)

export async function readSettings(
  options: { config?: string | undefined; data?: string | undefined; env?: Environment } = {},
): Promise<{ settings: Settings; adapters: ReadonlyMap<string, AdapterManifest> }> {
  const adapters = await loadAdapters([ADAPTERS])
  const settings = await loadSettings({
    env: options.env ?? readEnvironment(),
    adapters,
    ...(options.config ? { configDir: options.config } : {}),
    ...(options.data ? { dataDir: options.data } : {}),
  })
  return { settings, adapters }
}
