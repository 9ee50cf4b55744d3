// What is kept of a good answer: which certificate, when it was asked about and why, and the registry's judgement. Pure.

import type { CertificateEvidence } from '../../src/adapter-kit/contract.ts'
import type { Line } from './call.ts'
import type { FoundCertificate } from './records.ts'

export function evidenceOf(
  { cause }: Pick<Line, 'cause'>,
  { identifier, type, validFrom, validTo }: FoundCertificate,
  { queriedAt, verifyingCode }: { queriedAt: Date; verifyingCode: string },
): CertificateEvidence & { certificateType: string } {
  return {
    identifier,
    certificateType: type,
    result: 'valid',
    verifyingCode,
    validFrom,
    validTo,
    queriedAt: queriedAt.toISOString(),
    purpose: cause,
  }
}
