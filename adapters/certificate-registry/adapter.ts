// Transport to a CertShare registry: query, verify, download, each a read that may be repeated at will.
// What is said is in translate.ts and copy.ts; nothing here retries, waits or remembers.

import type { Adapter, Attempt, CertificateContent, Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { mediaTypes, readCopy } from './copy.ts'
import { isRecord, text } from './json.ts'
import { type CompleteSettings, complete, type RegistrySettings } from './settings.ts'
import { answerByCode, verificationByCode } from './statuses.ts'
import { causeOf, chosen, type FoundCertificate, judge, queryData } from './translate.ts'

const ENVELOPE_BYTES = 64 * 1024

/** A certificate registry. */
export function createCertificateRegistry(given: RegistrySettings): Adapter {
  const settings = complete(given)
  return {
    outgoing: {
      obtainCertificate: { send: (content, attempt) => obtain(settings, content, attempt), honoursKey: true },
    },
    check: (attempt) => check(settings, attempt),
  }
}

/** Looks, verifies and fetches; the receipt's data is the evidence kept with the case. */
async function obtain(
  settings: CompleteSettings,
  content: CertificateContent,
  attempt: Attempt,
): Promise<Receipt> {
  const queriedAt = attempt.now()
  const answer = await call(settings, 'queryCertInfoByHolderCode', queryData(content), attempt)
  const certificate = chosen(answer, content, queriedAt)
  await verify(settings, certificate, content, attempt)
  const file = await download(settings, certificate, content, attempt)
  return {
    reference: certificate.identifier,
    files: [file],
    data: {
      identifier: certificate.identifier,
      certificateType: content.certificateType,
      status: 'valid',
      validFrom: certificate.validFrom,
      validTo: certificate.validTo,
      queriedAt: queriedAt.toISOString(),
      purpose: causeOf(content),
      verified: 0,
    },
  }
}

async function verify(
  settings: CompleteSettings,
  certificate: FoundCertificate,
  content: CertificateContent,
  attempt: Attempt,
): Promise<void> {
  const data = {
    certTypeCode: content.certificateType,
    certData: certificate.record,
    useCause: causeOf(content),
  }
  const answer = await call(settings, 'verifyCertInfo', data, attempt)
  judge(text(isRecord(answer) ? answer.result : answer), verificationByCode, 'verifyCertInfo')
}

async function download(
  settings: CompleteSettings,
  certificate: FoundCertificate,
  content: CertificateContent,
  attempt: Attempt,
) {
  const { fileType, maxFileBytes } = settings
  const cause = causeOf(content)
  const data = {
    fileType,
    certificateIdentifier: certificate.identifier,
    certificateCopyCause: cause,
    useCause: cause,
  }
  const maxBytes = Math.ceil((maxFileBytes * 4) / 3) + ENVELOPE_BYTES
  const answer = await call(settings, 'downloadFile', data, attempt, maxBytes)
  return attempt.files.store(readCopy(answer, fileType, maxFileBytes), {
    fileName: `${content.certificateName}.${fileType}`,
    mediaType: mediaTypes[fileType],
    maxBytes: maxFileBytes,
  })
}

/** Asks for the field dictionary of a type: concerns no holder; any answer but a refused identity proves access. */
async function check(
  settings: CompleteSettings,
  attempt: Attempt,
): Promise<{ ok: boolean; summary: string }> {
  const { code, name } = settings.checkType
  const data = { certName: name, certTypeCode: code, useCause: '连通检查' }
  try {
    await call(settings, 'getCertRemarkInfo', data, attempt)
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    if (error.kind !== 'rejected') return { ok: false, summary: error.message }
  }
  return { ok: true, summary: '地址与授权有效 (address and credentials accepted)' }
}

/** One call: `{head: {accessId, accessToken}, data}` out, `data` of the answer back once head.status is good. */
async function call(
  settings: CompleteSettings,
  name: string,
  data: unknown,
  attempt: Attempt,
  maxBytes?: number,
): Promise<unknown> {
  const { accessId, accessToken } = settings
  const response = await attempt.http.request({
    method: 'POST',
    url: `${settings.url}/${name}`,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ head: { accessId, accessToken }, data }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })
  const answer = response.json()
  const head = isRecord(answer) ? answer.head : undefined
  judge(isRecord(head) ? text(head.status) : undefined, answerByCode, name)
  return isRecord(answer) ? answer.data : undefined
}
