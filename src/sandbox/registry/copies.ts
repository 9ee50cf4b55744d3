// Copies of the registry's certificates, annotated with what they are for, and the temporary links to plain ones.
// Links lapse as real ones do: after 600 s of the pretended world.

import { createHash } from 'node:crypto'
import { makeOfd } from '../files/ofd.ts'
import { makePng } from '../files/png.ts'
import type { CertificateRecord } from './records.ts'

const LINK_LIVES_MS = 600_000
/** A register that is never swept would grow with the city's runs. */
const MOST_LINKS = 10_000
const PNG_BYTES = 4_096

/** The OFD of a certificate; with a cause it is the annotated copy (加注件). */
export function ofdOf(
  { certData, identifier }: CertificateRecord,
  note?: { cause: string; until?: string },
): Buffer {
  const lines = [
    `持证主体：${certData.certificateHolder}`,
    `证照标识：${identifier}`,
    `颁发机构：${certData.issueDept}`,
    `有效期：${certData.certificateValidateStart} 至 ${certData.certificateValidateEnd}`,
    ...(note ? [`加注：仅用于${note.cause}`] : []),
    ...(note?.until === undefined ? [] : [`加注件有效期至：${note.until}`]),
  ]
  return makeOfd({ title: String(certData.certificateName), lines, date: String(certData.issueDate) })
}

/** A picture that differs from certificate to certificate. */
export function pngOf({ identifier }: CertificateRecord): Buffer {
  return makePng({ bytes: PNG_BYTES, filler: createHash('sha256').update(identifier).digest() })
}

export interface TemporaryLinks {
  /** The id of a new link. */
  make(record: CertificateRecord): string
  /** Undefined once it has lapsed. */
  follow(id: string): CertificateRecord | undefined
}

export function temporaryLinks(speed: number, now: () => number = Date.now): TemporaryLinks {
  const made = new Map<string, { record: CertificateRecord; until: number }>()
  let count = 0
  return {
    make(record) {
      const id = createHash('sha256').update(`${record.identifier}\n${++count}`).digest('hex').slice(0, 32)
      const oldest = made.size >= MOST_LINKS ? made.keys().next().value : undefined
      if (oldest !== undefined) made.delete(oldest)
      made.set(id, { record, until: now() + LINK_LIVES_MS / speed })
      return id
    },
    follow(id) {
      const found = made.get(id)
      return found && found.until > now() ? found.record : undefined
    },
  }
}
