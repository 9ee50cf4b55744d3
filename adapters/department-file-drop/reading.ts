// A page of the department's files as items: one item per event, so that each has an outcome of its own.
// The first item of a file carries its exact bytes as evidence, the others their own record.

import { hash } from 'node:crypto'
import { eventOf } from '../../src/adapter-kit/case-report.ts'
import type { Attempt, ExternalEvent, PolledItem, PolledPage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { toIso } from '../../src/adapter-kit/local-time.ts'
import { disagreement, linesIn } from './agreement.ts'
import { fileCharset } from './charsets.ts'
import type { Drop, Entry } from './drop.ts'
import { unrecognised } from './faults.ts'
import { lookAt, lookAtHeld, nameHeld } from './holding.ts'
import { paceOf, timeOf } from './in-time.ts'
import { itemKey } from './item-key.ts'
import type { Layout } from './layout.ts'
import { LARGEST_MANIFEST } from './manifest-file.ts'
import { ackItems } from './our-acks.ts'
import { parseFile } from './parse.ts'
import { readWhole } from './placing.ts'
import { serverNow } from './server-clock.ts'
import { followFiles, stillHeld } from './still-held.ts'
import { listIn, type WaitingFile, waitingFiles } from './waiting.ts'
import { documentInZip } from './zip-read.ts'

const mediaTypes = { json: 'application/json', xml: 'application/xml', csv: 'text/csv' } as const

/** @throws AdapterFailure; 'unrecognised' when nothing can be read but files whose very names cannot */
export async function readPage(drop: Drop, layout: Layout, attempt: Attempt): Promise<PolledPage> {
  const time = timeOf(attempt, 1 / 2)
  const listed = await listIn(drop, layout)
  const ours = attempt.now().getTime()
  const dates = layout.incoming.complete === 'still' && listed.entries.length > 0
  const theirs = dates ? await serverNow(drop, layout.directory.ack) : ours
  const held = stillHeld(listed, layout, attempt.now())
  const files = [...held.files, ...waitingFiles(listed, layout, { ours, theirs })]
  const items = await ackItems(drop, layout, attempt, time)
  const room = { items: layout.limits.page - items.length, bytes: layout.limits.fileBytes }
  const pace = paceOf(time)
  let taken = 0
  while (taken < files.length && room.items > 0 && room.bytes > 0 && !(items.length > 0 && time.isOver())) {
    attempt.signal.throwIfAborted()
    const some = next(files.slice(taken, taken + pace.most()), room)
    const found = (await pace.together(some, (file) => itemsOf(drop, layout, file, attempt.now()))).flat()
    items.push(...found)
    room.items -= found.length
    room.bytes -= found.reduce((sum, one) => sum + one.body.length, 0)
    taken += some.length
  }
  await followFiles(drop, layout, held.leftBehind, time)
  if (items.length === 0 && listed.unreadableNames > 0)
    throw unrecognised(
      `${listed.unreadableNames} 个文件的名称编码无法识别 (names of ${listed.unreadableNames} files are in another charset)`,
    )
  return { items, more: taken < files.length }
}

/** Bytes of several files that are read at once. */
const BYTES_AT_ONCE = 512 * 1024

/** The first, and as many more of them as there is room for. */
function next(files: readonly WaitingFile[], room: { items: number; bytes: number }): WaitingFile[] {
  const most = Math.min(room.bytes, BYTES_AT_ONCE)
  let bytes = 0
  return files.slice(0, room.items).filter(({ entry }, n) => {
    const fits = n === 0 || bytes < most
    bytes += entry.size
    return fits
  })
}

async function itemsOf(drop: Drop, layout: Layout, file: WaitingFile, readAt: Date): Promise<PolledItem[]> {
  const { entry, overdue } = file
  const zipped = /\.zip$/i.test(entry.name)
  const got = await bytesOf(drop, layout, file)
  if (got === null) return []
  const mediaType = zipped ? 'application/zip' : mediaTypeOf(got.body, layout)
  const whole = { tag: got.tag, body: got.body, mediaType, name: entry.name, readAt }
  if (got.failure) return got.atOdds && !overdue ? [] : [failedItem(whole, got.failure)]
  try {
    const document = zipped ? await documentInZip(got.body, archiveRules(layout)) : got.body
    return await eventItems(layout, whole, parseFile(document, { ...layout.incoming, limits: layout.limits }))
  } catch (error) {
    return [failedItem(whole, asFailure(error))]
  }
}

function mediaTypeOf(body: Buffer, { incoming: { format, charset } }: Layout): string {
  return `${mediaTypes[format]}; charset=${fileCharset(body, format, charset) ?? charset}`
}

const archiveRules = ({ incoming, limits }: Layout) => ({
  format: incoming.format,
  fileNames: incoming.fileNames,
  checksum: incoming.checksum,
  limits,
})

interface Got {
  tag: string
  body: Buffer
  failure?: AdapterFailure
  /** The failure may pass: the file or its manifest may still be on its way. */
  atOdds?: boolean
}

/** Null when it was taken away meanwhile, or put back. */
async function bytesOf(
  drop: Drop,
  layout: Layout,
  { entry, heldAs, manifest }: WaitingFile,
): Promise<Got | null> {
  const { name } = entry
  const seen = heldAs
    ? await lookAtHeld(drop, layout, name, heldAs)
    : await lookAt(drop, layout.at('in', name), layout.limits.fileBytes)
  if (!seen) return null
  const { body, tag } = seen
  if (body === null) {
    const failure = unrecognised(`文件超过 ${layout.limits.fileBytes} 字节 (the file is too large)`)
    return { tag, body: Buffer.from(`${name} ${seen.entry.size} bytes`), failure }
  }
  try {
    const bytes = manifest && (await manifestBytes(drop, layout, manifest))
    const lines = bytes ? linesIn(bytes, layout) : []
    const odds = disagreement({ name, size: body.length, body }, lines, layout)
    return odds ? { tag, body, failure: odds, atOdds: true } : { tag, body }
  } catch (error) {
    return { tag, body, failure: asFailure(error), atOdds: true }
  }
}

/** Null when it was held, and is none of this file. */
async function manifestBytes(drop: Drop, layout: Layout, { name }: Entry): Promise<Buffer | null> {
  const own = nameHeld(name, layout)
  const held = own === undefined ? undefined : await lookAtHeld(drop, layout, own, name)
  if (held === null) return null
  return held?.body ?? readWhole(drop, layout.at('in', name), LARGEST_MANIFEST)
}

interface Whole {
  tag: string
  body: Buffer
  mediaType: string
  name: string
  readAt: Date
}

async function eventItems(layout: Layout, whole: Whole, document: unknown): Promise<PolledItem[]> {
  const records = await layout.incoming.read.each(document)
  if (records.length > layout.limits.events)
    throw unrecognised(`文件超过 ${layout.limits.events} 个事件 (the file tells of too many events)`)
  if (records.length === 0) return [item(whole, 0, [])]
  const items: PolledItem[] = []
  for (const [index, record] of records.entries()) items.push(await eventItem(layout, whole, record, index))
  return items
}

async function eventItem(layout: Layout, whole: Whole, record: unknown, index: number): Promise<PolledItem> {
  const own =
    index === 0
      ? whole
      : { ...whole, body: Buffer.from(JSON.stringify(record)), mediaType: 'application/json' }
  try {
    const { read, statuses } = layout.incoming
    const event = eventOf(await read.report(record), {
      statuses,
      momentOf: (time) => toIso(time, layout.offset, whole.readAt),
      makeId: () => hash('sha256', JSON.stringify(record), 'hex'),
    })
    return item(own, index, event ? [event] : [])
  } catch (error) {
    return { ...item(own, index, []), failure: asFailure(error) }
  }
}

function item(whole: Whole, index: number, events: readonly ExternalEvent[]): PolledItem {
  return {
    key: itemKey(whole.name, whole.tag, index + 1),
    events,
    body: whole.body,
    mediaType: whole.mediaType,
  }
}

const failedItem = (whole: Whole, failure: AdapterFailure): PolledItem => ({ ...item(whole, 0, []), failure })

/** What a file did not do wrong is not its failure. */
function asFailure(error: unknown): AdapterFailure {
  if (error instanceof AdapterFailure && error.kind === 'unrecognised') return error
  throw error
}
