// Canonical question -> CertShare bodies, CertShare records -> the one certificate that answers it. Pure.
// Must show nothing of the holder in a failure: summaries name the meaning of a code, never the registry's own text.

import type { CertificateContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { readIdentifier } from './identifier.ts'
import { firstText, isRecord, text } from './json.ts'
import type { AnswerRow } from './statuses.ts'
import { dateOf, isExpired } from './validity.ts'

const LONGEST_CAUSE = 200

/** One certificate as the registry told it. */
export interface FoundCertificate {
  identifier: string
  /** The record itself, sent back for verification. */
  record: Record<string, unknown>
  /** `yyyy-MM-dd`; null where the registry gives none. */
  validFrom: string | null
  validTo: string | null
}

/** useCause of every call: why we look, at most 200 characters. */
export function causeOf(content: CertificateContent): string {
  return [...content.purpose].slice(0, LONGEST_CAUSE).join('')
}

/** Body of queryCertInfoByHolderCode. */
export function queryData(content: CertificateContent) {
  return {
    holderCode: content.holder.idNumber,
    holderTypeCode: content.holder.idType,
    certTypeCode: content.certificateType,
    useCause: causeOf(content),
  }
}

/**
 * The certificate meant by the question, from a query's data: one record or a list.
 * @throws AdapterFailure 'rejected' with code `certificate-not-found`, `certificate-expired` or
 *   `certificate-ambiguous` (several valid ones: choosing would be a guess); 'unrecognised' when a record does not
 *   belong to the question or its identifier fails GB/T 36904.
 */
export function chosen(data: unknown, content: CertificateContent, now: Date): FoundCertificate {
  const found = (Array.isArray(data) ? data : [data]).filter(isRecord).map((entry) => read(entry, content))
  const valid = found.filter((certificate) => !isExpired(certificate.validTo, now))
  const [only] = valid
  if (only && new Set(valid.map(({ identifier }) => identifier)).size === 1) return only
  if (only) throw refusal('certificate-ambiguous', '查到多份有效证照 (several valid certificates)')
  if (found.length > 0) throw refusal('certificate-expired', '证照已过期 (expired)')
  throw refusal('certificate-not-found', '未查到证照 (no such certificate)')
}

function read(entry: Record<string, unknown>, content: CertificateContent): FoundCertificate {
  const record = isRecord(entry.certData) ? entry.certData : entry
  const names = ['cert_identifier', 'certIdentifier', 'certificateIdentifier']
  const identifier = firstText(entry, names) ?? firstText(record, names)
  const parts = identifier === undefined ? null : readIdentifier(identifier)
  if (!identifier || !parts) throw misfit('证照标识不符合 GB/T 36904 (the identifier fails GB/T 36904)')
  if (parts.type !== content.certificateType) throw misfit('证照类型与所问不符 (another type than asked for)')
  const holder = text(record.certificateHolderCode)
  if (holder !== undefined && !sameCode(holder, content.holder.idNumber)) {
    throw misfit('持证者与所问不符 (another holder than asked for)')
  }
  return {
    identifier,
    record,
    validFrom: dateOf(text(record.certificateValidateStart)),
    validTo: dateOf(text(record.certificateValidateEnd)),
  }
}

const sameCode = (a: string, b: string) => a.trim().toUpperCase() === b.trim().toUpperCase()

/** Passes when the code is good; otherwise throws what its row says, 'unrecognised' when it has none. */
export function judge(code: string | undefined, rows: ReadonlyMap<string, AnswerRow>, call: string): void {
  const row = code === undefined ? undefined : rows.get(code)
  if (!row) {
    const known = code === undefined ? '' : ` ${code.slice(0, 20)}`
    throw new AdapterFailure(
      'unrecognised',
      `证照登记系统 ${call}：未知返回码${known} (unknown code)`,
      withCode(code),
    )
  }
  if (row.failure === null) return
  const summary = `证照登记系统 ${call}：${row.meaning.zh} (${row.meaning.en})`
  throw new AdapterFailure(row.failure, summary, withCode(row.failureCode ?? code))
}

const withCode = (code: string | undefined) => (code === undefined ? {} : { code })

function refusal(code: string, what: string): AdapterFailure {
  return new AdapterFailure('rejected', `证照登记系统：${what}`, { code })
}

function misfit(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `证照登记系统：${what}`)
}
