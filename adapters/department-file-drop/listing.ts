// What the department has of one day: our submissions it has acknowledged or moved to done/, by the time of that file.

import type { ListedItem } from '../../src/adapter-kit/contract.ts'
import { toLocal } from '../../src/adapter-kit/local-time.ts'
import { readAck } from './acknowledgement.ts'
import type { Drop, Entry } from './drop.ts'
import { ACK, type Layout } from './layout.ts'
import { caseIdReader } from './names.ts'

/** @param day yyyy-MM-dd in the department's time */
export async function* listDay(drop: Drop, layout: Layout, day: string): AsyncGenerator<ListedItem> {
  const caseIdOf = caseIdReader(layout.names.submitCase)
  const suffix = `.${layout.zip ? 'zip' : layout.format}`
  const isOfDay = ({ mtimeMs }: Entry) =>
    toLocal(new Date(mtimeMs).toISOString(), layout.offset).slice(0, 10) === day
  const named = (name: string) =>
    name.endsWith(suffix) ? caseIdOf(name.slice(0, -suffix.length)) : undefined
  const seen = new Set<string>()
  const ofAck = (name: string) => name.endsWith(ACK) && named(name.slice(0, -ACK.length)) !== undefined
  const ofDone = (name: string) => ofAck(name) || named(name) !== undefined
  // The day first, the limit after: done/ holds years.
  const done = await drop.list(layout.directory.done, layout.limits.listed, ofDone, isOfDay)
  const acks = await drop.list(layout.directory.ack, layout.limits.listed, ofAck, isOfDay)
  for (const entry of [...acks.entries, ...done.entries]) {
    if (!entry.name.endsWith(ACK)) continue
    const name = entry.name.slice(0, -ACK.length)
    const id = named(name)
    if (!id || seen.has(id)) continue
    seen.add(id)
    const ack = await readAck(drop, layout, name)
    if (ack && ack.meaning !== 'refused') yield { id, ...(ack.reference ? { reference: ack.reference } : {}) }
  }
  for (const entry of done.entries) {
    const id = named(entry.name)
    if (!id || seen.has(id)) continue
    yield { id }
  }
}
