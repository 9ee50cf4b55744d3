// How a file is taken out of the department's way before anybody hears of it: it is held in in/ under a name
// of ours, looked at again, and put back if it is not what was read. Once its acknowledgement is there the
// department may use the name again at once. What a crash leaves held is found by the next look: it is read
// again, and its acknowledgement still comes.

import { hash } from 'node:crypto'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Drop, Entry } from './drop.ts'
import { tagOfBytes, tagOfEntry } from './item-key.ts'
import type { Layout } from './layout.ts'
import { LARGEST_MANIFEST } from './manifest-file.ts'
import { readWhole, unlessGone } from './placing.ts'

/** A file as it lies there. */
export interface Seen {
  entry: Entry
  /** Null when it is too large to be read. */
  body: Buffer | null
  /** What tells whether it is still the same. */
  tag: string
}

/** Null when it is not there. */
export async function lookAt(drop: Drop, path: string, maxBytes: number): Promise<Seen | null> {
  const entry = await drop.stat(path)
  if (!entry) return null
  const tooLarge: Seen = { entry, body: null, tag: tagOfEntry(entry) }
  if (entry.size > maxBytes) return tooLarge
  try {
    const body = await unlessGone(readWhole(drop, path, maxBytes))
    return body && { entry, body, tag: tagOfBytes(body) }
  } catch (error) {
    // It has grown meanwhile, or the server does not tell sizes.
    if (error instanceof AdapterFailure && error.kind === 'unrecognised') return tooLarge
    throw error
  }
}

/**
 * A file's is as long as the temporary name of its acknowledgement, so that it fits where that fits; a
 * manifest's is no longer, for a sign stands for its ending.
 */
function heldName(name: string, tag: string, { manifestSuffix }: Layout): string {
  const digits = hash('sha256', tag, 'hex').slice(0, 6)
  const isManifest = name.endsWith(manifestSuffix)
  return isManifest ? `.${name.slice(0, -manifestSuffix.length)}+${digits}` : `.${name}~${digits}`
}

/** The name that a held file had; undefined for a file that is not held. */
export function nameHeld(heldAs: string, { manifestSuffix }: Layout): string | undefined {
  const [, name, sign] = /^\.(.+)([~+])[0-9a-f]{6}$/s.exec(heldAs) ?? []
  return name && (sign === '+' ? name + manifestSuffix : name)
}

/** Of files and of manifests, which are never longer than the longest manifest. */
const mostBytes = ({ limits, manifestSuffix }: Layout, name: string): number =>
  name.endsWith(manifestSuffix) ? LARGEST_MANIFEST : limits.fileBytes

export interface Held extends Seen {
  path: string
}

/** Null when nothing of that name and tag is there any more: it was settled before, or the department replaced it. */
export async function hold(drop: Drop, layout: Layout, name: string, tag: string): Promise<Held | null> {
  const from = layout.at('in', name)
  const path = layout.at('in', heldName(name, tag, layout))
  // A crash may have left it held. The same once more becomes one with it, another keeps its place.
  const left = await drop.stat(path)
  const again = left !== null && (await lookAt(drop, from, mostBytes(layout, name)))?.tag === tag
  if (!left || again) await drop.rename(from, path, again)
  const held = await lookAt(drop, path, mostBytes(layout, name))
  if (held?.tag === tag) return { ...held, path }
  if (held) await putBack(drop, layout, name, { ...held, path })
  return null
}

/**
 * What lies held under that name. Null when it is gone, or was replaced at the moment it was taken: then
 * nobody has read it, and it is put back.
 */
export async function lookAtHeld(
  drop: Drop,
  layout: Layout,
  name: string,
  heldAs: string,
): Promise<Seen | null> {
  const path = layout.at('in', heldAs)
  const seen = await lookAt(drop, path, mostBytes(layout, name))
  if (!seen || heldName(name, seen.tag, layout) === heldAs) return seen
  await putBack(drop, layout, name, { ...seen, path })
  return null
}

/** It was replaced between reading and taking, so nobody has read it. It stays held as long as its name is in use. */
async function putBack(drop: Drop, layout: Layout, name: string, { path, tag }: Held): Promise<void> {
  const to = layout.at('in', name)
  if (await drop.rename(path, to, false)) return
  if ((await lookAt(drop, to, mostBytes(layout, name)))?.tag === tag) await drop.remove(path)
}

/** A file of the same name from another day keeps its place; this one gets its content as a second name. */
export async function moveAside(drop: Drop, from: string, to: string, tag: string): Promise<void> {
  if (!(await drop.rename(from, to, false))) await drop.rename(from, secondName(to, tag), true)
}

function secondName(path: string, tag: string): string {
  const [, stem = path, extension = ''] = /^(.*?)(\.[^./]+)?$/s.exec(path) ?? []
  return `${stem}.${tag.slice(0, 12)}${extension}`
}
