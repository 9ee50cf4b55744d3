// Canonical question -> CertShare bodies, records -> the one certificate that answers, or the facts told of each. Pure.

import type { CertificateContent, CertificateFacts } from '../../src/adapter-kit/contract.ts'
import { holderTypeCode } from './holders.ts'
import { text } from './json.ts'
import { type FoundCertificate, misfit, ofHolder, recordsIn, refusal } from './records.ts'
import type { CompleteSettings } from './settings.ts'
import { isExpired } from './validity.ts'

const LONGEST_CAUSE = 200

/** useCause of every call: why we look, at most 200 characters. */
export function causeOf({ purpose }: { purpose: string }): string {
  return [...purpose].slice(0, LONGEST_CAUSE).join('')
}

/** Data of queryCertInfoByHolderCode and downloadUrlsByHolderCode. */
export function holderData(
  content: CertificateContent,
  settings: Pick<CompleteSettings, 'holderTypes'>,
): { holderCode: string; holderTypeCode: string; certTypeCode: string } {
  const { holder, certificateType } = content
  return {
    holderCode: holder.idNumber,
    holderTypeCode: holderTypeCode(holder.idType, settings),
    certTypeCode: certificateType,
  }
}

/**
 * The certificate meant by the question, from a query's data: one record or a list.
 * @throws AdapterFailure 'rejected' with code `certificate-not-found`, `certificate-expired` or
 *   `certificate-ambiguous` (several valid ones: choosing would be a guess); 'unrecognised' as `ofHolder` says
 */
export function chosen(data: unknown, content: CertificateContent, now: Date): FoundCertificate {
  const found = recordsIn(data).map((entry) => ofHolder(entry, content))
  const valid = found.filter((certificate) => !isExpired(certificate.validTo, now))
  const [only] = valid
  if (only && new Set(valid.map(({ identifier }) => identifier)).size === 1) return only
  if (only) throw refusal('certificate-ambiguous', '查到多份有效证照 (several valid certificates)')
  if (found.length > 0) throw refusal('certificate-expired', '证照已过期 (expired)')
  throw refusal('certificate-not-found', '未查到证照 (no such certificate)')
}

/** @throws AdapterFailure 'unrecognised' when the record does not say what the certificate is called, or whose it is */
export function factsOf(found: FoundCertificate, status: CertificateFacts['status']): CertificateFacts {
  const { record, identifier, type, validFrom, validTo } = found
  const name = text(record.certificateName)
  const number = text(record.certificateNumber)
  const holder = text(record.certificateHolder)
  const issuer = text(record.issueDept)
  if (name === undefined || number === undefined || holder === undefined)
    throw misfit('证照记录不完整 (the record lacks its name, number or holder)')
  return {
    identifier,
    type,
    name,
    number,
    holder,
    status,
    ...(issuer === undefined ? {} : { issuer }),
    ...(validFrom === null ? {} : { validFrom }),
    ...(validTo === null ? {} : { validUntil: validTo }),
  }
}
