// Acknowledgement files of both directions: `<file>.ack` tells what became of a file.
// Theirs may carry their own number for the case; ours names what became of every event.

import { textOf } from '../../src/adapter-kit/case-report.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { maskText, personsIn } from '../../src/adapter-kit/masking.ts'
import { ackText } from './charsets.ts'
import type { Drop } from './drop.ts'
import { unrecognised } from './faults.ts'
import { ACK, type Layout } from './layout.ts'
import { parseText } from './parse.ts'
import { readIfThere } from './placing.ts'
import type { AckMeaning } from './settings.ts'
import { documentBytes } from './write.ts'

export interface Acknowledged {
  meaning: AckMeaning
  code: string
  message: string
  reference?: string
}

export const LARGEST_ACK = 64 * 1024

/**
 * What the department said of our file, and where that lies: in ack/, or settled to done/ already; null when it has said
 * nothing yet.
 * @param told where a refusal lies that this attempt has seen before
 * @throws AdapterFailure 'unrecognised' for one that cannot be read or whose code is not in the table
 */
export async function readAck(
  drop: Drop,
  layout: Layout,
  name: string,
  told?: string,
): Promise<(Acknowledged & { path: string }) | null> {
  const [fresh, settled] = [layout.at('ack', `${name}${ACK}`), layout.at('done', `${name}${ACK}`)]
  for (const path of told ? [fresh, told, settled] : [fresh, settled]) {
    const bytes = await readIfThere(drop, path, LARGEST_ACK)
    if (bytes) return { ...parseAck(bytes, layout), path }
  }
  return null
}

/** @throws AdapterFailure 'unrecognised' */
export function parseAck(bytes: Buffer, layout: Layout): Acknowledged {
  const { code, message, projectNo } = fieldsOf(bytes, layout)
  const told = textOf(code) ?? ''
  const meaning = meaningOf(layout.codes, told)
  if (!meaning)
    throw unrecognised('回执代码不在对照表中 (the code of the acknowledgement is not in the table)', told)
  const reference = textOf(projectNo)
  return { meaning, code: told, message: textOf(message) ?? '', ...(reference ? { reference } : {}) }
}

/** The refusal as a failure, its words masked. */
export function refusal({ code, message }: Acknowledged, content: unknown): AdapterFailure {
  const told = maskText(message, personsIn(content))
  return new AdapterFailure('rejected', `部门拒收 (the department refused) ${code}: ${told}`, {
    code: code.slice(0, 32),
  })
}

function fieldsOf(bytes: Buffer, { charset, limits, ackFormat }: Layout): Record<string, unknown> {
  const text = ackText(bytes, ackFormat, charset)
  const document = parseText(text, { format: ackFormat, delimiter: ',', limits })
  if (typeof document === 'object' && document !== null) return document as Record<string, unknown>
  throw unrecognised('回执文件无法识别 (the acknowledgement cannot be read)')
}

function meaningOf(codes: Readonly<Record<string, AckMeaning>>, code: string): AckMeaning | undefined {
  for (let length = code.length; length >= 0; length--) {
    const key = length === code.length && Object.hasOwn(codes, code) ? code : `${code.slice(0, length)}*`
    if (Object.hasOwn(codes, key)) return codes[key]
  }
  return undefined
}

/** What we say of the department's file. */
export interface OwnAck {
  file: string
  sha256?: string
  outcome: 'recorded' | 'duplicate' | 'refused' | 'unknown' | 'unreadable'
  message: string
  /** yyyy-MM-dd HH:mm:ss in the department's time. */
  time: string
  /** By their place in the file, from 1; only those that were not taken. */
  events: { number: number; outcome: string; reason: string }[]
}

/** Whether it is what we once said of that file. @throws AdapterFailure 'unrecognised' for bytes that say nothing */
export function isOwnAck(bytes: Buffer, file: string, layout: Layout): boolean {
  const own = fieldsOf(bytes, { ...layout, charset: layout.incoming.charset })
  return own.file === file && Object.hasOwn(ownCodes, String(own.outcome))
}

const ownCodes = {
  recorded: '0',
  duplicate: '1006',
  refused: '2001',
  unknown: '1404',
  unreadable: '2002',
} as const

export function ackBytes(ack: OwnAck, { ackFormat, incoming }: Layout): Buffer {
  const { file, sha256, outcome, message, time, events } = ack
  const document = { file, sha256, code: ownCodes[outcome], outcome, message, time, events }
  return documentBytes(document, 'acknowledgement', ackFormat, incoming.charset)
}
