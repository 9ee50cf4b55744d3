// Which of the department's files are whole, oldest first. A file that is still being written is passed over, not read;
// one that stays at odds with its manifest beyond patience is read, so that it can fail by name.

import type { Drop, Entry, Listed } from './drop.ts'
import { nameHeld } from './holding.ts'
import { ACK, type Layout, REASON, TEMPORARY } from './layout.ts'

export interface WaitingFile {
  entry: Entry
  /** The name under which a crash left it held, where it did. */
  heldAs?: string
  /** Its manifest's name, where there is one. */
  manifest?: Entry
  /** Longer ago than patience allows. */
  overdue: boolean
}

const unfinished = /^\.|\.(tmp|part|partial|filepart|writing|swp)$/i

const isFinished = (name: string): boolean =>
  !unfinished.test(name) && !name.endsWith(TEMPORARY) && !name.endsWith(ACK) && !name.endsWith(REASON)

/**
 * A file and its manifest may lie far apart in a directory, and the oldest anywhere: more is looked at than
 * in others.
 */
const MORE_OF_IN = 10

export const listIn = (drop: Drop, layout: Layout): Promise<Listed> =>
  drop.list(layout.directory.in, MORE_OF_IN * layout.limits.listed, isOfDepartment(layout))

/**
 * Files that are read and their manifests, whole or not, and those that a crash left held; others do not fill
 * up a listing.
 */
function isOfDepartment(layout: Layout): (name: string) => boolean {
  const isDocument = documentName(layout)
  return (found) => {
    const held = nameHeld(found, layout)
    const name = held ?? found
    return isFinished(name) && (isDocument.test(name) || name.endsWith(layout.manifestSuffix))
  }
}

export type HeldFile = WaitingFile & { heldAs: string }

/** What a crash left held, manifests too; it was read before all others. */
export function heldFiles({ entries }: Listed, layout: Layout): HeldFile[] {
  return entries.flatMap((entry) => {
    const name = nameHeld(entry.name, layout)
    return name ? [{ entry: { ...entry, name }, heldAs: entry.name, overdue: true }] : []
  })
}

/** Longer there than patience allows. */
export const isOverdue = ({ mtimeMs }: Entry, { incoming }: Layout, now: Date): boolean =>
  now.getTime() - mtimeMs > incoming.patienceMs

const documentName = ({ incoming }: Layout): RegExp => new RegExp(`\\.(${incoming.format}|zip)$`, 'i')

/**
 * Files that may be whole, and manifests whose file is missing.
 * @param now milliseconds by our clock, and by the clock that dates the files
 */
export function waitingFiles(
  { entries }: Listed,
  layout: Layout,
  now: { ours: number; theirs: number },
): WaitingFile[] {
  const { complete, patienceMs, stillMs } = layout.incoming
  const finished = entries.filter(({ name }) => isFinished(name))
  const manifests = new Map(
    finished.filter(({ name }) => name.endsWith(layout.manifestSuffix)).map((one) => [one.name, one]),
  )
  const isDocument = documentName(layout)
  const found: WaitingFile[] = []
  for (const entry of finished) {
    if (!isDocument.test(entry.name)) continue
    const manifest = manifestOf(entry.name, layout.manifestSuffix, manifests)
    if (manifest) manifests.delete(manifest.name)
    const listed = complete === 'manifest' || complete === 'marker'
    if (listed && !manifest) continue
    if (complete === 'still' && now.theirs - entry.mtimeMs < stillMs) continue
    const newest = Math.max(entry.mtimeMs, manifest?.mtimeMs ?? 0)
    found.push({ entry, ...(manifest ? { manifest } : {}), overdue: now.ours - newest > patienceMs })
  }
  return found.sort((a, b) => a.entry.mtimeMs - b.entry.mtimeMs || (a.entry.name < b.entry.name ? -1 : 1))
}

/** Manifests of files that are not there: their file was lost, or moved away before them. */
export function orphans({ entries }: Listed, layout: Layout): Entry[] {
  const names = new Set(entries.map(({ name }) => name))
  return entries.filter(
    ({ name }) =>
      isFinished(name) &&
      name.endsWith(layout.manifestSuffix) &&
      !filesOfManifest(name, layout).some((one) => names.has(one)),
  )
}

/** `a.xml.mf` or `a.mf`. */
export const manifestNames = (name: string, suffix: string): readonly [string, string] => [
  name + suffix,
  name.slice(0, name.lastIndexOf('.')) + suffix,
]

function manifestOf(name: string, suffix: string, manifests: ReadonlyMap<string, Entry>): Entry | undefined {
  const [first, second] = manifestNames(name, suffix)
  return manifests.get(first) ?? manifests.get(second)
}

/** The files that a manifest of this name may belong to. */
export function filesOfManifest(name: string, { manifestSuffix, incoming }: Layout): string[] {
  const base = name.slice(0, -manifestSuffix.length)
  return [base, `${base}.${incoming.format}`, `${base}.zip`]
}
