// Gives an adapter's manifest its types. It must not register anything: the loader finds manifests by folder.

import type { AdapterManifest } from './contract.ts'

/** Returns the manifest as it is; `S` is the shape of validated settings that `create` is given. */
export function defineAdapter<S>(manifest: AdapterManifest<S>): AdapterManifest<S> {
  return manifest
}

/** JSON Schema of a secret: config/systems/*.yaml may only name it (`{ env: NAME }` or `{ file: path }`). */
export function secretSchema(zh: string, en: string): Record<string, unknown> {
  return { type: 'string', minLength: 1, writeOnly: true, title: zh, description: `${zh} / ${en}` }
}

/**
 * JSON Schema of a text that is no secret and too long for a line of YAML, such as a certificate: config/systems/*.yaml
 * may hold it, or name a file that does (`{ file: path }`).
 */
export function fileSchema(description: string): Record<string, unknown> {
  return { type: 'string', minLength: 1, 'x-file': true, description }
}
