// Which of the department's files are whole, oldest first. A file that is still being written is passed over, not read;
// one that stays at odds with its manifest beyond patience is read, so that it can fail by name.

import { decode } from '../../src/adapter-kit/charset.ts'
import type { Drop, Entry, Listed } from './drop.ts'
import { unrecognised } from './faults.ts'
import { ACK, type Layout, REASON, TEMPORARY } from './layout.ts'
import { LARGEST_MANIFEST, type ManifestLine, readManifest } from './manifest-file.ts'
import { readWhole } from './placing.ts'

export interface WaitingFile {
  entry: Entry
  /** Its manifest's name, where there is one. */
  manifest?: Entry
  /** Longer ago than patience allows. */
  overdue: boolean
}

const unfinished = /^\.|\.(tmp|part|partial|filepart|writing|swp)$/i

export const isFinished = (name: string): boolean =>
  !unfinished.test(name) && !name.endsWith(TEMPORARY) && !name.endsWith(ACK) && !name.endsWith(REASON)

/** Files that are read and their manifests, whole or not; others do not fill up a listing. */
export function isOfDepartment(layout: Layout): (name: string) => boolean {
  const isDocument = documentName(layout)
  return (name) => isFinished(name) && (isDocument.test(name) || name.endsWith(layout.manifestSuffix))
}

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
  const { format } = layout.incoming
  return entries.filter(({ name }) => {
    if (!name.endsWith(layout.manifestSuffix)) return false
    const base = name.slice(0, -layout.manifestSuffix.length)
    return ![base, `${base}.${format}`, `${base}.zip`].some((one) => names.has(one))
  })
}

/** `a.xml.mf` or `a.mf`. */
function manifestOf(name: string, suffix: string, manifests: ReadonlyMap<string, Entry>): Entry | undefined {
  return manifests.get(name + suffix) ?? manifests.get(name.slice(0, name.lastIndexOf('.')) + suffix)
}

/** Lines of the file's manifest; none for a marker. @throws AdapterFailure 'unrecognised' */
export async function manifestLines(
  drop: Drop,
  layout: Layout,
  { manifest }: WaitingFile,
): Promise<ManifestLine[]> {
  if (!manifest || layout.incoming.complete === 'marker') return []
  const bytes = await readWhole(drop, layout.at('in', manifest.name), LARGEST_MANIFEST)
  const text = decode(bytes, 'utf-8') ?? decode(bytes, layout.incoming.charset)
  if (text === undefined)
    throw unrecognised('清单文件编码无法识别 (the charset of the manifest cannot be read)')
  return readManifest(text, layout.incoming.checksum)
}
