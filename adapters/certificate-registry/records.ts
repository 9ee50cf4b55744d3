// Records of a registry -> certificates whose identifier, type, holder and dates hold together. Pure.
// Must show nothing of the holder in a failure.

import type { CertificateContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, text } from '../../src/adapter-kit/loose-json.ts'
import { readIdentifier } from './identifier.ts'
import { dateOf } from './validity.ts'

/** More are not one holder's certificates of one type, but somebody's mistake. */
const MOST_RECORDS = 100

/** One certificate as the registry told it. */
export interface FoundCertificate {
  identifier: string
  /** 证照类型代码, from the identifier. */
  type: string
  /** The record itself, sent back for verification. */
  record: Record<string, unknown>
  /** `yyyy-MM-dd`; null where the registry gives none. */
  validFrom: string | null
  validTo: string | null
}

/** The records of an answer: one, a list, or none. @throws AdapterFailure 'unrecognised' for more than 100 */
export function recordsIn(data: unknown): Record<string, unknown>[] {
  const list = Array.isArray(data) ? data : [data]
  if (list.length > MOST_RECORDS) throw misfit('返回记录过多 (too many records)')
  return list.filter(isRecord).filter((one) => Object.keys(one).length > 0)
}

/**
 * @throws AdapterFailure 'rejected' with code `certificate-holder-mismatch` when it is another holder's; 'unrecognised'
 *   when it is of another type
 */
export function ofHolder(
  entry: Record<string, unknown>,
  content: CertificateContent,
  asked?: string,
): FoundCertificate {
  const found = readRecord(entry, asked)
  if (found.type !== content.certificateType) throw misfit('证照类型与所问不符 (another type than asked for)')
  const holder = text(found.record.certificateHolderCode)
  if (holder !== undefined && !sameCode(holder, content.holder.idNumber))
    throw refusal('certificate-holder-mismatch', '持证者与所问不符 (another holder than asked for)')
  return found
}

/**
 * One entry of a query's data; the identifier is beside the record or inside it, or the one that was asked for.
 * @throws AdapterFailure 'unrecognised' when the identifier fails GB/T 36904, differs from the one asked for or from
 *   the record's own type, or when a date cannot be read
 */
export function readRecord(entry: Record<string, unknown>, asked?: string): FoundCertificate {
  const record = isRecord(entry.certData) ? entry.certData : entry
  const told = firstText(entry, identifierNames) ?? firstText(record, identifierNames)
  const identifier = told ?? asked
  const parts = identifier === undefined ? null : readIdentifier(identifier)
  if (!identifier || !parts) throw misfit('证照标识不符合 GB/T 36904 (the identifier fails GB/T 36904)')
  if (asked !== undefined && identifier !== asked)
    throw misfit('证照标识与所问不符 (another identifier than asked for)')
  const type = text(record.certificateType)
  if (type !== undefined && !sameCode(type, parts.type))
    throw misfit('证照类型与证照标识不符 (the record’s type is not that of its identifier)')
  return {
    identifier,
    type: parts.type,
    record,
    validFrom: readDate(record.certificateValidateStart),
    validTo: readDate(record.certificateValidateEnd),
  }
}

const identifierNames = ['cert_identifier', 'certIdentifier', 'certificateIdentifier']

function readDate(written: unknown): string | null {
  const date = dateOf(text(written))
  if (date === undefined) throw misfit('证照有效期无法识别 (its validity cannot be read)')
  return date
}

const sameCode = (a: string, b: string) => a.trim().toUpperCase() === b.trim().toUpperCase()

export function refusal(code: string, what: string): AdapterFailure {
  return new AdapterFailure('rejected', `证照登记系统：${what}`, { code })
}

export function misfit(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `证照登记系统：${what}`)
}

/** The first of the named fields that holds text. */
function firstText(record: Record<string, unknown>, names: readonly string[]): string | undefined {
  return names.map((name) => text(record[name])).find((value) => value !== undefined)
}
