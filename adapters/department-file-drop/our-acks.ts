// Acknowledgements of our files that came after the receipt (`until: written`). Each is picked up once: a good one is put
// to done/, a refusal becomes an item that a person sees, since the gateway believed the case delivered.

import type { Attempt, PolledItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { type Acknowledged, LARGEST_ACK, parseAck } from './acknowledgement.ts'
import { ackCharset } from './charsets.ts'
import type { Drop, Entry } from './drop.ts'
import { unrecognised } from './faults.ts'
import { severalAtOnce, type Time } from './in-time.ts'
import { itemKey, tagOfBytes } from './item-key.ts'
import { ACK, type Layout } from './layout.ts'
import { caseIdReader } from './names.ts'
import { readIfThere } from './placing.ts'

/** At most a page of items. With `until: acknowledged` there are none: sending and looking read them. */
export async function ackItems(
  drop: Drop,
  layout: Layout,
  attempt: Attempt,
  time: Time,
): Promise<PolledItem[]> {
  if (layout.awaitsAck) return []
  // Names first, limit after: our own acknowledgements in the same directory must not hide a refusal.
  const { entries } = await drop.list(layout.directory.ack, layout.limits.listed, ackOfOurs(layout))
  const items: PolledItem[] = []
  const isFull = () => items.length >= layout.limits.page || (items.length > 0 && time.isOver())
  const readOne = async ({ name, mtimeMs }: Entry) => {
    attempt.signal.throwIfAborted()
    const overdue = attempt.now().getTime() - mtimeMs > layout.incoming.patienceMs
    const item = await ackItem(drop, layout, name, overdue)
    if (item) items.push(item)
  }
  await severalAtOnce(entries, time, readOne, isFull)
  return items
}

/** Whether a name in ack/ is that of the department’s word on a file of ours. */
export function ackOfOurs(layout: Layout): (name: string) => boolean {
  const suffix = `.${layout.zip ? 'zip' : layout.format}${ACK}`
  const readers = Object.values(layout.names).map(caseIdReader)
  return (name) =>
    name.endsWith(suffix) && readers.some((read) => read(name.slice(0, -suffix.length)) !== undefined)
}

/** Null while it is still being written, or when it says that the department is still at it. */
async function ackItem(
  drop: Drop,
  layout: Layout,
  name: string,
  overdue: boolean,
): Promise<PolledItem | null> {
  const body = await readIfThere(drop, layout.at('ack', name), LARGEST_ACK)
  if (!body) return null
  const charset = ackCharset(body, layout.ackFormat, layout.charset) ?? layout.charset
  const mediaType = `application/${layout.ackFormat}; charset=${charset}`
  const item = { key: itemKey(name, tagOfBytes(body), 0), events: [], body, mediaType }
  try {
    const ack = parseAck(body, layout)
    if (ack.meaning === 'waiting') return null
    return ack.meaning === 'refused' ? { ...item, failure: refused(ack) } : item
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    return overdue ? { ...item, failure: error } : null
  }
}

/** The department's own words may name a person whom nobody here could mask: they stay in the evidence. */
function refused({ code }: Acknowledged): AdapterFailure {
  return unrecognised(
    `部门拒收已送出的文件 (the department refused a file that was dropped) ${code.slice(0, 32)}`,
    code,
  )
}
