// Whatever is thrown at the doors: no answer is the gateway's fault, nothing escapes, and it still works afterwards.

import fc from 'fast-check'
import t from 'tap'
import { departmentAt, houseFormat } from '../../support/department.ts'
import { newborn, platformAt, RESIDENT, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'

const mayAskRegistries = (text: string) =>
  text.replaceAll('appointments:write]', 'appointments:write, certificates:query]')
const edit = { ...houseFormat('health'), 'gateway.yaml': mayAskRegistries }
const running = await runGateway(t, { roles: ['api'], edit })
const platform = platformAt(running.url)
const { submissionId, cases } = (await platform.submit(newborn())).json()
const { caseId } = cases[0]
const escaped: unknown[] = []
process.on('unhandledRejection', (reason) => escaped.push(reason))

const doors: readonly [path: string, token?: string][] = [
  ['/v1/submissions'],
  ['/v1/submissions/check'],
  ['/v1/platforms/kaifeng-platform/submissions'],
  ['/v1/platforms/county-platform/submissions', tokens.county],
  ['/v1/materials'],
  [`/v1/cases/${caseId}/supplements`],
  [`/v1/cases/${caseId}/withdrawal`],
  [`/v1/cases/${caseId}/appointment`],
  [`/v1/cases/${caseId}/mode`],
  [`/v1/submissions/${submissionId}/withdrawal`],
  [`/v1/submissions/${submissionId}/custody`],
  ['/v1/materials/reusable'],
  ['/v1/certificates/query'],
  ['/v1/addresses/check'],
  ['/v1/systems/health/events'],
  ['/v1/carriers/ems/tracking'],
  ['/ops/login'],
]
const types = [
  'application/json',
  'application/json; charset=gbk',
  'application/octet-stream',
  'application/pdf',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'text/plain',
]
const text = fc.string({ unit: 'binary', maxLength: 12 })
const odd = fc.constantFrom('\0', '\ud842', '__proto__', 'constructor', '１２３', '9'.repeat(400), '', '张𠮷')
const value = fc.jsonValue({ maxDepth: 4 })
const member = fc.constantFrom(
  ...Object.keys(newborn()),
  'agent',
  'modes',
  'appointment',
  'reason',
  'outcome',
  'from',
  'to',
  'results',
  'at',
  'waybill',
  'holder',
  'certificateType',
  'purpose',
  'address',
  'note',
  'sqbh',
  'clqd',
)
const object = fc.dictionary(fc.oneof(member, text), fc.oneof(value, odd), { maxKeys: 8 })
const runs = { numRuns: 250, endOnFailure: true }

async function stands(
  path: string,
  token: string | undefined,
  body: unknown,
  type: string,
): Promise<boolean> {
  const answer = await platform.post(path, { body, type, ...(token === undefined ? {} : { token }) })
  if (answer.status === 503) return isAskedOnTheSpot(path) && answer.json().code === 'unavailable'
  return answer.status >= 200 && answer.status < 500
}

/** By a registry or a carrier, and there is none here: what is good enough to be asked cannot be answered. */
const isAskedOnTheSpot = (path: string): boolean =>
  path === '/v1/certificates/query' || path === '/v1/addresses/check'

t.test('random bytes at any door are answered, never with a fault of ours', async () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  const property = fc.asyncProperty(
    fc.constantFrom(...doors),
    bytes,
    fc.constantFrom(...types),
    ([path, token], body, type) => stands(path, token, body, type),
  )
  await fc.assert(property, runs)
})

t.test('a form part with any headers is answered, never with a fault of ours', async () => {
  const header = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('text/\0x', 'text/plain', 'application/pdf', '"', '\\', '\ud842', '%', "gbk''%d6", ''),
  )
  const bytes = fc.uint8Array({ maxLength: 40 })
  const property = fc.asyncProperty(
    fc.constantFrom('/v1/materials', '/v1/submissions'),
    header,
    header,
    header,
    bytes,
    (path, name, fileName, type, body) => {
      const head = `--x\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: ${type}\r\n\r\n`
      const part = Buffer.concat([Buffer.from(head, 'latin1'), body, Buffer.from('\r\n--x--\r\n')])
      return stands(path, undefined, part, 'multipart/form-data; boundary=x')
    },
  )
  await fc.assert(property, runs)
})

t.test('random JSON at any door is answered, never with a fault of ours', async () => {
  const body = fc.oneof(value, object)
  const property = fc.asyncProperty(fc.constantFrom(...doors), body, ([path, token], body) =>
    stands(path, token, JSON.stringify(body), 'application/json'),
  )
  await fc.assert(property, runs)
})

t.test('a good submission with any member replaced is answered, never with a fault of ours', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...Object.keys(newborn())),
    fc.oneof(value, odd, object),
    (name, broken) =>
      stands('/v1/submissions', undefined, JSON.stringify(newborn({ [name]: broken })), 'application/json'),
  )
  await fc.assert(property, runs)
})

/** Right as they are, but for the state of the case. */
const said: Readonly<Record<string, Record<string, unknown>>> = {
  [`/v1/cases/${caseId}/supplements`]: {
    materials: [{ code: 'id-card', materialId: 'mat_0' }],
    note: '已补',
  },
  [`/v1/cases/${caseId}/appointment`]: { outcome: 'rebooked', slot: 'S-2', reason: '改期' },
  [`/v1/cases/${caseId}/mode`]: {
    mode: 'agent',
    reason: '就近办理',
    agent: { hall: '410204-01', window: '01', clerk: '王晓明' },
  },
  [`/v1/submissions/${submissionId}/custody`]: {
    materials: ['id-card'],
    results: ['birth-certificate'],
    from: { kind: 'window', hall: '410204-01', window: '01', person: '王晓明' },
    to: { kind: 'carrier', system: 'ems' },
    at: '2026-11-23T16:30:00+08:00',
    waybill: '1234567890123',
  },
  '/v1/materials/reusable': {
    theme: 'newborn',
    homeDivision: '410204',
    mode: 'online',
    situations: { married: true },
    holder: { idType: '111', idNumber: RESIDENT },
  },
  '/v1/certificates/query': {
    division: '410204',
    certificateType: '11100000000013186G001',
    holder: { name: '张三', idType: '111', idNumber: RESIDENT },
    purpose: '窗口核验',
  },
  '/v1/addresses/check': {
    homeDivision: '410204',
    province: '河南省',
    city: '开封市',
    county: '鼓楼区',
    address: '鼓楼街 18 号',
  },
}

t.test('a good request with any member replaced is answered, never with a fault of ours', async () => {
  const members = Object.entries(said).flatMap(([path, body]) =>
    Object.entries(body).flatMap(([name, value]) => [
      { path, put: (broken: unknown) => ({ ...body, [name]: broken }) },
      ...Object.keys(isRecord(value) ? value : {}).map((inner) => ({
        path,
        put: (broken: unknown) => ({ ...body, [name]: { ...(value as object), [inner]: broken } }),
      })),
    ]),
  )
  const property = fc.asyncProperty(
    fc.constantFrom(...members),
    fc.oneof(value, odd, object),
    ({ path, put }, broken) => stands(path, undefined, JSON.stringify(put(broken)), 'application/json'),
  )
  await fc.assert(property, runs)
})

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

t.test('a signed report with any member replaced is answered, never with a fault of ours', async () => {
  const health = departmentAt(running.url, 'health')
  const facts = fc.constantFrom(
    'eventId',
    'outerNo',
    'projectNo',
    'status',
    'time',
    'reason',
    'limitDays',
    'materials',
    'result',
  )
  const property = fc.asyncProperty(facts, fc.oneof(value, odd, object), async (name, broken) => {
    const { status } = await health.report(caseId, '35', { [name]: broken })
    return status >= 200 && status < 500
  })
  await fc.assert(property, runs)
})

t.test('after all that it works as before, and nothing has escaped', async (t) => {
  t.equal((await platform.submit(newborn())).status, 202)
  t.equal((await platform.get('/readyz', { token: null })).status, 200)
  t.strictSame(escaped, [])
})
