// What a crash left held in in/ is read again: nobody knows whether its acknowledgement came. Whether it is
// what its name says is told by whoever reads its bytes.

import type { Drop, Listed } from './drop.ts'
import { lookAtHeld, moveAside } from './holding.ts'
import { severalAtOnce, type Time } from './in-time.ts'
import type { Layout } from './layout.ts'
import { type HeldFile, heldFiles, isOverdue, manifestNames, type WaitingFile } from './waiting.ts'

/** Files to be read again, and manifests whose file is held no more. */
export function stillHeld(
  listed: Listed,
  layout: Layout,
  now: Date,
): { files: WaitingFile[]; leftBehind: HeldFile[] } {
  const [manifests, held] = parted(heldFiles(listed, layout), ({ entry }) =>
    entry.name.endsWith(layout.manifestSuffix),
  )
  const files = held.map((file) => withManifest(file, manifests, listed, layout, now))
  const needed = new Set(files.map(({ manifest }) => manifest?.name))
  return { files, leftBehind: manifests.filter(({ heldAs }) => !needed.has(heldAs)) }
}

/** They follow their files. */
export async function followFiles(
  drop: Drop,
  layout: Layout,
  manifests: readonly HeldFile[],
  time: Time,
): Promise<void> {
  await severalAtOnce(manifests, time, async ({ entry: { name }, heldAs }) => {
    const seen = await lookAtHeld(drop, layout, name, heldAs)
    if (seen) await moveAside(drop, layout.at('in', heldAs), layout.at('done', name), seen.tag)
  })
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
