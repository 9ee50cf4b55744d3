// What a relay of the bench sends on: the same messages as the gateway's, with the signatures' length but not their work.

import { names } from './bodies.ts'

export interface Submission {
  externalId: string
  theme: string
  mode: string
  division: string
  homeDivision: string
  applicant: { name: string; idType: string; idNumber: string; mobile: string }
  form: unknown
}

export interface DepartmentEvent {
  eventId: string
  outerNo: string
  projectNo: string
  status: string
  time: string
  result: unknown
}

/** What the platform knows a case by. */
export interface Line {
  submissionId: string
  externalId: string
  projectNo: string
}

interface Hop {
  path: string
  headers: Record<string, string>
  body: string
}

const signedAlike = {
  'content-type': 'application/json',
  'x-app-key': names.department,
  'x-timestamp': '1790000000000',
  'x-nonce': '0123456789abcdef0123456789abcdef',
  'x-signature': '0'.repeat(64),
}

/** A case handed to the department. */
export function departmentRequest(caseId: string, submissionId: string, submission: Submission): Hop {
  const { applicant } = submission
  const body = JSON.stringify({
    outerNo: caseId,
    submissionNo: submissionId,
    itemCode: 'bench-matter',
    itemName: '餐饮服务经营许可',
    areaCode: submission.homeDivision,
    sourceArea: submission.division,
    applyType: '1',
    applyTime: '2026-06-23 09:30:00',
    applicant: {
      kind: '1',
      name: applicant.name,
      certType: applicant.idType,
      certNo: applicant.idNumber,
      phone: applicant.mobile,
    },
    formData: submission.form,
    materials: [],
  })
  const headers = { ...signedAlike, 'idempotency-key': caseId }
  return { path: `/${names.department}/api/v1/project/receive`, headers, body }
}

/** What the platform is told of a case that was closed. */
export function platformRequest(event: DepartmentEvent, line: Line): Hop {
  const id = `evt_${event.eventId}`
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: '/bench',
    type: 'case.closed',
    time: event.time,
    subject: event.outerNo,
    datacontenttype: 'application/json',
    data: { caseId: event.outerNo, ...line, state: 'closed', result: event.result },
  })
  const headers = {
    'content-type': 'application/cloudevents+json',
    'webhook-id': id,
    'webhook-timestamp': '1790000000',
    'webhook-signature': `v1,${'0'.repeat(44)}`,
  }
  return { path: `/${names.platform}/callbacks`, headers, body }
}
