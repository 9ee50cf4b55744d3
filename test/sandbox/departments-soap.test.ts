// The SOAP department of the simulated city, spoken to by the real adapter: two programs written apart must agree.

import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-soap/manifest.ts'
import type { SoapSettings } from '../../adapters/department-soap/settings.ts'
import type { Attempt, CaseContent, ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import type { CityContext } from '../../src/sandbox/actor.ts'
import type { usualShares } from '../../src/sandbox/departments/course.ts'
import { createSoapDepartment, SOAP_NAMESPACE, SOAP_PATH } from '../../src/sandbox/departments/soap/index.ts'
import { failureOf } from '../support/failure.ts'

const secret = 'identify-key-of-tests'
const nobodyFails = { rejected: 0, corrected: 0, special: 0, denied: 0, issued: 0 }
const file = Buffer.from('%PDF-1.4 a file of the case')
const stored = {
  sha256: createHash('sha256').update(file).digest('hex'),
  size: file.length,
  mediaType: 'application/pdf',
  fileName: '平面图.pdf',
}
const given: CaseContent = {
  ...givens['case-online'],
  applicant: { ...givens['case-online'].applicant, idNumber: '11010519491231002X' },
  materials: givens['case-online'].materials.map((one) =>
    one.files.length > 0 ? { ...one, files: [stored] } : one,
  ),
}

const answers = [
  { code: '0', reason: '成功，办件编号(?<reference>[A-Z0-9]+)', means: 'ok' },
  { code: '1', reason: '重复申报，办件编号(?<reference>[A-Z0-9]+)', means: 'duplicate' },
  { code: '1', reason: '标识密钥错误', means: 'unauthorised' },
] as const

interface Wanted {
  shares?: Partial<typeof usualShares>
  wire?: Pick<SoapSettings, 'version' | 'charset'>
}

async function openDepartment(t: Test, { shares = nobodyFails, wire = {} }: Wanted = {}) {
  const events: ExternalEvent[] = []
  const unread: unknown[] = []
  const world = { refuseNext: 0 }
  const app = Fastify({ forceCloseConnections: true })
  const context: CityContext = {
    random: () => 0.5,
    gatewayUrl: 'http://gateway.test',
    speed: 100,
    later: (ms, action) =>
      void setTimeout(() => void Promise.resolve(action()).catch(() => undefined), ms / 100),
    async push(_actor, { path, headers, body }) {
      const bytes = Buffer.from(body)
      const message = { method: 'POST', path, query: {}, headers, body: bytes, receivedAt: new Date() }
      const { incoming } = adapter
      const refused = world.refuseNext-- > 0
      try {
        const reading = await incoming?.read(message)
        if (!refused) events.push(...(reading?.events ?? []))
      } catch (error) {
        unread.push(error)
      }
      const conflict = { ok: false, status: 409, code: 'conflict-state', detail: '状态不符' } as const
      const outcome = refused ? conflict : ({ ok: true, duplicate: false } as const)
      const answer = incoming?.acknowledge(outcome, message)
      return { status: answer?.status ?? 500, body: answer?.body.toString() ?? '' }
    },
  }
  const charset = wire.charset === 'gbk' ? ('gbk' as const) : ('utf-8' as const)
  const options = { id: 'forestry', secret, seed: 's', shares, charset, version: wire.version ?? '1.1' }
  const department = createSoapDepartment(context, options)
  await app.register(async (scope) => department.routes(scope), { prefix: '/forestry' })
  app.get('/files/a', async (_request, reply) => reply.send(file))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const settings: SoapSettings = {
    baseUrl: `${url}/forestry${SOAP_PATH}`,
    profile: 'ex-gdbs',
    namespace: SOAP_NAMESPACE,
    ...wire,
    exGdbs: {
      deptCode: 'forestry',
      identifyKey: secret,
      answers,
      query: {
        parameters: { deptCode: 'deptCode', tableName: 'tableName', key: 'key', identifyKey: 'identifyKey' },
      },
      steps: { withdraw: 'EX_GDBS_CX' },
      resultType: 'electronic',
    },
  }
  const adapter = manifest.create(settings)
  const client = systemHttpClient(manifest, settings, { timeoutMs: 5_000, connections: 4 })
  t.teardown(async () => {
    await department.stop?.()
    await client.close()
    await app.close()
  })
  const signal = new AbortController().signal
  const attempt: Attempt = {
    signal,
    http: client.forAttempt(signal),
    key: 'k',
    number: 1,
    now: () => new Date(),
    files: {
      link: () => `${url}/files/a`,
      open: () => Promise.reject(new Error('not asked for')),
      store: () => Promise.reject(new Error('not asked for')),
    },
  }
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 300 && !done(); i++) await sleep(10)
  }
  const types = () => events.map(({ type }) => type)
  const linesOf = (kind: string) => department.books().effects.filter((line) => line.kind === kind)
  const submit = async (content = given) => adapter.outgoing.submitCase?.send(content, attempt)
  return { department, adapter, attempt, submit, settings, events, types, unread, until, world, linesOf }
}

for (const wire of [{ version: '1.1' }, { version: '1.2' }, { version: '1.1', charset: 'gbk' }] as const) {
  t.test(
    `a case is taken once and lives to its end, told step by step (${Object.values(wire)})`,
    async (t) => {
      const { submit, adapter, attempt, types, until, unread, department, linesOf } = await openDepartment(
        t,
        { wire },
      )
      const first = await submit()
      t.match(first, { reference: /^FORE\d+$/ })
      t.same(await submit(), { ...first, duplicate: true })
      t.same(await adapter.outgoing.submitCase?.find?.(given, attempt), first)
      const unknown = { ...given, caseId: 'case_unknown' }
      t.equal(await adapter.outgoing.submitCase?.find?.(unknown, attempt), null)
      await until(() => department.books().counts.eventsAcknowledged === 4)
      t.same(types(), ['case.accepted', 'case.reviewing', 'case.approved', 'case.closed'])
      t.same(unread, [])
      t.match(linesOf('case'), [{ key: given.caseId, times: 1, state: '90' }])
      t.equal(department.books().counts.filesVerified, 1)
    },
  )
}

t.test('an issued certificate ends closed whether it is collected before or with the closing', async (t) => {
  const { submit, events, until, department } = await openDepartment(t, {
    shares: { ...nobodyFails, issued: 1 },
  })
  const cases = Array.from({ length: 8 }, (_, i) => ({
    ...given,
    caseId: `case_${i}`,
    submissionId: `sub_${i}`,
  }))
  for (const one of cases) await submit(one)
  await until(() => department.books().counts.eventsAcknowledged === 5 * cases.length)
  for (const { caseId } of cases) {
    const own = events.filter((event) => event.caseId === caseId)
    t.ok(own.some(({ type }) => type === 'case.issued'))
    t.ok(own.some(({ type }) => type === 'case.closed'))
    t.match(
      own.find(({ detail }) => detail.result),
      { detail: { result: { type: 'electronic', number: /^汴/ } } },
    )
    t.equal(new Set(own.map(({ id }) => id)).size, own.length)
  }
  t.ok(events.some(({ detail }) => detail.more?.step === 'LQDJ'))
})

t.test('a correction waits for its supplement, which counts once per round', async (t) => {
  const { submit, adapter, attempt, events, types, until, linesOf } = await openDepartment(t, {
    shares: { ...nobodyFails, corrected: 1 },
  })
  await submit()
  await until(() => types().includes('case.correction-requested'))
  t.match(events.at(-1), { detail: { limitDays: 5, materials: [{ code: 'M01', reason: /不清晰/ }] } })
  const supplement = { ...givens.supplement, materials: given.materials.slice(0, 1) }
  const { supplementCase } = adapter.outgoing
  t.equal(await supplementCase?.find?.(supplement, attempt), null)
  t.match(await supplementCase?.send(supplement, attempt), { reference: String })
  t.match(await supplementCase?.send(supplement, attempt), { duplicate: true })
  t.match(await supplementCase?.find?.(supplement, attempt), { reference: String })
  await until(() => types().includes('case.closed'))
  t.match(linesOf('supplement'), [{ key: given.caseId, times: 1, state: '1' }])
})

t.test('a special procedure, a refusal and a denial are told as such', async (t) => {
  const ends = [
    [{ special: 1 }, ['case.special-procedure-started', 'case.special-procedure-ended', 'case.closed']],
    [{ rejected: 1 }, ['case.rejected']],
    [{ denied: 1 }, ['case.denied']],
  ] as const
  for (const [shares, wanted] of ends) {
    const { submit, events, types, until } = await openDepartment(t, {
      shares: { ...nobodyFails, ...shares },
    })
    await submit()
    await until(() => types().includes(wanted.at(-1)!))
    for (const type of wanted) t.ok(types().includes(type), type)
    t.ok(
      events.filter(({ type }) => /rejected|denied|started/.test(type)).every(({ detail }) => detail.reason),
    )
  }
})

t.test('a withdrawn case stops; withdrawing again is a duplicate', async (t) => {
  const { submit, adapter, attempt, linesOf } = await openDepartment(t)
  await submit()
  const { withdrawCase } = adapter.outgoing
  t.equal(await withdrawCase?.find?.(givens.withdrawal, attempt), null)
  t.match(await withdrawCase?.send(givens.withdrawal, attempt), { reference: String })
  t.match(await withdrawCase?.send(givens.withdrawal, attempt), { duplicate: true })
  t.match(await withdrawCase?.find?.(givens.withdrawal, attempt), { reference: String })
  t.match(linesOf('withdrawal'), [{ times: 1 }])
})

t.test('a wrong field is named and nothing is taken; a wrong key pauses the system', async (t) => {
  const { submit, settings, attempt, linesOf } = await openDepartment(t)
  const wrong: [Partial<CaseContent>, string][] = [
    [{ homeDivision: '110101' }, 'XZQHDM'],
    [{ applicant: { ...given.applicant, idNumber: '110105194912310021' } }, 'SQRZJHM'],
    [{ applicant: { ...given.applicant, name: '' } }, 'SQRMC'],
    [{ materials: [{ code: 'A', name: 'B', source: 'upload', files: [] }] }, 'ItemInfo'],
  ]
  for (const [change, field] of wrong) {
    const failure = await failureOf(submit({ ...given, ...change }))
    t.match(failure, { kind: 'rejected', code: field === 'ItemInfo' ? '2' : '4', message: new RegExp(field) })
  }
  const change = (more: object) => manifest.create({ ...settings, exGdbs: { ...settings.exGdbs!, ...more } })
  const extra = change({ fields: { BDNR: '$string(form)' } }).outgoing.submitCase?.send(given, attempt)
  t.match(await failureOf(extra), { kind: 'rejected', message: /BDNR/ }, 'a field that it does not know')
  const forged = change({ identifyKey: 'another-key' }).outgoing.submitCase?.send(given, attempt)
  t.match(await failureOf(forged), { kind: 'unauthorised' })
  t.same(linesOf('case'), [])
})

t.test('a report that the gateway refuses is made again until it is taken', async (t) => {
  const { submit, types, until, world, department } = await openDepartment(t, {
    shares: { ...nobodyFails, rejected: 1 },
  })
  world.refuseNext = 1
  await submit()
  await until(() => types().length === 1)
  t.same(types(), ['case.rejected'])
  t.equal(department.books().counts.eventsRefused, 1)
})

t.test('the published WSDL is the one that is served', async (t) => {
  const { adapter, attempt } = await openDepartment(t)
  t.match(await adapter.check?.(attempt), { ok: true })
})
