// What an earlier try left of a large set: its parts that lie in out/ whole need not travel again. A note
// beside them says of which content they are; without it, or with another, they are taken away before the
// note is written. So a part that lies there by its name, which it only gets when it is whole, is the part of
// the note.

import type { Drop } from './drop.ts'
import { type Layout, TEMPORARY } from './layout.ts'
import { place, readIfThere } from './placing.ts'
import type { DropSet, Part } from './set.ts'

/** Smaller sets travel again sooner than a note is written. */
const LARGE = 1024 * 1024
const LONGEST_NOTE = 1024

const isLarge = ({ parts }: DropSet): boolean => parts.reduce((sum, { size }) => sum + size, 0) >= LARGE

/** Nobody takes what has a temporary name. */
const notePath = (layout: Layout, set: DropSet): string => layout.at('out', `${set.name}.parts${TEMPORARY}`)

/** The parts that are still to be written. */
export async function missingParts(drop: Drop, layout: Layout, set: DropSet): Promise<readonly Part[]> {
  if (!isLarge(set)) return set.parts
  const note = await readIfThere(drop, notePath(layout, set), LONGEST_NOTE)
  if (note?.toString() !== set.fingerprint) {
    for (const { name } of set.parts) await drop.remove(layout.at('out', name))
    await place(drop, notePath(layout, set), Buffer.from(set.fingerprint))
    return set.parts
  }
  const missing: Part[] = []
  for (const part of set.parts)
    if ((await drop.stat(layout.at('out', part.name)))?.size !== part.size) missing.push(part)
  return missing
}

/** Once its manifest is there. A note that stays does no harm. */
export async function forgetParts(drop: Drop, layout: Layout, set: DropSet): Promise<void> {
  if (!layout.zip && isLarge(set)) await drop.remove(notePath(layout, set)).catch(() => undefined)
}
