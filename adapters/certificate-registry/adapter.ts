// A CertShare registry as the gateway sees it: obtaining a certificate, questions, and the connection check.
// All calls but registering are reads and may be repeated at will; nothing here retries, waits or remembers.

import type { Adapter, Attempt, CertificateContent, Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { call, type Line } from './call.ts'
import { theValidOne } from './choice.ts'
import { copyFor } from './copies.ts'
import { evidenceOf } from './evidence.ts'
import { certificateQuestions } from './questions.ts'
import { recheck } from './recheck.ts'
import { registerOperation } from './register.ts'
import { type CompleteSettings, complete, type RegistrySettings } from './settings.ts'
import { causeOf, holderData, withinDates } from './translate.ts'

/** A certificate registry. */
export function createCertificateRegistry(given: RegistrySettings): Adapter {
  const settings = complete(given)
  return {
    outgoing: {
      obtainCertificate: { send: (content, attempt) => obtain(settings, content, attempt), honoursKey: true },
      verifyCertificate: {
        send: (content, attempt) => recheck(settings, content, attempt),
        honoursKey: true,
      },
      ...registerOperation(settings),
    },
    questions: certificateQuestions(settings),
    check: (attempt) => check(settings, attempt),
  }
}

/** Looks, verifies and fetches; the receipt's data is the evidence kept with the case. */
async function obtain(
  settings: CompleteSettings,
  content: CertificateContent,
  attempt: Attempt,
): Promise<Receipt> {
  const line: Line = { settings, attempt, cause: causeOf(content), grant: content.grant }
  const queriedAt = attempt.now()
  const answer = await call(line, 'queryCertInfoByHolderCode', holderData(content, settings))
  const { certificate, verifyingCode } = await theValidOne(line, withinDates(answer, content, queriedAt))
  const file = await copyFor(line, certificate.identifier, content)
  return {
    reference: certificate.identifier,
    files: [file],
    data: evidenceOf(line, certificate, { queriedAt, verifyingCode }),
  }
}

/** Asks for the field dictionary of a type: concerns no holder; any answer but a refused identity proves access. */
async function check(
  settings: CompleteSettings,
  attempt: Attempt,
): Promise<{ ok: boolean; summary: string }> {
  const { code, name } = settings.checkType
  const grant = settings.grant.type === undefined ? undefined : ({ type: 'function' } as const)
  const line: Line = { settings, attempt, cause: '连通检查', grant }
  try {
    await call(line, 'getCertRemarkInfo', { certName: name, certTypeCode: code })
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    if (error.kind !== 'rejected') return { ok: false, summary: error.message }
  }
  return { ok: true, summary: '地址与授权有效 (address and credentials accepted)' }
}
