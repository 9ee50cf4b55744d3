// The house format, outgoing: canonical contents to requests. Pure, and by hand: it runs for every transfer.

import type {
  CaseContent,
  MaterialContent,
  StoredFile,
  SupplementContent,
  WithdrawalContent,
} from '../../../src/adapter-kit/contract.ts'
import { CHINA_OFFSET, toLocal } from '../../../src/adapter-kit/local-time.ts'
import type { DayAsked, PageAsked, Say, SpeechContext } from '../dialect.ts'

const BASE = '/api/v1/project'
const applyTypes = { online: '1', agent: '2', appointment: '3' } as const
const applicantKinds = { person: '1', organisation: '2' } as const

export const submit: Say<CaseContent> = (content, context) => ({
  method: 'POST',
  path: `${BASE}/receive`,
  body: {
    outerNo: content.caseId,
    submissionNo: content.submissionId,
    itemCode: content.matter.taskCode ?? content.matter.code,
    itemName: content.matter.name,
    areaCode: content.homeDivision,
    sourceArea: content.division,
    applyType: applyTypes[content.mode],
    applyTime: toLocal(content.submittedAt, CHINA_OFFSET),
    applicant: {
      kind: applicantKinds[content.applicant.type],
      name: content.applicant.name,
      certType: content.applicant.idType,
      certNo: content.applicant.idNumber,
      phone: content.applicant.mobile,
    },
    formData: content.form,
    materials: materialsOf(content.materials, context),
  },
})

export const findSubmitted: Say<CaseContent | WithdrawalContent> = ({ caseId }) => ({
  method: 'GET',
  path: `${BASE}/query?outerNo=${encodeURIComponent(caseId)}`,
})

export const supplement: Say<SupplementContent> = (content, context) => ({
  method: 'POST',
  path: `${BASE}/supplement`,
  body: {
    outerNo: content.caseId,
    projectNo: content.reference,
    round: content.round,
    note: content.note,
    materials: materialsOf(content.materials, context),
  },
})

export const findSupplement: Say<SupplementContent> = ({ caseId, round }) => ({
  method: 'GET',
  path: `${BASE}/supplement?outerNo=${encodeURIComponent(caseId)}&round=${round}`,
})

export const withdraw: Say<WithdrawalContent> = ({ caseId, reference, reason }) => ({
  method: 'POST',
  path: `${BASE}/withdraw`,
  body: { outerNo: caseId, projectNo: reference, reason },
})

/** Events after a cursor; asking beyond them acknowledges them. */
export const askEvents: Say<PageAsked> = ({ cursor, pageSize }) => ({
  method: 'GET',
  path: `${BASE}/events?after=${encodeURIComponent(cursor)}&limit=${pageSize}`,
})

export const askListed: Say<DayAsked> = ({ day, cursor, pageSize }) => ({
  method: 'GET',
  path: `${BASE}/list?day=${day}&after=${encodeURIComponent(cursor)}&limit=${pageSize}`,
})

export const checkConnection: Say<unknown> = () => ({
  method: 'GET',
  path: `${BASE}/query?outerNo=connection-check`,
})

function materialsOf(materials: readonly MaterialContent[], context: SpeechContext) {
  return materials.map(({ code, name, source, certificate, sharedFrom, files }) => ({
    code,
    name,
    form: source,
    licenseNo: certificate?.identifier,
    sharedFrom,
    files: files.map((file) => fileOf(file, context)),
  }))
}

function fileOf(file: StoredFile, context: SpeechContext) {
  const { url, base64 } = context.carry(file)
  return {
    name: file.fileName,
    url,
    content: base64,
    size: file.size,
    sha256: file.sha256,
    type: file.mediaType,
  }
}
