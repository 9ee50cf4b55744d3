// The house format of our documents: the words of the house REST format, with the place of each file instead of a link.
// Pure, and the same for the same content at every try: no clock and no key may enter.

import type {
  CaseContent,
  MaterialContent,
  SupplementContent,
  WithdrawalContent,
} from '../../../src/adapter-kit/contract.ts'
import { toLocal } from '../../../src/adapter-kit/local-time.ts'

/** Where the n-th file of a material lies beside the document; undefined when it is not carried. */
export type PathOf = (material: MaterialContent, n: number) => string | undefined

const applyTypes = { online: '1', agent: '2', appointment: '3' } as const
const applicantKinds = { person: '1', organisation: '2' } as const

export function submitDocument(
  content: CaseContent,
  pathOf: PathOf,
  offset: string,
): Record<string, unknown> {
  return {
    kind: 'receive',
    outerNo: content.caseId,
    submissionNo: content.submissionId,
    itemCode: content.matter.taskCode ?? content.matter.code,
    itemName: content.matter.name,
    areaCode: content.homeDivision,
    sourceArea: content.division,
    applyType: applyTypes[content.mode],
    applyTime: toLocal(content.submittedAt, offset),
    applicant: {
      kind: applicantKinds[content.applicant.type],
      name: content.applicant.name,
      certType: content.applicant.idType,
      certNo: content.applicant.idNumber,
      phone: content.applicant.mobile,
    },
    formData: content.form,
    materials: materialsOf(content.materials, pathOf),
  }
}

export function supplementDocument(content: SupplementContent, pathOf: PathOf): Record<string, unknown> {
  return {
    kind: 'supplement',
    outerNo: content.caseId,
    projectNo: content.reference,
    round: content.round,
    note: content.note,
    materials: materialsOf(content.materials, pathOf),
  }
}

export function withdrawDocument(content: WithdrawalContent): Record<string, unknown> {
  const { caseId, reference, reason } = content
  return { kind: 'withdraw', outerNo: caseId, projectNo: reference, reason }
}

function materialsOf(materials: readonly MaterialContent[], pathOf: PathOf) {
  return materials.map((material) => ({
    code: material.code,
    name: material.name,
    form: material.source,
    licenseNo: material.certificate?.identifier,
    files: material.files.map((file, n) => ({
      name: file.fileName,
      path: pathOf(material, n),
      size: file.size,
      sha256: file.sha256,
      type: file.mediaType,
    })),
  }))
}
