// The house format's documents: what we propose to departments that have no format of their own, whatever carries them.
// Pure, and the same for the same content at every try: no clock and no key may enter.

import type {
  CaseContent,
  MaterialContent,
  StoredFile,
  SupplementContent,
  WithdrawalContent,
} from './contract.ts'
import { toLocal } from './local-time.ts'

/** How the n-th file of a material is carried: members beside its name, such as its link or its place. */
export type Carrying = (file: StoredFile, material: MaterialContent, n: number) => Record<string, unknown>

const applyTypes = { online: '1', agent: '2', appointment: '3' } as const
const applicantKinds = { person: '1', organisation: '2' } as const

export const houseCase = (content: CaseContent, offset: string, carry: Carrying) => ({
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
  materials: materialsOf(content.materials, carry),
})

export const houseSupplement = (content: SupplementContent, carry: Carrying) => ({
  outerNo: content.caseId,
  projectNo: content.reference,
  round: content.round,
  note: content.note,
  materials: materialsOf(content.materials, carry),
})

export const houseWithdrawal = ({ caseId, reference, reason }: WithdrawalContent) => ({
  outerNo: caseId,
  projectNo: reference,
  reason,
})

function materialsOf(materials: readonly MaterialContent[], carry: Carrying) {
  return materials.map((material) => ({
    code: material.code,
    name: material.name,
    form: material.source,
    licenseNo: material.certificate?.identifier,
    sharedFrom: material.sharedFrom,
    files: material.files.map((file, n) => ({
      name: file.fileName,
      ...carry(file, material, n),
      size: file.size,
      sha256: file.sha256,
      type: file.mediaType,
    })),
  }))
}
