// Finds every adapter by its folder, so that adding one edits no list; and those that live elsewhere, by what
// `adapter:` of a system says: a path, or the name of an npm package.
// It must not create adapters: settings belong to a configured system, not to a folder.

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AdapterManifest } from './contract.ts'

const kinds = ['department', 'certificate-registry', 'carrier', 'platform', 'rating', 'appointment-book']
const files = ['manifest.ts', 'manifest.js']

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

/** The manifest of one adapter folder. @throws Error naming the file */
export async function readManifest(folder: URL): Promise<AdapterManifest> {
  const name = folder.pathname.split('/').at(-2)
  return readFrom(manifestIn(folder), (manifest) =>
    manifest.name === name ? undefined : `is named '${manifest.name}', but its folder is '${name}'`,
  )
}

/** An adapter from elsewhere: where it is, and what it declares. */
export interface FoundAdapter {
  /** Its folder, with a trailing slash: `samples/` are beside the manifest. */
  folder: URL
  manifest: AdapterManifest
}

/**
 * @param reference a path (`./…`, `../…`, `/…`) or the name of an npm package, which names its manifest in
 * package.json as
 *   `"tongban": { "adapter": "./manifest.js" }` (by default manifest.js, or manifest.ts where it is linked)
 * @param from the folder that paths are relative to and packages are looked for from; packages beside the
 * gateway are found too
 * @throws Error with a sentence that says what to do
 */
export async function findAdapter(reference: string, from: URL): Promise<FoundAdapter> {
  lendKit()
  const folder = isPath(reference) ? folderAt(reference, from) : packageFolder(reference, from)
  if (isPath(reference) && existsSync(manifestIn(folder)))
    return { folder, manifest: await readManifest(folder) }
  const file = new URL(await manifestOf(folder), folder)
  return { folder: new URL('./', file), manifest: await readFrom(file, () => undefined) }
}

/** Whether a text can only mean an adapter from elsewhere: names of folders in adapters/ have neither dot nor slash. */
export const isElsewhere = (reference: string): boolean => isPath(reference) || reference.includes('/')

const isPath = (reference: string): boolean => /^(\.\.?(\/|$)|\/)/.test(reference)

function folderAt(path: string, from: URL): URL {
  const folder = pathToFileURL(`${fileURLToPath(new URL(path, from)).replace(/\/+$/, '')}/`)
  if (existsSync(folder)) return folder
  throw new Error(`There is no folder ${fileURLToPath(folder)}`)
}

function packageFolder(name: string, from: URL): URL {
  if (!/^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(name))
    throw new Error(`'${name}' is neither a path (./…) nor the name of an npm package`)
  const places = [from, new URL('../../', import.meta.url)]
    .flatMap((place) => createRequire(new URL('any.js', place)).resolve.paths(name) ?? [])
    .map((place) => join(place, name))
  const found = places.find((place) => existsSync(join(place, 'package.json')))
  if (found) return pathToFileURL(`${found}/`)
  throw new Error(
    `The npm package ${name} is not installed: run "npm install ${name}" beside the configuration`,
  )
}

async function manifestOf(root: URL): Promise<string> {
  const text = await readFile(new URL('package.json', root), 'utf8').catch(() => '{}')
  const said = (parse(text, root) as { tongban?: { adapter?: unknown } } | null)?.tongban?.adapter
  if (typeof said === 'string') return said
  const there = files.toReversed().find((file) => existsSync(new URL(file, root)))
  if (there) return there
  throw new Error(
    `${fileURLToPath(root)} has no manifest.ts, and no package.json that names one: "tongban": { "adapter": "./manifest.js" }`,
  )
}

function parse(text: string, root: URL): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${fileURLToPath(root)}package.json is not JSON`, { cause })
  }
}

function manifestIn(folder: URL): URL {
  const there = files.find((file) => existsSync(new URL(file, folder)))
  return new URL(there ?? 'manifest.ts', folder)
}

type Problem = (manifest: AdapterManifest) => string | undefined

async function readFrom(file: URL, further: Problem): Promise<AdapterManifest> {
  const found = await importDefault(file)
  const problem = problemOf(found) ?? further(found as AdapterManifest)
  if (problem) throw new Error(`${file.pathname}: ${problem}`)
  return found as AdapterManifest
}

async function importDefault(file: URL): Promise<unknown> {
  try {
    const module: { default?: unknown } = await import(file.href)
    return module.default
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string }
    const why =
      code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING'
        ? 'Node runs no TypeScript below node_modules: publish it as JavaScript'
        : message
    throw new Error(`${file.pathname} cannot be loaded: ${why}`, { cause })
  }
}

function problemOf(found: unknown): string | undefined {
  if (typeof found !== 'object' || found === null)
    return 'has no default export; use `export default defineAdapter({ … })`'
  const manifest = found as Partial<AdapterManifest>
  if (typeof manifest.name !== 'string' || manifest.name === '') return 'name is missing'
  if (!kinds.includes(manifest.kind ?? '')) return `kind must be one of ${kinds.join(', ')}`
  if (!manifest.title?.zh || !manifest.title.en) return 'title needs both zh and en'
  if (typeof manifest.settings !== 'object' || manifest.settings === null)
    return 'settings must be a JSON Schema'
  if (typeof manifest.create !== 'function') return 'create must be a function'
  return undefined
}

const KIT = /^tongban-gateway\/src\/adapter-kit\/([\w./-]+\.ts)$/
let lent = false

/**
 * An adapter from elsewhere imports `tongban-gateway/src/adapter-kit/…` and gets the kit of the gateway that runs it:
 * with a copy of its own, its failures would not be recognised as failures.
 */
function lendKit(): void {
  if (lent) return
  lent = true
  registerHooks({
    resolve(specifier, context, next) {
      const file = KIT.exec(specifier)?.[1]
      if (file === undefined) return next(specifier, context)
      return { url: new URL(file, import.meta.url).href, shortCircuit: true }
    },
  })
}
