// Measures what mappings in JSONata cost (request, answer, and the department's own messages), in a process of its own: a
// test runner that follows every promise would be measured with it. Prints { mapping: milliseconds of CPU } as JSON.

import { answerReader } from '../../adapters/department-rest/answers.ts'
import { compiler } from '../../adapters/department-rest/expressions.ts'
import manifest from '../../adapters/department-rest/manifest.ts'
import { epointUnion } from '../../adapters/department-rest/presets/epoint-union.ts'
import { compileRequest } from '../../adapters/department-rest/requests.ts'
import type { AnswerSettings, DepartmentSettings } from '../../adapters/department-rest/settings.ts'
import type { CaseContent, InboundMessage } from '../../src/adapter-kit/contract.ts'
import { GIVEN_KEY, GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'

const ROUND = 500

/** As the house preset says it, but by configuration. */
const houseLike = {
  outerNo: '=caseId',
  submissionNo: '=submissionId',
  itemCode: '=matter.taskCode ? matter.taskCode : matter.code',
  itemName: '=matter.name',
  areaCode: '=homeDivision',
  sourceArea: '=division',
  applyType: "=$code('applyType', mode)",
  applyTime: '=$localTime(submittedAt)',
  applicant: {
    kind: "=applicant.type = 'person' ? '1' : '2'",
    name: '=applicant.name',
    certType: '=applicant.idType',
    certNo: '=applicant.idNumber',
    phone: '=applicant.mobile',
  },
  formData: '=form',
  materials:
    '=[materials.{ "code": code, "name": name, "form": source, "licenseNo": certificate.identifier, "files": [files.{ "name": fileName, "url": url, "size": size, "sha256": sha256, "type": mediaType }] }]',
}

const context = {
  key: GIVEN_KEY,
  now: GIVEN_NOW,
  encode: encodeURIComponent,
  carry: () => ({ url: 'https://gateway.example/v1/files/x' }),
}
const tables = { applyType: { online: '1', agent: '2', appointment: '3' }, ...epointUnion.settings.tables }

const houseIncoming = {
  verify: false,
  eventId: 'eventId',
  caseId: 'outerNo',
  reference: 'projectNo',
  status: '$string(status)',
  time: 'time',
  reason: 'reason ? reason : remark',
  limitDays: '$number(limitDays)',
  materials: '[materials.{ "code": itemCode, "reason": note }]',
  result: 'result.{ "type": type = "1" ? "electronic" : "paper", "name": name }',
}
const houseMessage = {
  eventId: 'E-1',
  outerNo: 'case_01kaqf3m2d0000000000000001',
  projectNo: 'SJ2026112300017',
  status: '21',
  time: '2026-11-23 09:29:58',
  remark: '请补正',
  limitDays: '5',
  materials: [{ itemCode: 'M01' }, { itemCode: 'M02' }],
}
const epointMessage = {
  params: {
    rowguid: 'case_01kaqf3m2d0000000000000001',
    projectguid: 'PG-17',
    status: 30,
    operatetime: '2026-11-23 09:29:58',
    flowsn: 'F-30',
  },
}

/** Milliseconds of this process's CPU for one, the best of a few rounds: the machine has other work. */
async function cpuOf(work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 8; round++) {
    const before = process.cpuUsage()
    for (let i = 0; i < ROUND; i++) await work()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000 / ROUND)
  }
  return best
}

function requestOf(body: unknown): () => unknown {
  const compile = compiler('+08:00', tables)
  const say = compileRequest<CaseContent>({ method: 'POST', path: '/cases', body }, 'speed', compile)
  return () => say(givens['case-online'], context)
}

function answerOf(settings: AnswerSettings, answer: unknown): () => unknown {
  const read = answerReader(settings, undefined, 'speed', compiler('+08:00'))
  return async () => {
    const { code } = (await read?.(answer, { status: 200, headers: {} })) ?? { code: '' }
    if (code !== '1') throw new Error('the answer is not read')
  }
}

/** From bytes to events, as a push is read; only its signature is left out. */
function messageOf(settings: Partial<DepartmentSettings>, body: unknown): () => unknown {
  const baseUrl = 'http://department.example'
  const { incoming } = manifest.create({
    baseUrl,
    statuses: { '21': 'case.correction-requested' },
    ...settings,
  })
  const message: InboundMessage = {
    method: 'POST',
    path: '/v1/systems/speed/events',
    query: {},
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    receivedAt: GIVEN_NOW,
  }
  return async () => {
    const { events } = (await incoming?.read(message)) ?? {}
    if (events?.length !== 1) throw new Error('the message is not read')
  }
}

const { answer: epointAnswer = {} } = epointUnion.settings
const houseAnswer: AnswerSettings = {
  code: '$string(code)',
  message: 'message',
  reference: 'data.projectNo ? data.projectNo : data.no',
}
const work: Record<string, () => unknown> = {
  'house, by configuration: request': requestOf(houseLike),
  'house, by configuration: answer': answerOf(houseAnswer, { code: 1, message: 'ok', data: { no: 'P-1' } }),
  'house, by configuration: message': messageOf({ incoming: houseIncoming }, houseMessage),
  'epoint-union: request': requestOf(epointUnion.settings.operations?.submitCase?.send?.body),
  'epoint-union: answer': answerOf(epointAnswer, { custom: { code: 1, text: '成功', projectguid: 'PG-17' } }),
  'epoint-union: message': messageOf({ preset: 'epoint-union', incoming: { verify: false } }, epointMessage),
}
const costs: Record<string, number> = {}
for (const [name, one] of Object.entries(work)) costs[name] = await cpuOf(one)
process.stdout.write(JSON.stringify(costs))
