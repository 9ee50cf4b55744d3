// Finds every adapter by its folder, so that adding one edits no list.
// It must not create adapters: settings belong to a configured system, not to a folder.

import { readdir } from 'node:fs/promises'
import type { AdapterManifest } from './contract.ts'

const kinds = ['department', 'certificate-registry', 'carrier', 'platform']

/**
 * Reads `<folder>/<name>/manifest.ts` of each given folder URL (with a trailing slash).
 * @returns manifests by adapter name
 * @throws Error naming the folder, when a manifest cannot be imported, is incomplete, or its name is taken
 */
export async function loadAdapters(folders: readonly URL[]): Promise<Map<string, AdapterManifest>> {
  const manifests = new Map<string, AdapterManifest>()
  for (const folder of folders) {
    for (const adapter of await adapterFolders(folder)) {
      const manifest = await readManifest(adapter)
      if (manifests.has(manifest.name))
        throw new Error(`${adapter.pathname}: another adapter is named '${manifest.name}'`)
      manifests.set(manifest.name, manifest)
    }
  }
  return manifests
}

/** The adapter folders inside a folder, in order of name. */
export async function adapterFolders(folder: URL): Promise<URL[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => new URL(`${entry.name}/`, folder))
    .sort((a, b) => a.pathname.localeCompare(b.pathname))
}

/** The manifest of one adapter folder. */
export async function readManifest(folder: URL): Promise<AdapterManifest> {
  const manifest = await importManifest(folder)
  const problem = problemOf(manifest, folder)
  if (problem) throw new Error(`${folder.pathname}manifest.ts: ${problem}`)
  return manifest as AdapterManifest
}

async function importManifest(folder: URL): Promise<unknown> {
  try {
    const module: { default?: unknown } = await import(new URL('manifest.ts', folder).href)
    return module.default
  } catch (cause) {
    throw new Error(`${folder.pathname}manifest.ts cannot be loaded: ${(cause as Error).message}`, { cause })
  }
}

function problemOf(found: unknown, folder: URL): string | undefined {
  if (typeof found !== 'object' || found === null)
    return 'has no default export; use `export default defineAdapter({ … })`'
  const manifest = found as Partial<AdapterManifest>
  const name = folder.pathname.split('/').at(-2)
  if (manifest.name !== name) return `is named '${manifest.name}', but its folder is '${name}'`
  if (!kinds.includes(manifest.kind ?? '')) return `kind must be one of ${kinds.join(', ')}`
  if (!manifest.title?.zh || !manifest.title.en) return 'title needs both zh and en'
  if (typeof manifest.settings !== 'object') return 'settings must be a JSON Schema'
  if (typeof manifest.create !== 'function') return 'create must be a function'
  return undefined
}
