// The limit that the gateway is measured against: the same four hops (submission, department, callback,
// platform) with the same messages in one process, all in memory. It verifies, validates and remembers
// nothing durably; never use it for more. Started as a process of its own: node bare-relay.ts <port> <city
// port>.

import fastify from 'fastify'
import { Pool } from 'undici'
import { names } from './bodies.ts'

const [port, cityPort] = process.argv.slice(2).map(Number)
const city = new Pool(`http://127.0.0.1:${cityPort}`, { connections: 64, pipelining: 1 })

interface Submission {
  externalId: string
  theme: string
  mode: string
  division: string
  homeDivision: string
  applicant: { name: string; idType: string; idNumber: string; mobile: string }
  form: unknown
}

interface DepartmentEvent {
  eventId: string
  outerNo: string
  projectNo: string
  status: string
  time: string
  result: unknown
}

const cases = new Map<string, { submissionId: string; externalId: string; projectNo: string }>()
let serial = 0

const signedAlike = {
  'content-type': 'application/json',
  'x-app-key': names.department,
  'x-timestamp': '1790000000000',
  'x-nonce': '0123456789abcdef0123456789abcdef',
  'x-signature': '0'.repeat(64),
}

async function post(path: string, headers: Record<string, string>, body: string): Promise<string> {
  const answer = await city.request({ method: 'POST', path, headers, body })
  return answer.body.text()
}

async function dispatch(caseId: string, submissionId: string, submission: Submission): Promise<void> {
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
  const answer = await post(
    `/${names.department}/api/v1/project/receive`,
    { ...signedAlike, 'idempotency-key': caseId },
    body,
  )
  const taken = JSON.parse(answer) as { data: { projectNo: string } }
  const line = cases.get(caseId)
  if (line !== undefined) line.projectNo = taken.data.projectNo
}

async function notify(event: DepartmentEvent): Promise<void> {
  const line = cases.get(event.outerNo)
  if (line === undefined) return
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
  await post(`/${names.platform}/callbacks`, headers, body)
}

const app = fastify()

app.post('/v1/submissions', (request, reply) => {
  const submission = request.body as Submission
  const submissionId = `sub_${++serial}`
  const caseId = `case_${serial}`
  reply.code(202).send({
    submissionId,
    cases: [{ caseId, matter: 'bench-matter', system: names.department, state: 'pending' }],
  })
  if (submission.theme !== names.relayTheme) return
  cases.set(caseId, { submissionId, externalId: submission.externalId, projectNo: '' })
  void dispatch(caseId, submissionId, submission)
})

app.post(`/v1/systems/${names.department}/events`, (request, reply) => {
  reply.send({ code: '0', message: 'ok' })
  void notify(request.body as DepartmentEvent)
})

app.get('/readyz', (_, reply) => reply.send({ status: 'ready' }))

await app.listen({ port: port!, host: '127.0.0.1' })
process.once('SIGTERM', () => process.exit(0))
