// What the old system's parameters say, as the house messages that the counter takes. A field that is not
// there stays away, so that the house's reader names it. Must not judge.

import { isFields } from '../soap/wire.ts'

export type Fields = Record<string, unknown>

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export function caseIn(given: Fields): Fields {
  const item = fieldsOf(given.item)
  const applicant = fieldsOf(given.applicant)
  return {
    outerNo: given.serialNo,
    submissionNo: given.batchNo,
    itemCode: item.code,
    itemName: item.name,
    areaCode: given.area,
    sourceArea: given.source,
    applyType: given.mode,
    applyTime: given.applied,
    applicant: {
      kind: applicant.kind,
      name: applicant.name,
      certType: applicant.idType,
      certNo: applicant.idNumber,
      phone: applicant.phone,
    },
    formData: {},
    materials: materialsIn(given),
  }
}

export function supplementIn(given: Fields): Fields {
  const { serialNo: outerNo, projectNo, round } = given
  return { outerNo, projectNo, round: Number(textOf(round)), materials: materialsIn(given) }
}

export function withdrawalIn({ serialNo: outerNo, projectNo, reason }: Fields): Fields {
  return { outerNo, projectNo, reason }
}

function materialsIn({ material }: Fields): Fields[] {
  return listOf(material).map((one) => ({
    code: one.code,
    name: one.name,
    form: one.form,
    files: listOf(one.file).map((file) => ({ ...file, size: Number(textOf(file.size)) })),
  }))
}

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

const listOf = (value: unknown): Fields[] =>
  (Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value]).map(fieldsOf)
