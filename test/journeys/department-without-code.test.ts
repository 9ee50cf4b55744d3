// The page that says how a department is connected without code, believed word for word: its YAML is taken from
// config/README.md, checked as the gateway checks it, and speaks to a server that was written to the interface alone.

import { createHash, createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings } from '../../adapters/department-rest/settings.ts'
import { cannedFiles } from '../../src/adapter-kit/conformance/stage.ts'
import type { AdapterManifest, Attempt, InboundMessage } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { adapters, environment, folder } from '../settings/folder.ts'

const SECRET = 'housing-fund-secret-of-tests'
const MOST_LINES = 60
const content = givens['case-online']
const failure = { name: 'AdapterFailure' }

const yaml = /<<'YAML'\n(# systems\/housing-fund\.yaml\n[\s\S]*?)YAML\n/.exec(
  readFileSync(new URL('../../config/README.md', import.meta.url), 'utf8'),
)?.[1]

// ---- the department, by its own manual ------------------------------------------------------------------------

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
const signed = (method: string, target: string, seconds: string, body: string | Buffer) =>
  createHmac('sha256', SECRET)
    .update(`${method}&${target}&${seconds}&${sha256(body)}`)
    .digest('hex')
    .toUpperCase()

interface Fund {
  url: string
  applications: Map<string, { serial: string; body: Record<string, unknown> }>
  withdrawn: string[]
  /** Takes the next application, but its answer is lost. */
  loseNextAnswer(): void
  busy: boolean
}

async function startFund(t: Test): Promise<Fund> {
  let lost = false
  const fund: Fund = {
    url: '',
    applications: new Map(),
    withdrawn: [],
    loseNextAnswer: () => {
      lost = true
    },
    busy: false,
  }
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const [status, answer] = served(fund, request, Buffer.concat(pieces))
    if (lost) {
      lost = false
      return void response.destroy()
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  fund.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return fund
}

type Answer = [status: number, body: Record<string, unknown>]

function served(fund: Fund, { method = '', url = '', headers }: IncomingMessage, body: Buffer): Answer {
  const seconds = String(headers.timestamp)
  const fresh = Math.abs(Date.now() / 1000 - Number(seconds)) < 300
  if (headers.appid !== 'tongban' || !fresh || headers.sign !== signed(method, url, seconds, body))
    return [200, { result: 'DENIED', text: '签名错误' }]
  if (fund.busy) return [200, { result: 'BUSY', text: '系统繁忙' }]
  const { pathname, searchParams } = new URL(url, 'http://any')
  const no = pathname.split('/')[4] ?? ''
  if (method === 'POST') return taken(fund, JSON.parse(body.toString()) as Record<string, unknown>)
  const known = fund.applications.get(no)
  if (!known) return [404, { result: 'NONE', text: '无此业务' }]
  if (method === 'DELETE') fund.withdrawn.push(`${no} ${searchParams.get('reason')}`)
  return [200, { result: 'OK', serial: known.serial }]
}

function taken({ applications }: Fund, body: Record<string, unknown>): Answer {
  const no = String(body.bizNo)
  const known = applications.get(no)
  if (known) return [200, { result: 'EXISTS', serial: known.serial }]
  const { item, person } = body as { item?: { code?: string }; person?: { type?: string } }
  if (!item?.code || person?.type !== 'ID') return [422, { result: 'BAD', text: '参数错误' }]
  const serial = `GJJ-${applications.size + 1}`
  applications.set(no, { serial, body })
  return [201, { result: 'OK', serial }]
}

function pushed(body: Record<string, unknown>, change: Partial<InboundMessage> = {}): InboundMessage {
  const bytes = Buffer.from(JSON.stringify(body))
  const path = '/v1/systems/housing-fund/events'
  const seconds = String(Math.floor(Date.now() / 1000))
  const headers = {
    'content-type': 'application/json',
    appid: 'tongban',
    timestamp: seconds,
    nonce: randomUUID(),
    sign: signed('POST', path, seconds, bytes),
  }
  return { method: 'POST', path, query: {}, headers, body: bytes, receivedAt: new Date(), ...change }
}

// ---- the gateway's side, from the page ------------------------------------------------------------------------

async function connect(t: Test) {
  const fund = await startFund(t)
  const place = folder(t, { 'systems/housing-fund.yaml': yaml ?? null, 'secrets/housing-fund': SECRET })
  const { systems } = await loadSettings({
    configDir: place.dir,
    dataDir: place.dataDir,
    env: { ...environment, HOUSING_FUND_URL: fund.url },
    adapters: new Map<string, AdapterManifest>([
      ...adapters,
      ['department-rest', manifest as AdapterManifest],
    ]),
  })
  const system = systems.get('housing-fund')
  if (!system) throw new Error('the page configures no system housing-fund')
  const { timeoutMs, concurrency } = system.delivery
  const client = systemHttpClient(manifest, system.settings, { timeoutMs, connections: concurrency })
  t.teardown(() => client.close())
  const attempt = (): Attempt => {
    const { signal } = new AbortController()
    return {
      signal,
      http: client.forAttempt(signal),
      key: 'trf_1',
      number: 1,
      now: () => new Date(),
      files: cannedFiles(),
    }
  }
  return { fund, adapter: manifest.create(system.settings as DepartmentSettings), attempt }
}

t.test('the page’s YAML is short enough to be written in an afternoon’s first hour', async (t) => {
  t.ok(yaml, 'config/README.md has the section and its YAML')
  const lines = (yaml ?? '').trimEnd().split('\n').length
  t.ok(lines <= MOST_LINES, `${lines} lines`)
})

t.test('a case is handed over, found, reported on and at its end', async (t) => {
  const { fund, adapter, attempt } = await connect(t)
  const { submitCase } = adapter.outgoing
  t.equal(await submitCase?.find?.(content, attempt()), null, 'not there yet')
  t.same(await submitCase?.send(content, attempt()), { reference: 'GJJ-1' })
  t.match(fund.applications.get(content.caseId)?.body, {
    item: { code: content.matter.code },
    channel: '1',
    time: '2026-11-23 09:12:05',
    person: { name: content.applicant.name, type: 'ID' },
    attachments: [{ of: 'M01', href: /^https:/ }],
  })
  t.same(await submitCase?.find?.(content, attempt()), { reference: 'GJJ-1' })

  const report = { msgId: 'M-1', bizNo: content.caseId, serial: 'GJJ-1', state: 'SL', at: '20261123093000' }
  const message = pushed(report)
  const reading = await adapter.incoming?.read(message)
  t.match(reading?.events, [{ id: 'M-1', type: 'case.accepted', caseId: content.caseId, reference: 'GJJ-1' }])
  const answer = adapter.incoming?.acknowledge({ ok: true, duplicate: false }, message)
  t.same(JSON.parse(answer?.body.toString() ?? ''), { result: 'OK' })
  const end = await adapter.incoming?.read(pushed({ ...report, msgId: 'M-2', state: 'BJ' }))
  t.match(end?.events, [{ type: 'case.closed' }])
})

t.test('a lost answer has one effect: it is found, and sent again it is a duplicate', async (t) => {
  const { fund, adapter, attempt } = await connect(t)
  const { submitCase } = adapter.outgoing
  fund.loseNextAnswer()
  await t.rejects(async () => submitCase?.send(content, attempt()), { ...failure, kind: 'uncertain' })
  t.same(await submitCase?.find?.(content, attempt()), { reference: 'GJJ-1' })
  t.same(await submitCase?.send(content, attempt()), { reference: 'GJJ-1', duplicate: true })
  t.equal(fund.applications.size, 1)
})

t.test('a withdrawal, a check, a busy and a refusing department, each by its name', async (t) => {
  const { fund, adapter, attempt } = await connect(t)
  const { submitCase, withdrawCase } = adapter.outgoing
  t.equal((await adapter.check?.(attempt()))?.ok, true)
  await submitCase?.send(content, attempt())
  await withdrawCase?.send(givens.withdrawal, attempt())
  t.same(fund.withdrawn, [`${content.caseId} 申请人撤回`])
  const nameless = { ...content, caseId: 'case_x', matter: { ...content.matter, code: '' } }
  await t.rejects(async () => submitCase?.send(nameless, attempt()), {
    ...failure,
    kind: 'rejected',
    code: 'BAD',
  })
  fund.busy = true
  await t.rejects(async () => submitCase?.send(content, attempt()), { ...failure, kind: 'throttled' })
})

t.test('a message that nobody signed, or of an unknown state, is no event', async (t) => {
  const { adapter } = await connect(t)
  const report = { msgId: 'M-1', bizNo: content.caseId, state: '??', at: '20261123093000' }
  const read = (message: InboundMessage) => async () => adapter.incoming?.read(message)
  await t.rejects(read(pushed(report, { headers: {} })), { ...failure, kind: 'unauthorised' })
  await t.rejects(read(pushed(report, { body: Buffer.from('{}') })), { ...failure, kind: 'unauthorised' })
  await t.rejects(read(pushed(report)), { ...failure, kind: 'unrecognised', code: '??' })
})
