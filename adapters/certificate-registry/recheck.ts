// A certificate obtained before, asked about again by its identifier: still there, still this holder's, still valid.

import type { Attempt, CertificateRecheck, Receipt } from '../../src/adapter-kit/contract.ts'
import { call, type Line } from './call.ts'
import { evidenceOf } from './evidence.ts'
import { misfit, ofHolder, recordsIn, refusal } from './records.ts'
import type { CompleteSettings } from './settings.ts'
import { causeOf } from './translate.ts'
import { isExpired } from './validity.ts'
import { mustBeValid } from './verify.ts'

/** @throws AdapterFailure 'rejected' with a `certificate-…` code when it is no longer good */
export async function recheck(
  settings: CompleteSettings,
  content: CertificateRecheck,
  attempt: Attempt,
): Promise<Receipt> {
  const line: Line = { settings, attempt, cause: causeOf(content), grant: content.grant }
  const queriedAt = attempt.now()
  const answer = await call(line, 'queryCertInfo', { certIdentifier: content.identifier })
  const [entry, other] = recordsIn(answer)
  if (!entry) throw refusal('certificate-not-found', '未查到证照 (no such certificate)')
  if (other) throw misfit('一个标识查到多份证照 (several certificates for one identifier)')
  const found = ofHolder(entry, content, content.identifier)
  if (isExpired(found.validTo, queriedAt)) throw refusal('certificate-expired', '证照已过期 (expired)')
  const verifyingCode = await mustBeValid(line, found)
  return { reference: found.identifier, data: evidenceOf(line, found, { queriedAt, verifyingCode }) }
}
