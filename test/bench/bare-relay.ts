// The limit that the gateway is measured against: the same four hops (submission, department, callback,
// platform) with the same messages in one process, all in memory. It verifies, validates and remembers
// nothing durably; never use it for more. Started as a process of its own: node bare-relay.ts <port> <city
// port>.

import fastify from 'fastify'
import { Pool } from 'undici'
import { names } from './bodies.ts'
import {
  type DepartmentEvent,
  departmentRequest,
  type Line,
  platformRequest,
  type Submission,
} from './hops.ts'

const [port, cityPort] = process.argv.slice(2).map(Number)
const city = new Pool(`http://127.0.0.1:${cityPort}`, { connections: 64, pipelining: 1 })

const cases = new Map<string, Line>()
let serial = 0

async function send({ path, headers, body }: ReturnType<typeof platformRequest>): Promise<string> {
  const answer = await city.request({ method: 'POST', path, headers, body })
  return answer.body.text()
}

async function dispatch(caseId: string, submissionId: string, submission: Submission): Promise<void> {
  const answer = await send(departmentRequest(caseId, submissionId, submission))
  const taken = JSON.parse(answer) as { data: { projectNo: string } }
  const line = cases.get(caseId)
  if (line !== undefined) line.projectNo = taken.data.projectNo
}

async function notify(event: DepartmentEvent): Promise<void> {
  const line = cases.get(event.outerNo)
  if (line !== undefined) await send(platformRequest(event, line))
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
