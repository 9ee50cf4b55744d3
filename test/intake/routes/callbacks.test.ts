// What departments tell us: taken once, in their own form, however often and in whatever order it comes; what is
// forged or wrong is refused without a trace, and what cannot be read is kept as evidence for a person.

import { randomBytes } from 'node:crypto'
import t from 'tap'
import { sha256 } from '../../../src/http/messages.ts'
import { sandboxSecrets } from '../../../src/sandbox/secrets.ts'
import { departmentHeaders } from '../../../src/sandbox/signature.ts'
import { departmentAt, houseFormat, houseReport } from '../../support/department.ts'
import { newborn, platformAt, rawExchange } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused } from './refused.ts'

const soap = (more = '') => `title: { zh: 部门, en: A department }
adapter: department-soap
${more}
settings:
  profile: ex-gdbs
  baseUrl: \${CITY_URL}/focus
  namespace: http://focus.example.gov.cn
  exGdbs: { deptCode: D1, identifyKey: { env: CITY_SECRET } }
`
const TRACKER = 'token-of-a-tracker'
const tracker = `  - id: tracker
    tokens: [{ sha256: ${sha256(Buffer.from(TRACKER))} }]
    scopes: [carriers:tracking]
    divisions: ["*"]
`
const running = await runGateway(t, {
  roles: ['api'],
  edit: {
    'gateway.yaml': (text) => text.replace('\nclients:\n', `\nclients:\n${tracker}`),
    'systems/kuaidi100.yaml': (text) => `pushClients: [tracker]\n${text}`,
    ...houseFormat('health'),
    ...houseFormat('public-security'),
    'systems/civil-affairs.yaml': () => soap(),
    'systems/natural-resources.yaml': () => soap('pushClients: [health]'),
  },
})
const platform = platformAt(running.url)
const health = departmentAt(running.url, 'health')

async function freshCase(): Promise<string> {
  return (await platform.submit(newborn())).json().cases[0].caseId
}
const stateOf = async (caseId: string) => (await platform.get(`/v1/cases/${caseId}`)).json().state
const typesOf = async (caseId: string): Promise<string[]> =>
  (await platform.get(`/v1/cases/${caseId}/events`)).json().items.map((one: { type: string }) => one.type)

t.test('a report is taken, answered in the house form and moves the case', async (t) => {
  const caseId = await freshCase()
  t.match(await health.report(caseId, '30'), { status: 200, code: '0', message: 'ok' })
  t.match(await health.report(caseId, '35'), { status: 200, code: '0' })
  t.equal(await stateOf(caseId), 'reviewing')
})

t.test('a signature covers the query as the department wrote it, not as another would', async (t) => {
  for (const query of ['from=a+b', 'from=%e5%8d%ab&to=~', 'b=2&a=1&&c', '']) {
    const caseId = await freshCase()
    const target = `/v1/systems/health/events${query ? `?${query}` : ''}`
    const body = houseReport(caseId, '30')
    const signed = departmentHeaders('health', sandboxSecrets.department, { method: 'POST', target, body })
    const ask = { body, headers: signed, token: null }
    t.match((await platform.post(target, ask)).json(), { code: '0' }, query)
    t.equal(await stateOf(caseId), 'accepted')
  }
})

t.test('the same report again, even twenty at once, happens once', async (t) => {
  const caseId = await freshCase()
  const say = () => health.report(caseId, '30', { eventId: `once-${caseId}`, time: '2026-11-20 09:00:00' })
  const answers = await Promise.all(Array.from({ length: 20 }, say))
  t.ok(answers.every(({ status, code }) => status === 200 && code === '0'))
  await nothingKept(t, running, async () => {
    t.match(await say(), { status: 200, code: '0' })
  })
  t.equal((await typesOf(caseId)).filter((type) => type === 'case.accepted').length, 1)
})

t.test('a late report tells its fact and moves nothing back', async (t) => {
  const caseId = await freshCase()
  await health.report(caseId, '50', {
    time: '2026-11-20 10:00:00',
    result: { type: '1', name: '出生医学证明', number: 'N1' },
  })
  t.match(await health.report(caseId, '30', { time: '2026-11-20 08:00:00' }), { status: 200, code: '0' })
  t.equal(await stateOf(caseId), 'approved')
})

t.test('a report that contradicts the end of a case is refused and leaves it', async (t) => {
  const caseId = await freshCase()
  await health.report(caseId, '97', { reason: '不属于本机关职权范围' })
  const answer = await health.report(caseId, '50')
  t.match(answer, { status: 409, code: 'conflict-state' })
  t.match(answer.message, /does not fit.*·.*不能再接收/)
  t.equal(await stateOf(caseId), 'rejected')
})

t.test('a refusal is repeated as a refusal, never turned into a success', async (t) => {
  const caseId = await freshCase()
  const other = departmentAt(running.url, 'public-security')
  const facts = { eventId: `again-${caseId}`, time: '2026-11-20 09:00:00' }
  for (let i = 0; i < 3; i++) t.equal((await other.report(caseId, '30', facts)).status, 409)
})

t.test('a number that was used for another report is no repeat of that one', async (t) => {
  const [first, second] = [await freshCase(), await freshCase()]
  const facts = { eventId: `shared-${first}` }
  t.match(await health.report(first, '30', facts), { status: 200, code: '0' })
  for (const [caseId, status] of [
    [second, '30'],
    [first, '35'],
  ] as const) {
    const answer = await health.report(caseId, status, facts)
    t.match(answer, { status: 409, code: 'conflict-state' })
    t.match(answer.message, /used for another report.*·.*已用于另一条消息/)
  }
  t.equal(await stateOf(first), 'accepted')
  t.equal(await stateOf(second), 'pending')
  t.match(await health.report(first, '30', facts), { status: 200, code: '0' }, 'its own repeat is one')
})

t.test('a report under a number that is too long to be known again is kept for a person', async (t) => {
  const caseId = await freshCase()
  const answer = await health.report(caseId, '30', { eventId: randomBytes(2_000).toString('hex') })
  t.match(answer, { status: 422 })
  t.match(answer.message, /编号超过 500 字/)
  t.equal(await stateOf(caseId), 'pending')
})

t.test('a department may not speak of another’s case', async (t) => {
  const caseId = await freshCase()
  const answer = await departmentAt(running.url, 'public-security').report(caseId, '50')
  t.match(answer, { status: 409 })
  t.match(answer.message, /public-security/)
  t.equal(await stateOf(caseId), 'pending')
})

t.test(
  'a report from the future is refused in both languages, and taken when its time has come',
  async (t) => {
    const caseId = await freshCase()
    const facts = { eventId: `early-${caseId}` }
    const answer = await health.report(caseId, '30', { ...facts, time: '2099-01-01 09:00:00' })
    t.match(answer, { status: 409, code: 'conflict-state' })
    t.match(answer.message, /more than 10 minutes ahead.*·.*超前 10 分钟以上/)
    t.equal(await stateOf(caseId), 'pending')
    t.match(await health.report(caseId, '30', facts), { status: 200, code: '0' })
    t.equal(await stateOf(caseId), 'accepted')
  },
)

t.test('a report of a closed case is noted or refused, and the case stays closed', async (t) => {
  const [granted, wordless] = [await freshCase(), await freshCase()]
  await health.report(granted, '50')
  for (const caseId of [granted, wordless]) await health.report(caseId, '90')
  for (const [status, answered] of [
    ['30', 200],
    ['28', 200],
    ['40', 409],
    ['90', 200],
  ] as const)
    t.equal((await health.report(granted, status)).status, answered, status)
  t.equal((await health.report(wordless, '40')).status, 200, 'closed without a decision')
  for (const caseId of [granted, wordless]) t.equal(await stateOf(caseId), 'closed')
})

t.test('a case or number that nobody knows is not found, and nothing is kept', async (t) => {
  await nothingKept(t, running, async () => {
    for (const caseId of ['case_0', 'case_01kb3v5m8q000000000000000001', 'x', '../..'])
      t.match(await health.report(caseId, '30'), { status: 404, code: 'not-found' }, caseId)
    t.match(await health.report('', '30', { projectNo: 'HEAL20261123000999' }), { status: 404 })
  })
  const known = await freshCase()
  t.match(await health.report(known.replace(/..$/, '99'), '30'), { status: 404 })
})

t.test('a forged, changed or stale report is refused and nothing is kept', async (t) => {
  const caseId = await freshCase()
  const impostor = departmentAt(running.url, 'health', 'another-secret')
  await nothingKept(t, running, async () => {
    const { status, code } = await impostor.report(caseId, '50')
    t.equal(status, 401)
    t.not(code, '0')
    const forgeries = {
      'x-signature': '0'.repeat(64),
      'x-app-key': 'public-security',
      'x-timestamp': String(Date.now() - 301_000),
      'x-nonce': 'another-nonce',
    }
    for (const [name, value] of Object.entries(forgeries))
      t.equal((await health.push('{}', { [name]: value })).status, 401, name)
    t.equal((await health.push('{}', { 'x-signature': '' })).status, 401)
    const unsigned = await platform.post('/v1/systems/health/events', { body: {} })
    t.equal(unsigned.status, 401)
    t.match(unsigned.headers.get('www-authenticate') ?? '', /^Signature /, 'what would be accepted')
  })
  t.equal(await stateOf(caseId), 'pending')
})

t.test('what cannot be read is refused and kept, byte for byte, for a person', async (t) => {
  const caseId = await freshCase()
  const rows: [what: string, body: string | Buffer, type?: string][] = [
    ['no JSON', '办件已受理'],
    ['an HTML page', '<html><body>维护中</body></html>'],
    ['GBK sent as UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xd5, 0xc5, 0x22, 0x7d])],
    ['a charset that nobody reads', '{}', 'application/json; charset=ebcdic'],
    [
      'a status that is not in the table',
      JSON.stringify({ eventId: 'u-1', outerNo: caseId, status: '77', time: '2026-11-20 09:00:00' }),
    ],
    [
      'a status named like a member of every object',
      JSON.stringify({ outerNo: caseId, status: 'constructor', time: '2026-11-20 09:00:00' }),
    ],
    ['no status at all', JSON.stringify({ outerNo: caseId })],
    ['a time that is none', JSON.stringify({ outerNo: caseId, status: '30', time: '昨天' })],
    ['null', 'null'],
    ['a list of nothing', '[null]'],
    ['a number', '42'],
  ]
  for (const [what, body, type] of rows) {
    const before = await running.kept()
    const answer = await health.push(body, type === undefined ? {} : { 'content-type': type })
    t.equal(answer.status, 422, `${what}: ${answer.message}`)
    t.strictSame(await running.kept(), { ...before, messages: before.messages + 1 }, what)
    const [kept] = await running.query<{ body: string; outcome: string }>(
      "SELECT body, outcome FROM messages WHERE source = 'system:health' ORDER BY received_at DESC LIMIT 1",
    )
    t.ok(Buffer.from(kept!.body, 'base64').equals(Buffer.from(body)), what)
    t.match(kept!.outcome, /^unreadable: /)
    await nothingKept(t, running, async () => {
      t.equal((await health.push(body, type === undefined ? {} : { 'content-type': type })).status, 422)
    })
  }
  t.equal(await stateOf(caseId), 'pending')
})

t.test('of what proves no sender only the beginning is kept, of what proves one every byte', async (t) => {
  const long = 'x'.repeat(20_000)
  const sizeOfLast = async (system: string) => {
    const [last] = await running.query<{ body: string }>(
      `SELECT body FROM messages WHERE source = 'system:${system}' ORDER BY received_at DESC LIMIT 1`,
    )
    return Buffer.from(last!.body, 'base64').length
  }
  const push = (system: string, token: string | null) =>
    platform.post(`/v1/systems/${system}/events`, { body: long, type: 'text/xml', token })
  t.match(await push('civil-affairs', null), { status: 500 })
  t.equal(await sizeOfLast('civil-affairs'), 16_384, 'anybody')
  t.match(await push('natural-resources', sandboxSecrets.healthToken), { status: 500 })
  t.equal(await sizeOfLast('natural-resources'), 20_000, 'a client that may push')
  t.equal((await health.push(long)).status, 422)
  t.equal(await sizeOfLast('health'), 20_000, 'a signature')
})

t.test('characters that PostgreSQL cannot keep make a message unreadable, not a failure', async (t) => {
  const caseId = await freshCase()
  const before = await running.kept()
  const spoilt = [
    { reason: 'a\0b' },
    { reason: '\ud842' },
    { eventId: 'e\0' },
    { materials: [{ code: '\0', reason: '' }] },
    { projectNo: 'P\0' },
  ]
  for (const facts of spoilt)
    t.match(await health.report(caseId, '28', facts), { status: 422, message: /空字符或不成对的代理字符/ })
  t.match(await health.report(`${caseId}\0`, '28'), { status: 422 })
  t.strictSame(await running.kept(), { ...before, messages: before.messages + spoilt.length + 1 })
  t.equal(await stateOf(caseId), 'pending')
})

t.test('several reports in one message are each taken once', async (t) => {
  const caseId = await freshCase()
  const one = (eventId: string, status: string, time: string) => ({
    eventId: `${eventId}-${caseId}`,
    outerNo: caseId,
    status,
    time,
  })
  const body = JSON.stringify([one('a', '30', '2026-11-20 09:00:00'), one('b', '35', '2026-11-20 10:00:00')])
  t.match(await health.push(body), { status: 200, code: '0' })
  t.match(await health.push(body), { status: 200, code: '0' })
  t.equal(await stateOf(caseId), 'reviewing')
  t.strictSame(
    (await typesOf(caseId)).filter((type) => type.startsWith('case.')),
    ['case.accepted', 'case.reviewing'],
  )
})

t.test('an empty list of reports is taken for what it is', async (t) => {
  t.match(await health.push('[]'), { status: 200, code: '0' })
})

t.test('systems that are not there, or do not speak, are unknown', async (t) => {
  await nothingKept(t, running, async () => {
    for (const id of ['no-such-system', '__proto__', 'certificate-registry'])
      refused(t, await platform.post(`/v1/systems/${id}/events`, { body: {} }), 'unknown-system')
    refused(t, await platform.post('/v1/carriers/no-such-post/tracking', { body: {} }), 'unknown-system')
  })
})

t.test('a platform or a department cannot use the door of another kind', async (t) => {
  await nothingKept(t, running, async () => {
    refused(
      t,
      await platform.post('/v1/systems/kaifeng-platform/events', { body: newborn() }),
      'unknown-system',
    )
    refused(t, await platform.post('/v1/carriers/health/tracking', { body: {} }), 'unknown-system')
    refused(t, await platform.post('/v1/systems/ems/events', { body: {} }), 'unknown-system')
  })
})

t.test('a carrier pushes with the scope of carriers, and nobody else does', async (t) => {
  const push = async (token: string | null) => {
    const answer = await platform.post('/v1/carriers/kuaidi100/tracking', { body: 'unsigned', token })
    return answer.json().message
  }
  t.equal(await push(null), 'unauthenticated')
  t.equal(await push(sandboxSecrets.kaifengToken), 'forbidden')
  t.notMatch(await push(TRACKER), /unauthenticated|forbidden/, 'its adapter reads the message')
})

t.test('a SOAP system is described at ?wsdl, under the address that departments use', async (t) => {
  const path = '/v1/systems/civil-affairs/events'
  for (const query of ['?wsdl', '?WSDL']) {
    const answer = await platform.get(path + query)
    t.equal(answer.status, 200)
    t.match(String(answer.body), `location="${running.settings.http.publicUrl}${path}"`)
    t.match(String(answer.body), /name="setDataXmlToFocus"/)
    t.notMatch(String(answer.body), sandboxSecrets.department)
  }
  for (const other of [path, '/v1/systems/health/events?wsdl', '/v1/systems/no-such-system/events?wsdl'])
    refused(t, await platform.get(other), 'not-found')
  const guarded = await fetch(`${running.url}/v1/systems/natural-resources/events?wsdl`)
  t.equal(guarded.status, 401, 'as open as the messages themselves')
})

t.test('a report cut off in the middle leaves nothing', async (t) => {
  await nothingKept(t, running, async () => {
    const head =
      'POST /v1/systems/health/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n'
    await rawExchange(running.port, `${head}{"eventId":`, 200)
  })
})
