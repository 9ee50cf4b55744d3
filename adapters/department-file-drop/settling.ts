// What becomes of a file whose events are durable or refused: its acknowledgement first, then the file, then its
// manifest. In this order a crash leaves a file that is read again, and never one that nobody answered for.

import type { Attempt, SettledItem } from '../../src/adapter-kit/contract.ts'
import { toLocal } from '../../src/adapter-kit/local-time.ts'
import { ackBytes, type OwnAck } from './acknowledgement.ts'
import type { Drop, Entry } from './drop.ts'
import { readKey, tagOfBytes, tagOfEntry } from './item-key.ts'
import { ACK, type Layout, REASON } from './layout.ts'
import { removeOldAcks } from './old-acks.ts'
import { place, readWhole } from './placing.ts'
import { isOfDepartment, orphans } from './waiting.ts'
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
  const time = toLocal(attempt.now().toISOString(), layout.offset)
  for (const file of byFile(settled)) {
    attempt.signal.throwIfAborted()
    if (file.name.endsWith(ACK)) await settleAck(drop, layout, file)
    else await settleFile(drop, layout, file, time)
  }
  await sweep(drop, layout)
  await removeOldAcks(drop, layout, attempt)
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

async function settleFile(drop: Drop, layout: Layout, file: FileOutcome, time: string): Promise<void> {
  const outcome = worst(file)
  const path = layout.at('in', file.name)
  const entry = await drop.stat(path)
  const same = entry !== null && (await tagNow(drop, layout, path, entry, file.tag)) === file.tag
  if (entry && !same) return
  const ack = ackOf(file, outcome, time)
  const ackPath = layout.at('ack', `${file.name}${ACK}`)
  if (entry || !(await drop.stat(ackPath))) await place(drop, ackPath, ackBytes(ack, layout))
  const to = outcome === 'recorded' || outcome === 'duplicate' ? 'done' : 'reject'
  if (to === 'reject' && entry)
    await place(drop, layout.at('reject', `${file.name}${REASON}`), reasonBytes(ack, layout))
  if (entry) await moveAside(drop, path, layout.at(to, file.name), file.tag)
  await moveManifest(drop, layout, file.name, to)
}

/** The department's word on a file of ours is answered by nobody; it only makes room. */
async function settleAck(drop: Drop, layout: Layout, file: FileOutcome): Promise<void> {
  const to = isBad(worst(file)) ? 'reject' : 'done'
  await drop.rename(layout.at('ack', file.name), layout.at(to, file.name), true)
}

async function tagNow(drop: Drop, layout: Layout, path: string, entry: Entry, read: string): Promise<string> {
  if (read.includes('-') || entry.size > layout.limits.fileBytes) return tagOfEntry(entry)
  return tagOfBytes(await readWhole(drop, path, layout.limits.fileBytes))
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

/** A file of the same name from another day keeps its place; this one gets its content as a second name. */
async function moveAside(drop: Drop, from: string, to: string, tag: string): Promise<void> {
  if (await drop.rename(from, to, false)) return
  const [, stem = to, extension = ''] = /^(.*?)(\.[^./]+)?$/s.exec(to) ?? []
  await drop.rename(from, `${stem}.${tag.slice(0, 12)}${extension}`, true)
}

async function moveManifest(drop: Drop, layout: Layout, name: string, to: 'done' | 'reject'): Promise<void> {
  const base = name.slice(0, name.lastIndexOf('.'))
  for (const manifest of [`${name}${layout.manifestSuffix}`, `${base}${layout.manifestSuffix}`])
    await drop.rename(layout.at('in', manifest), layout.at(to, manifest), true)
}

/** Manifests left behind by a settling that was cut short. */
async function sweep(drop: Drop, layout: Layout): Promise<void> {
  const listed = await drop.list(layout.directory.in, layout.limits.listed, isOfDepartment(layout))
  for (const { name } of orphans(listed, layout)) {
    const base = name.slice(0, -layout.manifestSuffix.length)
    const files = [base, `${base}.${layout.incoming.format}`, `${base}.zip`]
    for (const to of ['done', 'reject'] as const) {
      const isThere = await Promise.all(files.map((file) => drop.stat(layout.at(to, file))))
      if (isThere.some(Boolean)) await drop.rename(layout.at('in', name), layout.at(to, name), true)
    }
  }
}
