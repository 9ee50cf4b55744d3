// Samples of an adapter that exchanges files: each is run for real over a temporary folder, in which the
// files lie that the sample names, and is compared with the folder's files afterwards, byte for byte.

import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Adapter, AdapterManifest, Attempt, SettledItem } from '../contract.ts'
import { GIVEN_NOW } from '../givens.ts'
import type { Checker } from './checker.ts'
import { fitted } from './compare.ts'
import { ask, outcomeOf, wantedOutcome } from './outgoing.ts'
import type { Sample, SampleFolder } from './sample.ts'
import { type Stage, setStage } from './stage.ts'

export interface FolderScene extends Stage {
  /** Bytes of every file in it, by path. */
  holds(): Promise<Record<string, string>>
  /** Takes the whole folder away, as a drive that is not mounted. */
  vanish(): Promise<void>
}

/** What was laid a moment ago is not overdue. */
const AGE_SECONDS = 10
const NOBODY = 'http://127.0.0.1:9'

export async function setFolder(
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
  folder: SampleFolder,
): Promise<FolderScene> {
  const { path = '', holds = [] } = folder.conformance.folder ?? {}
  const root = await mkdtemp(join(tmpdir(), 'tongban-conformance-'))
  for (const name of holds) await mkdir(join(root, name), { recursive: true })
  const at = GIVEN_NOW.getTime() / 1000 - AGE_SECONDS
  for (const [name, bytes] of Object.entries(await bytesOfFiles(sample.files ?? {}, folder))) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), bytes, 'latin1')
    await utimes(join(root, name), at, at)
  }
  const stage = setStage(manifest, ledTo(root, path, settings), NOBODY)
  const vanish = () => rm(root, { recursive: true, force: true })
  return {
    ...stage,
    vanish,
    holds: () => filesBelow(root),
    async close() {
      await stage.close()
      await vanish()
    },
  }
}

export async function runInFolder(
  t: Checker,
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
  folder: SampleFolder,
): Promise<void> {
  const scene = await setFolder(manifest, sample, settings, folder)
  try {
    const attempt = scene.attempt()
    const outcome = await outcomeOf(ask(scene.adapter, sample, attempt))
    t.same(outcome, fitted(wantedOutcome(sample.expect, outcome), outcome), 'outcome')
    if (sample.settle) await settle(scene.adapter, attempt)
    if (!sample.expect.files) return
    t.same(await scene.holds(), await bytesOfFiles(sample.expect.files, folder), 'files in the folder')
  } finally {
    await scene.close()
  }
}

/** As the gateway does once everything is durable. */
async function settle({ polling }: Adapter, attempt: Attempt): Promise<void> {
  if (!polling?.settle) throw new Error('the adapter settles nothing')
  const { items } = await polling.read(undefined, attempt)
  const settled = items.map(
    ({ key, failure }): SettledItem =>
      failure ? { key, outcome: 'unreadable', reason: failure.message } : { key, outcome: 'recorded' },
  )
  await polling.settle(settled, attempt)
}

/** As Latin-1 text, so that a difference can be shown. */
async function bytesOfFiles(
  files: Readonly<Record<string, string>>,
  { url }: SampleFolder,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [name, source] of Object.entries(files))
    found[name] = await readFile(new URL(encodeURI(source), url), 'latin1')
  return found
}

async function filesBelow(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const found: Record<string, string> = {}
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    found[path.slice(root.length + 1)] = await readFile(path, 'latin1')
  }
  return found
}

function ledTo(root: string, path: string, value: unknown): unknown {
  if (value === path) return root
  if (Array.isArray(value)) return value.map((one) => ledTo(root, path, one))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, ledTo(root, path, one)]))
}
