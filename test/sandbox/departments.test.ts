import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import type { CityContext, PushRequest } from '../../src/sandbox/actor.ts'
import { courseOf, usualShares } from '../../src/sandbox/departments/course.ts'
import { createDepartment } from '../../src/sandbox/departments/index.ts'
import { checkDepartmentHeaders, departmentHeaders } from '../../src/sandbox/signature.ts'

const secret = 'test-secret'
const nobodyFails = { rejected: 0, corrected: 0, special: 0, denied: 0, issued: 0 }
type Message = Record<string, unknown>

async function openDepartment(t: Test, shares: Partial<typeof usualShares> = nobodyFails) {
  const pushes: Message[] = []
  const genuine: boolean[] = []
  const world = { refuseNext: 0 }
  const app = Fastify({ forceCloseConnections: true })
  const context: CityContext = {
    random: () => 0.5,
    gatewayUrl: 'http://gateway.test/base',
    speed: 100,
    later: (ms, action) =>
      void setTimeout(() => void Promise.resolve(action()).catch(() => undefined), ms / 100),
    async push(_actor, request) {
      genuine.push(isGenuine(request))
      if (world.refuseNext-- > 0) return { status: 409, body: '{"code":"conflict"}' }
      pushes.push(JSON.parse(String(request.body)))
      return { status: 200, body: '{"code":"0","message":"ok"}' }
    },
  }
  const department = createDepartment(context, { id: 'health', secret, seed: 's', shares })
  await app.register(async (scope) => department.routes(scope), { prefix: '/health' })
  const file = Buffer.from('%PDF-1.4 a file of the case')
  const served = { failures: 0 }
  app.get('/files/a', async (_request, reply) =>
    served.failures-- > 0 ? reply.code(503).send() : reply.send(file),
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await department.stop?.()
    await app.close()
  })
  const call = async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    change: Record<string, string> = {},
  ) => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const target = `/health/api/v1/project/${path}`
    const headers = {
      ...departmentHeaders('health', secret, { method, target, body: text }),
      'idempotency-key': 'k',
      ...change,
    }
    const answer = await fetch(url + target, { method, headers, ...(text ? { body: text } : {}) })
    return { status: answer.status, ...((await answer.json()) as Message) } as Message
  }
  const receive = (outerNo = 'case_1', change: Message = {}) =>
    call('POST', 'receive', { ...message(outerNo, `${url}/files/a`, file), ...change })
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 300 && !done(); i++) await sleep(10)
  }
  const statuses = () => pushes.map(({ status }) => status)
  return {
    department,
    call,
    receive,
    pushes,
    statuses,
    genuine,
    until,
    served,
    world,
    fileUrl: `${url}/files/a`,
    file,
  }
}

function isGenuine(request: PushRequest): boolean {
  const headers = { ...request.headers, ...request.sign?.() }
  const call = { method: 'POST', target: `/base${request.path}`, body: request.body }
  return checkDepartmentHeaders('health', secret, call, headers).ok
}

function message(outerNo: string, url: string, file: Buffer): Message {
  return {
    outerNo,
    submissionNo: 'sub_1',
    itemCode: 'M',
    itemName: '食品经营许可',
    areaCode: '410221',
    sourceArea: '410204',
    applyType: '1',
    applyTime: '2026-11-23 10:00:00',
    formData: {},
    applicant: {
      kind: '1',
      name: '张𠮷祥',
      certType: '111',
      certNo: '11010519491231002X',
      phone: '13800138000',
    },
    materials: [{ code: 'A', name: '平面图', form: 'upload', files: [fileOf(url, file)] }],
  }
}

function fileOf(url: string, file: Buffer): Message {
  const sha256 = createHash('sha256').update(file).digest('hex')
  return { name: 'a.pdf', url, size: file.length, sha256, type: 'application/pdf' }
}

t.test('a case is taken once; the same number again is a duplicate with the same answer', async (t) => {
  const { receive, department } = await openDepartment(t)
  const first = await receive()
  t.match(first, { status: 200, code: '0', data: { projectNo: String } })
  t.match(await receive(), { code: '1006', data: first.data })
  const { effects, counts } = department.books()
  t.match(
    effects.filter(({ kind }) => kind === 'case'),
    [{ key: 'case_1', times: 1 }],
  )
  t.equal(counts.duplicates, 1)
})

t.test('two cases for one matter of one submission are two effects', async (t) => {
  const { receive, department } = await openDepartment(t)
  await receive('case_1')
  await receive('case_2')
  t.strictSame(
    department
      .books()
      .effects.filter(({ kind }) => kind === 'case')
      .map(({ times }) => times),
    [2, 2],
  )
})

t.test('a wrong signature, an old time or a used nonce is refused with 401', async (t) => {
  const { call } = await openDepartment(t)
  t.match(await call('GET', 'query?outerNo=x', undefined, { 'x-signature': 'f'.repeat(64) }), {
    status: 401,
    code: '4001',
  })
  t.match(await call('GET', 'query?outerNo=x', undefined, { 'x-timestamp': '1700000000000' }), {
    status: 401,
  })
  const target = '/health/api/v1/project/query?outerNo=x'
  const headers = departmentHeaders('health', secret, { method: 'GET', target, body: '' })
  t.match(await call('GET', 'query?outerNo=x', undefined, headers), { status: 200, code: '1404' })
  t.match(await call('GET', 'query?outerNo=x', undefined, headers), { status: 401 })
})

t.test('a wrong field is named and nothing is taken', async (t) => {
  const { receive, department } = await openDepartment(t)
  const person = {
    kind: '1',
    name: '张三',
    certType: '111',
    certNo: '11010519491231002X',
    phone: '13800138000',
  }
  const wrong: [Message, string][] = [
    [{ areaCode: '41' }, 'areaCode'],
    [{ applyTime: '2026-02-30 10:00:00' }, 'applyTime'],
    [{ applyType: '9' }, 'applyType'],
    [{ applicant: { ...person, certNo: '110105194912310021' } }, 'applicant.certNo'],
    [{ applicant: { ...person, name: '' } }, 'applicant.name'],
    [{ materials: [{ code: 'A', name: 'B', form: 'upload', files: [] }] }, 'materials[0].files'],
    [{ materials: [{ code: 'A', name: 'B', form: 'fax', files: [] }] }, 'materials[0].form'],
    [
      { materials: [{ code: 'A', name: 'B', form: 'upload', files: [{ name: 'x' }] }] },
      'materials[0].files[0]',
    ],
  ]
  for (const [change, field] of wrong) {
    t.match(await receive('case_1', change), { status: 200, code: '2001', message: `参数错误：${field}` })
  }
  t.equal(department.books().effects.filter(({ kind }) => kind === 'case').length, 0)
})

t.test('a case lives to its end and every step is reported with a right signature', async (t) => {
  const { receive, pushes, statuses, until, genuine, department, call } = await openDepartment(t, {
    ...nobodyFails,
    issued: 1,
  })
  await receive()
  await until(() => pushes.length === 5)
  t.strictSame(statuses(), ['30', '35', '50', '60', '90'])
  t.ok(genuine.every(Boolean))
  t.equal(new Set(pushes.map(({ eventId }) => eventId)).size, 5)
  const times = pushes.map(({ time }) => String(time))
  t.strictSame(times, [...new Set(times)].sort(), 'each a second later at least')
  t.match(pushes[2], { result: { type: '1', name: '食品经营许可结果文书' } })
  t.match(await call('GET', 'query?outerNo=case_1'), { code: '0', data: { status: '90' } })
  await until(() => department.books().counts.eventsAcknowledged === 5)
  t.equal(department.books().counts.filesVerified, 1)
})

t.test('a correction waits for its supplement; the same round again is a duplicate', async (t) => {
  const { receive, pushes, statuses, until, call, fileUrl, file } = await openDepartment(t, {
    ...nobodyFails,
    corrected: 1,
  })
  const { data } = (await receive()) as { data?: unknown }
  await until(() => pushes.length === 2)
  await sleep(120)
  t.strictSame(statuses(), ['30', '28'])
  t.match(pushes[1], { materials: [{ code: 'A', reason: String }], limitDays: 5 })
  const { projectNo } = data as { projectNo: string }
  const body = {
    outerNo: 'case_1',
    projectNo,
    round: 1,
    note: '补正',
    materials: [{ code: 'A', name: '平面图', form: 'upload', files: [fileOf(fileUrl, file)] }],
  }
  t.match(await call('GET', 'supplement?outerNo=case_1&round=1'), { code: '1404' })
  t.match(await call('POST', 'supplement', body), { code: '0' })
  t.match(await call('POST', 'supplement', body), { code: '1006' })
  t.match(await call('GET', 'supplement?outerNo=case_1&round=1'), { code: '0' })
  await until(() => statuses().includes('90'))
  t.strictSame(statuses(), ['30', '28', '30', '35', '50', '90'])
})

t.test('a withdrawn case stops; withdrawing again is a duplicate, after the end it is refused', async (t) => {
  const { receive, call, department, statuses, until } = await openDepartment(t)
  const { data } = (await receive('case_1')) as { data?: unknown }
  const body = { outerNo: 'case_1', projectNo: (data as { projectNo: string }).projectNo, reason: '不办了' }
  t.match(await call('POST', 'withdraw', body), { code: '0' })
  t.match(await call('POST', 'withdraw', body), { code: '1006' })
  t.match(await call('GET', 'query?outerNo=case_1'), { data: { status: '98' } })
  t.ok(department.books().effects.some(({ kind }) => kind === 'withdrawal'))
  const second = (await receive('case_2', { submissionNo: 'sub_2' })) as { data?: unknown }
  await until(() => statuses().includes('90'))
  const late = { ...body, outerNo: 'case_2', projectNo: (second.data as { projectNo: string }).projectNo }
  t.match(await call('POST', 'withdraw', late), { code: '2004' })
})

t.test('a link that fails is tried again; a file that differs is written down', async (t) => {
  const { receive, department, served, until, fileUrl, file } = await openDepartment(t)
  served.failures = 2
  await receive()
  await until(() => department.books().counts.filesVerified === 1)
  t.match(department.books().counts, { filesVerified: 1, fileRetries: 2 })
  const forged = { ...fileOf(fileUrl, file), sha256: '0'.repeat(64) }
  await receive('case_2', { materials: [{ code: 'A', name: 'B', form: 'upload', files: [forged] }] })
  await sleep(100)
  t.equal(department.books().counts.filesVerified, 1)
})

t.test('a report that the gateway refuses is made again until it is taken', async (t) => {
  const { receive, statuses, until, world, department } = await openDepartment(t, {
    ...nobodyFails,
    rejected: 1,
  })
  world.refuseNext = 1
  await receive()
  await until(() => statuses().length === 1)
  t.strictSame(statuses(), ['97'])
  t.equal(department.books().counts.eventsRefused, 1)
})

t.test('the course of a case follows from its number and the seed, and the shares hold', async (t) => {
  t.strictSame(courseOf('case_1', 's', usualShares), courseOf('case_1', 's', usualShares))
  const many = Array.from({ length: 3_000 }, (_, i) =>
    courseOf(`case_${i}`, 's', usualShares).map(({ status }) => status),
  )
  const share = (status: '28' | '97' | '40') =>
    many.filter((course) => course.includes(status)).length / many.length
  t.ok(Math.abs(share('97') - usualShares.rejected) < 0.02)
  t.ok(Math.abs(share('28') - usualShares.corrected) < 0.03)
  t.ok(Math.abs(share('40') - usualShares.denied) < 0.02)
  t.ok(many.every((course) => ['90', '97', '40'].includes(course.at(-1)!)))
})
