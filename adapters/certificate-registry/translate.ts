// Canonical question -> CertShare bodies, records -> the certificates that may answer, or the facts told of each. Pure.

import type { CertificateContent, CertificateFacts } from '../../src/adapter-kit/contract.ts'
import { text } from '../../src/adapter-kit/loose-json.ts'
import { holderTypeCode } from './holders.ts'
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
 * The certificates within their dates, from a query's data (one record or a list): each once, the newest first.
 * @throws AdapterFailure 'rejected' with code `certificate-not-found` or `certificate-expired` where there is none;
 *   'unrecognised' as `ofHolder` says
 */
export function withinDates(
  data: unknown,
  content: CertificateContent,
  now: Date,
): readonly [FoundCertificate, ...FoundCertificate[]] {
  const found = recordsIn(data).map((entry) => ofHolder(entry, content))
  const good = found.filter((certificate) => !isExpired(certificate.validTo, now))
  const [newest, ...others] = good
    .filter(({ identifier }, at) => good.findIndex((one) => one.identifier === identifier) === at)
    .sort((a, b) => (b.validFrom ?? '').localeCompare(a.validFrom ?? ''))
  if (newest) return [newest, ...others]
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
