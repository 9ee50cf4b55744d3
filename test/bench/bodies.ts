// What is said in a measured relay: the same submission and the same callback for the gateway and for the limit,
// composed as text because they are made thousands of times a second.

import { signedFields } from './signature.ts'
import { compose } from './wire.ts'

export const names = {
  platform: 'bench-platform',
  department: 'bench-department',
  relayTheme: 'bench-relay',
  intakeTheme: 'bench-intake',
  checklistTheme: 'bench-checklist',
  division: '410204',
} as const

/** Shared with the gateway's configuration; worth nothing outside a bench. */
export const secrets = {
  token: 'bench-token-5f1d8a0c5e9b4d7f8a6c',
  department: 'bench-department-secret',
  webhook: 'whsec_YmVuY2gtd2ViaG9vay1zZWNyZXQtMDEyMzQ1Njc4OQ==',
} as const

/** A canonical submission; of the intake theme it is a booking, whose case waits until someone attends. */
export function submissionBody(externalId: string, theme: string): string {
  return (
    `{"externalId":"${externalId}","theme":"${theme}","mode":"${theme === names.intakeTheme ? 'appointment' : 'online'}",` +
    `"division":"${names.division}","homeDivision":"${names.division}",` +
    '"applicant":{"type":"person","name":"张伟","idType":"111","idNumber":"11010519491231002X","mobile":"13837812345"},' +
    '"situations":{},"form":{"purpose":"设立小型餐饮店","address":"开封市鼓楼区中山路中段18号","area":86},"materials":[]' +
    `${theme === names.intakeTheme ? ',"appointment":{"slot":"bench"}' : ''}}`
  )
}

/** POST /v1/submissions, whole. */
export function submissionRequest(externalId: string, theme: string): string {
  return compose(
    'POST /v1/submissions HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n' +
      `authorization: Bearer ${secrets.token}\r\nidempotency-key: ${externalId}\r\n`,
    submissionBody(externalId, theme),
  )
}

const eventsPath = `/v1/systems/${names.department}/events`

/** The department's signed callback that the case is closed, whole. */
export function closedRequest(caseId: string, projectNo: string): string {
  const body =
    `{"eventId":"E${caseId}","outerNo":"${caseId}","projectNo":"${projectNo}","status":"90","time":"${localTime()}",` +
    '"result":{"type":"1","name":"办结通知书","number":"豫开〔2026〕1号"}}'
  const start = `POST ${eventsPath} HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n`
  return compose(start + signedFields(names.department, secrets.department, eventsPath, body), body)
}

let localTimeAt = 0
let localTimeText = ''

/** yyyy-MM-dd HH:mm:ss in Asia/Shanghai, as departments write it. */
function localTime(): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== localTimeAt) {
    localTimeAt = now
    localTimeText = new Date((now + 8 * 3600) * 1000).toISOString().slice(0, 19).replace('T', ' ')
  }
  return localTimeText
}
