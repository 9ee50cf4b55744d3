// Dropping a set, and finding out whether it was dropped. The department takes responsibility for what it finds whole,
// so the manifest comes last: until it is renamed nothing has happened, and every failure says so.

import { hash } from 'node:crypto'
import type { Attempt, Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { readAck, refusal } from './acknowledgement.ts'
import { measuring } from './checksum.ts'
import { type Drop, isLost } from './drop.ts'
import { forgetParts, missingParts } from './kept-parts.ts'
import { ACK, type Layout, TEMPORARY } from './layout.ts'
import { contentOf, LARGEST_MANIFEST, type ManifestLine, manifestText } from './manifest-file.ts'
import { once, place, readIfThere, writeAside } from './placing.ts'
import { archiveParts, type DropSet, linesOf } from './set.ts'
import { zipOf } from './zip-write.ts'

/** @throws AdapterFailure; 'rejected' when other content lies under the same name */
export async function deposit(
  drop: Drop,
  layout: Layout,
  set: DropSet,
  content: unknown,
  attempt: Attempt,
): Promise<Receipt> {
  const known = await lookFor(drop, layout, set, content, attempt)
  if (known) return { ...known, duplicate: true }
  const lines = layout.zip
    ? [await writeArchive(drop, layout, set, attempt)]
    : await writeParts(drop, layout, set, attempt)
  await commit(drop, layout, set, lines)
  await forgetParts(drop, layout, set)
  if (!layout.awaitsAck) return receiptOf(set)
  return (await acknowledged(drop, layout, set, content, attempt)) ?? notYet()
}

/** The receipt of a set that lies there whole or was taken; null when the department surely has not got it. */
export async function lookFor(
  drop: Drop,
  layout: Layout,
  set: DropSet,
  content: unknown,
  attempt: Attempt,
): Promise<Receipt | null> {
  // Before and after: what is looked for in a directory that is away and comes back is not seen, and yet it is there.
  await reachAll(drop, layout)
  const taken = await acknowledged(drop, layout, set, content, attempt)
  if (taken) return taken
  for (const directory of ['out', 'done'] as const) {
    const path = layout.at(directory, set.name)
    const manifest = await readIfThere(drop, `${path}${layout.manifestSuffix}`, LARGEST_MANIFEST)
    const isThere = manifest !== null || (directory === 'done' && (await drop.stat(path)) !== null)
    if (!isThere) continue
    const lies = manifest && contentOf(manifest.toString())
    if (lies && lies !== set.fingerprint) throw otherContent()
    return layout.awaitsAck ? notYet() : receiptOf(set)
  }
  await reachAll(drop, layout)
  return null
}

async function reachAll(drop: Drop, { directory }: Layout): Promise<void> {
  for (const name of ['ack', 'out', 'done', 'reject'] as const) await drop.reach(directory[name])
}

async function acknowledged(
  drop: Drop,
  layout: Layout,
  set: DropSet,
  content: unknown,
  attempt: Attempt,
): Promise<Receipt | null> {
  const told = layout.at('reject', toldName(set.name, attempt))
  const ack = await readAck(drop, layout, set.name, told)
  if (!ack) return null
  if (ack.meaning === 'refused') {
    if (ack.path === layout.at('ack', `${set.name}${ACK}`)) await putAway(drop, ack.path, told)
    throw refusal(ack, content)
  }
  if (ack.meaning === 'waiting') return layout.awaitsAck ? notYet() : receiptOf(set)
  return receiptOf(set, ack.reference)
}

/**
 * A refusal is told to one attempt, by whichever process makes it: it may die before that is recorded. To the
 * next attempt it is past: after a person has mended the case, it may be dropped anew.
 */
function toldName(name: string, { key, number }: Attempt): string {
  return `${name}.${hash('sha256', `${key}#${number}`, 'hex').slice(0, 12)}${ACK}`
}

/** Whether that succeeds or not: the refusal has been read, and must not be lost to a connection. */
async function putAway(drop: Drop, from: string, to: string): Promise<void> {
  try {
    await drop.rename(from, to, true)
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
  }
}

/** The file's name is not the department's number of the case: `reference` is only what an acknowledgement gives. */
function receiptOf(set: DropSet, reference?: string): Receipt {
  return { ...(reference ? { reference } : {}), data: { file: set.name, content: set.fingerprint } }
}

function notYet(): never {
  throw new AdapterFailure(
    'unavailable',
    '文件已送出，等待部门回执 (dropped; the department has not acknowledged it yet)',
  )
}

function otherContent(): AdapterFailure {
  const sentence = '同名文件已存在且内容不同 (a file of this name with other content is already there)'
  return new AdapterFailure('rejected', sentence, { code: 'other-content' })
}

async function writeParts(
  drop: Drop,
  layout: Layout,
  set: DropSet,
  attempt: Attempt,
): Promise<ManifestLine[]> {
  for (const part of await missingParts(drop, layout, set)) {
    attempt.signal.throwIfAborted()
    await place(drop, layout.at('out', part.name), part.bytes ?? (await part.open()))
  }
  return linesOf(layout, set.parts)
}

async function writeArchive(
  drop: Drop,
  layout: Layout,
  set: DropSet,
  attempt: Attempt,
): Promise<ManifestLine> {
  attempt.signal.throwIfAborted()
  const measured = { sum: '', size: 0 }
  const archive = zipOf(await archiveParts(layout, set))
  await place(drop, layout.at('out', set.name), measuring(archive, layout.checksum, measured))
  return { ...measured, name: set.name }
}

/** The moment of responsibility. A connection lost here leaves it open whether the manifest has its name. */
async function commit(
  drop: Drop,
  layout: Layout,
  set: DropSet,
  lines: readonly ManifestLine[],
): Promise<void> {
  const path = `${layout.at('out', set.name)}${layout.manifestSuffix}`
  const text = Buffer.from(manifestText(lines, set.fingerprint))
  await writeAside(drop, `${path}${TEMPORARY}`, once(text))
  try {
    if (await drop.rename(`${path}${TEMPORARY}`, path, false)) return
  } catch (error) {
    if (!(error instanceof AdapterFailure) || !isLost(error)) throw error
    const sentence =
      '清单改名时连接中断，不知是否送达 (the connection was lost while the manifest got its name)'
    throw new AdapterFailure('uncertain', sentence, { cause: error })
  }
  throw new AdapterFailure('uncertain', '另一次投递正在送出同一文件 (another try is dropping the same file)')
}
