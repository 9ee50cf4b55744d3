// What a certificate registry is handed: a question by holder, one by identifier, and a result to be registered.

import type { Contents } from '../adapter-kit/contract.ts'
import { applicantOf, type ComposeContext, caseOf } from './compose-context.ts'

export function wantedCertificate(
  code: string,
  { aggregate, document, certificateName }: ComposeContext,
): Contents['obtainCertificate'] {
  const wanted = aggregate.materials.find((m) => m.code === code)
  if (!wanted?.certificateType) throw new Error(`material ${code} names no certificate type`)
  const { name, idType, idNumber } = applicantOf(document)
  const name2 = certificateName(wanted.certificateType)
  return {
    holder: { name, idType, idNumber },
    certificateType: wanted.certificateType,
    certificateName: name2,
    purpose: `办理${aggregate.submission.theme}(${aggregate.submission.externalId})所需材料：${name2}`.slice(
      0,
      200,
    ),
  }
}

export function recheckedCertificate(code: string, context: ComposeContext): Contents['verifyCertificate'] {
  const known = context.aggregate.materials.find((m) => m.code === code)?.certificate
  if (!known) throw new Error(`material ${code} has no certificate`)
  return { ...wantedCertificate(code, context), identifier: known.identifier }
}

export function registeredResult(
  id: string,
  { aggregate, document, certificateName, department }: ComposeContext,
): Contents['registerCertificate'] {
  const one = caseOf(id, aggregate)
  if (!one.registration || !one.result) throw new Error(`case ${id} has no result to register`)
  const { name, idType, idNumber } = applicantOf(document)
  const { certificateType, issuedOn } = one.registration
  const owner = department(one.matter.code, aggregate.submission.catalogueVersion)
  const { identifier, number } = one.result
  return {
    caseId: id,
    certificateType,
    certificateName: certificateName(certificateType),
    ...(identifier ? { identifier } : {}),
    holder: { name, idType, idNumber },
    ...(number ? { number } : {}),
    issuer: { name: owner?.name ?? '', code: owner?.uscc ?? aggregate.submission.homeDivision },
    issuedOn,
    purpose: `登记${one.matter.name}的办理结果`.slice(0, 200),
  }
}
