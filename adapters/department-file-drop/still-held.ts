// What a crash left held in in/ is read again: nobody knows whether its acknowledgement came.

import type { Drop, Listed } from './drop.ts'
import { heldName, lookAt, mostBytes, moveAside, putBack } from './holding.ts'
import { tagOfEntry } from './item-key.ts'
import type { Layout } from './layout.ts'
import { type HeldFile, heldFiles, isOverdue, manifestNames, type WaitingFile } from './waiting.ts'

/**
 * The files that were read, to be read again. What nobody has read yet is put back, manifests without a file
 * follow theirs.
 */
export async function stillHeld(
  drop: Drop,
  layout: Layout,
  listed: Listed,
  now: Date,
): Promise<WaitingFile[]> {
  const held: HeldFile[] = []
  for (const file of heldFiles(listed)) {
    const path = layout.at('in', file.heldAs)
    const seen = await lookAt(drop, path, mostBytes(layout, file.entry.name))
    if (seen && heldName(file.entry.name, seen.tag) === file.heldAs) held.push(file)
    else if (seen) await putBack(drop, layout, file.entry.name, { ...seen, path })
  }
  const [manifests, files] = parted(held, ({ entry }) => entry.name.endsWith(layout.manifestSuffix))
  const found = files.map((file) => withManifest(file, manifests, listed, layout, now))
  const needed = new Set(found.map(({ manifest }) => manifest?.name))
  for (const { entry, heldAs } of manifests.filter((one) => !needed.has(one.heldAs)))
    await moveAside(drop, layout.at('in', heldAs), layout.at('done', entry.name), tagOfEntry(entry))
  return found
}

function parted<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((one) => !is(one))]
}

/**
 * A file that was at odds with its manifest is so again: that is held too, or lies there, as old as patience
 * demands. A younger one is that of the next file.
 */
function withManifest(
  file: HeldFile,
  held: readonly HeldFile[],
  { entries }: Listed,
  layout: Layout,
  now: Date,
): WaitingFile {
  const names: readonly string[] = manifestNames(file.entry.name, layout.manifestSuffix)
  const taken = held.find(({ entry }) => names.includes(entry.name))
  const left = entries.find((one) => names.includes(one.name) && isOverdue(one, layout, now))
  const manifest = taken ? { ...taken.entry, name: taken.heldAs } : left
  return manifest ? { ...file, manifest } : file
}
