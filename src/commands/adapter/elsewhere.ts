// Adapters that systems name by path or npm package. They are loaded before the settings, because their schemas check
// them; what cannot be loaded is told at its place in the file, together with everything else that is wrong.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AdapterManifest } from '../../adapter-kit/contract.ts'
import { findAdapter, isElsewhere } from '../../adapter-kit/load.ts'
import type { Environment } from '../../settings/environment.ts'
import { ConfigurationError, type ConfigurationProblem, sortProblems } from '../../settings/problems.ts'
import { readSource, type Source } from '../../settings/yaml-source.ts'

interface Elsewhere {
  /** By what `adapter:` says, word for word. */
  found: ReadonlyMap<string, AdapterManifest>
  problems: readonly ConfigurationProblem[]
}

/** @param here names of adapters that are there already */
export async function adaptersElsewhere(
  configDir: string,
  env: Environment,
  here: ReadonlySet<string>,
): Promise<Elsewhere> {
  const found = new Map<string, AdapterManifest>()
  const problems: ConfigurationProblem[] = []
  for (const name of await systemFiles(configDir)) {
    const bytes = await readFile(join(configDir, name)).catch(() => undefined)
    if (!bytes || here.has(plainReference(bytes))) continue
    // Faults of the file itself are told when the settings are loaded; only what is said of its adapter is kept.
    const source = readSource(name, bytes, env, (one) => one.pointer === '/adapter' && problems.push(one))
    const reference = referenceOf(source)
    if (reference === undefined || here.has(reference) || found.has(reference)) continue
    try {
      found.set(reference, await adapterElsewhere(configDir, reference))
    } catch (error) {
      if (!isElsewhere(reference) && /is not installed/.test((error as Error).message)) continue
      const { message } = error as Error
      source.report(
        '/adapter',
        `The adapter ${reference} cannot be used. ${message}`,
        `适配器 ${reference} 无法使用。${message}`,
      )
    }
  }
  return { found, problems }
}

/** @throws Error with a sentence that says what to do */
export async function adapterElsewhere(configDir: string, reference: string): Promise<AdapterManifest> {
  return (await findAdapter(reference, pathToFileURL(`${configDir}/`))).manifest
}

/** A configuration's problems with those of its adapters; for these it has only said that there is no such adapter. */
export function withAdapterProblems(error: unknown, configDir: string, { problems }: Elsewhere): unknown {
  if (!(error instanceof ConfigurationError) || problems.length === 0) return error
  const better = new Set(problems.map(({ file }) => file))
  const others = error.problems.filter(({ file, pointer }) => !(pointer === '/adapter' && better.has(file)))
  return new ConfigurationError(configDir, sortProblems([...others, ...problems]))
}

async function systemFiles(configDir: string): Promise<string[]> {
  const names = await readdir(join(configDir, 'systems')).catch(() => [])
  return names.filter((name) => /^[^.].*\.ya?ml$/.test(name)).map((name) => `systems/${name}`)
}

/** Of a file that says it the ordinary way, which need not be read for it; empty of any other. */
const plainReference = (bytes: Buffer): string =>
  /^adapter: ([\w-]+)[ \t]*\r?$/m.exec(bytes.toString('utf8'))?.[1] ?? ''

function referenceOf(source: Source): string | undefined {
  const adapter = (source.data as { adapter?: unknown } | null | undefined)?.adapter
  return typeof adapter === 'string' && adapter !== '' ? adapter : undefined
}
