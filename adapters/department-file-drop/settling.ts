// What becomes of a file whose events are durable or refused: it and its manifest are held, so that their
// names are free; then comes its acknowledgement; then they are moved. A crash leaves a file that is read
// again, and never one that nobody answered for.

import type { Attempt, SettledItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { toLocal } from '../../src/adapter-kit/local-time.ts'
import { ackBytes, LARGEST_ACK, type OwnAck } from './acknowledgement.ts'
import { disagreement, linesIn, type Measured } from './agreement.ts'
import type { Drop } from './drop.ts'
import { type Held, hold, lookAt, moveAside, type Seen } from './holding.ts'
import { severalAtOnce, timeOf } from './in-time.ts'
import { readKey } from './item-key.ts'
import { ACK, type Layout, REASON } from './layout.ts'
import { LARGEST_MANIFEST } from './manifest-file.ts'
import { removeOldAcks } from './old-acks.ts'
import { place } from './placing.ts'
import { filesOfManifest, isOverdue, listIn, manifestNames, orphans } from './waiting.ts'
import { textBytes } from './write.ts'

interface FileOutcome {
  name: string
  tag: string
  items: { number: number; outcome: SettledItem['outcome']; reason: string }[]
}

export async function settleItems(
  drop: Drop,
  layout: Layout,
  settled: readonly SettledItem[],
  attempt: Attempt,
): Promise<void> {
  const now = attempt.now()
  const time = timeOf(attempt, 3 / 4)
  const rejected: AdapterFailure[] = []
  await severalAtOnce(byName(byFile(settled)), time, async (files) => {
    for (const file of files) {
      attempt.signal.throwIfAborted()
      const settling = file.name.endsWith(ACK)
        ? settleAck(drop, layout, file)
        : settleFile(drop, layout, file, now)
      await settling.catch((error: unknown) => {
        if (!(error instanceof AdapterFailure) || error.kind !== 'rejected') throw error
        rejected.push(error)
      })
    }
  })
  // What time did not allow lies where it lay, and comes again.
  if (!time.isOver()) {
    await sweep(drop, layout, now)
    await removeOldAcks(drop, layout, attempt)
  }
  // A name that cannot be is the fault of one file; the others do not wait for it.
  if (rejected[0]) throw rejected[0]
}

function byFile(settled: readonly SettledItem[]): FileOutcome[] {
  const files = new Map<string, FileOutcome>()
  for (const { key, outcome, reason = '' } of settled) {
    const { name, tag, number } = readKey(key)
    const file = files.get(`${name}#${tag}`) ?? { name, tag, items: [] }
    file.items.push({ number, outcome, reason })
    files.set(`${name}#${tag}`, file)
  }
  return [...files.values()]
}

/** Files of one name have one acknowledgement: they are settled one after the other. */
const byName = (files: readonly FileOutcome[]): FileOutcome[][] => [
  ...Map.groupBy(files, ({ name }) => name).values(),
]

async function settleFile(drop: Drop, layout: Layout, file: FileOutcome, now: Date): Promise<void> {
  const held = await hold(drop, layout, file.name, file.tag)
  if (!held) return
  const outcome = worst(file)
  const to = isBad(outcome) ? 'reject' : 'done'
  const manifests = await holdManifests(drop, layout, file, held, now)
  const ack = ackOf(file, outcome, toLocal(now.toISOString(), layout.offset))
  if (to === 'reject')
    await place(drop, layout.at('reject', `${file.name}${REASON}`), reasonBytes(ack, layout))
  // After a crash the next file of the name may be there already: the department has heard, or did not wait for it.
  if (!(await drop.stat(layout.at('in', file.name))))
    await place(drop, layout.at('ack', `${file.name}${ACK}`), ackBytes(ack, layout))
  await moveAside(drop, held.path, layout.at(to, file.name), file.tag)
  for (const { path, name, tag } of manifests) await moveAside(drop, path, layout.at(to, name), tag)
}

interface HeldManifest {
  path: string
  name: string
  tag: string
}

/**
 * Only what is the file's own: the manifest of the next file of that name may be there before it, and one
 * that does not tell which of the two it is about is the next one's as soon as that is there.
 */
async function holdManifests(
  drop: Drop,
  layout: Layout,
  file: FileOutcome,
  { entry: { size }, body }: Held,
  now: Date,
): Promise<HeldManifest[]> {
  const found: HeldManifest[] = []
  for (const name of manifestNames(file.name, layout.manifestSuffix)) {
    const manifest = await lookAt(drop, layout.at('in', name), LARGEST_MANIFEST)
    if (!manifest) continue
    const said = saidOf({ name: file.name, size, body }, manifest, layout)
    const wasAtOdds = isBad(worst(file)) && isOverdue(manifest.entry, layout, now)
    if (said === 'another' && !wasAtOdds) continue
    if (said !== 'this' && (await drop.stat(layout.at('in', file.name)))) continue
    const held = await hold(drop, layout, name, manifest.tag)
    if (held) found.push({ path: held.path, name, tag: held.tag })
  }
  return found
}

/** Whether a manifest is about this file or another; a marker is about any. */
function saidOf(file: Measured, { body }: Seen, layout: Layout): 'this' | 'any' | 'another' {
  if (!body) return 'another'
  try {
    const lines = linesIn(body, layout)
    if (lines.length === 0) return 'any'
    return disagreement(file, lines, layout) ? 'another' : 'this'
  } catch (error) {
    if (error instanceof AdapterFailure) return 'another'
    throw error
  }
}

/** The department's word on a file of ours is answered by nobody; it only makes room, unless there is another by now. */
async function settleAck(drop: Drop, layout: Layout, file: FileOutcome): Promise<void> {
  const to = isBad(worst(file)) ? 'reject' : 'done'
  const path = layout.at('ack', file.name)
  if ((await lookAt(drop, path, LARGEST_ACK))?.tag === file.tag)
    await drop.rename(path, layout.at(to, file.name), true)
}

const severity = ['recorded', 'duplicate', 'refused', 'unknown', 'unreadable'] as const

/** Recorded beats duplicate; anything that was not taken beats both. */
function worst({ items }: FileOutcome): SettledItem['outcome'] {
  const found = new Set(items.map(({ outcome }) => outcome))
  const bad = severity.slice(2).findLast((one) => found.has(one))
  return bad ?? (found.has('recorded') ? 'recorded' : 'duplicate')
}

const isBad = (outcome: string): boolean => outcome !== 'recorded' && outcome !== 'duplicate'

function ackOf({ name, tag, items }: FileOutcome, outcome: SettledItem['outcome'], time: string): OwnAck {
  const events = items.filter((one) => isBad(one.outcome))
  const message = events[0]?.reason || (isBad(outcome) ? '未接收 (not taken)' : 'ok')
  return { file: name, ...(tag.includes('-') ? {} : { sha256: tag }), outcome, message, time, events }
}

function reasonBytes({ file, time, events }: OwnAck, { incoming }: Layout): Buffer {
  const lines = events.map(
    ({ number, outcome, reason }) => `第 ${number} 条 (event ${number}): ${outcome} ${reason}`,
  )
  return textBytes(`${file}\r\n${time}\r\n${lines.join('\r\n')}\r\n`, incoming.charset)
}

/**
 * Manifests whose files were settled and which stayed behind. One whose file is still to come looks the same,
 * so it must prove one.
 */
async function sweep(drop: Drop, layout: Layout, now: Date): Promise<void> {
  const listed = await listIn(drop, layout)
  for (const entry of orphans(listed, layout)) {
    if (!isOverdue(entry, layout, now)) continue
    const path = layout.at('in', entry.name)
    const manifest = await lookAt(drop, path, LARGEST_MANIFEST)
    const to = manifest && (await settledTo(drop, layout, entry.name, manifest))
    if (!to || (await isAwaited(drop, layout, entry.name))) continue
    const held = await hold(drop, layout, entry.name, manifest.tag)
    if (held) await moveAside(drop, held.path, layout.at(to, entry.name), held.tag)
  }
}

/** Where the file lies that the manifest proves; undefined when it is nowhere, and so may still come. */
async function settledTo(
  drop: Drop,
  layout: Layout,
  name: string,
  manifest: Seen,
): Promise<'done' | 'reject' | undefined> {
  for (const to of ['done', 'reject'] as const)
    for (const file of filesOfManifest(name, layout)) {
      const settled = await lookAt(drop, layout.at(to, file), layout.limits.fileBytes)
      const { entry, body } = settled ?? {}
      if (!entry || !body) continue
      if (saidOf({ name: file, size: entry.size, body }, manifest, layout) !== 'another') return to
    }
  return undefined
}

async function isAwaited(drop: Drop, layout: Layout, name: string): Promise<boolean> {
  const looked = filesOfManifest(name, layout).map((file) => drop.stat(layout.at('in', file)))
  return (await Promise.all(looked)).some(Boolean)
}
