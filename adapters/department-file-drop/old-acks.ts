// Our acknowledgements of the department's files pile up in ack/; what has lain there for long is taken away. Only what
// says of itself that we wrote it: an acknowledgement of the department's is never removed.

import { hash } from 'node:crypto'
import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isOwnAck, LARGEST_ACK } from './acknowledgement.ts'
import type { Drop } from './drop.ts'
import { ACK, type Layout } from './layout.ts'
import { ackOfOurs } from './our-acks.ts'
import { readIfThere } from './placing.ts'

const HOUR_MS = 3600_000
const PARTS = 24

/** Each hour looks at another part of the names, so that no settling reads the times of a whole full directory. */
const partOf = (name: string): number => hash('sha256', name, 'buffer').readUInt16BE(0) % PARTS

export async function removeOldAcks(drop: Drop, layout: Layout, attempt: Attempt): Promise<void> {
  const now = attempt.now().getTime()
  const part = Math.floor(now / HOUR_MS) % PARTS
  const isTheirs = ackOfOurs(layout)
  const wanted = (name: string) => name.endsWith(ACK) && !isTheirs(name) && partOf(name) === part
  const { entries } = await drop.list(layout.directory.ack, layout.limits.listed, wanted)
  const old = entries.filter(({ mtimeMs }) => now - mtimeMs > layout.ackKeptMs)
  for (const { name } of old.slice(0, layout.limits.page)) {
    attempt.signal.throwIfAborted()
    if (await isOurs(drop, layout, name)) await drop.remove(layout.at('ack', name))
  }
}

async function isOurs(drop: Drop, layout: Layout, name: string): Promise<boolean> {
  try {
    const bytes = await readIfThere(drop, layout.at('ack', name), LARGEST_ACK)
    return bytes !== null && isOwnAck(bytes, name.slice(0, -ACK.length), layout)
  } catch (error) {
    if (error instanceof AdapterFailure && error.kind === 'unrecognised') return false
    throw error
  }
}
