// A proof that travels elsewhere than in headers of its own, seen by the department that receives it.

import { createHash, createHmac } from 'node:crypto'
import t from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings, SigningSettings } from '../../adapters/department-rest/settings.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import { good, plain, startDepartment } from './department-rest-stage.ts'

const content = givens['case-online']
const SECRET = 's3cret-of-tests'
const names = { key: 'appKey', timestamp: 'timestamp', signature: 'sign' }
const base: SigningSettings = {
  scheme: 'hmac',
  key: 'city',
  secret: SECRET,
  time: 'local-spaced',
  algorithm: 'hash',
  digest: 'md5',
  encoding: 'hex-upper',
  canonical: '{secret}{sortedParameters}{secret}',
  sorted: { equals: '', join: '' },
}
const body = { no: '=caseId', who: '=applicant.name', empty: '' }
type Send = NonNullable<NonNullable<DepartmentSettings['operations']>['submitCase']>['send']

async function sent(t: Tap, signing: SigningSettings, send: Partial<NonNullable<Send>> = {}) {
  const operations = { submitCase: { send: { method: 'POST', path: '/cases?v=2', body, ...send } as const } }
  const { adapter, attempt, server } = await startDepartment(t, { operations, signing }, good)
  await adapter.outgoing.submitCase?.send(content, attempt())
  const received = server.received[0]
  if (!received) throw new Error('nothing was received')
  return received
}
type Tap = Parameters<typeof startDepartment>[0]

const md5 = (text: string) => createHash('md5').update(text).digest('hex').toUpperCase()
const localTime = '2026-11-23 09:30:00'

t.test('a form holds key, time and signature among its fields', async (t) => {
  const received = await sent(t, { ...base, body: names }, { as: 'form' })
  const fields = Object.fromEntries(new URLSearchParams(received.body.toString()))
  const { sign, ...rest } = fields
  t.equal(rest.appKey, 'city')
  const signed = Object.entries({ ...rest, v: '2' })
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}${value}`)
    .join('')
  t.equal(sign, md5(`${SECRET}${signed}${SECRET}`))
})

t.test('JSON is sent with its signature in the query, which covers the rest of the query', async (t) => {
  const received = await sent(t, { ...base, query: names })
  const query = new URL(received.target, 'http://any').searchParams
  const told = JSON.parse(received.body.toString()) as Record<string, string>
  const time = query.get('timestamp') ?? ''
  t.equal(query.get('sign'), md5(`${SECRET}appKeycityno${told.no}timestamp${time}v2who${told.who}${SECRET}`))
  t.match(time, localTime.slice(0, 11))
  t.same(Object.keys(told), ['no', 'who', 'empty'], 'the body is not touched')
})

t.test('an Authorization header is written by its template', async (t) => {
  const received = await sent(t, {
    scheme: 'hmac',
    key: 'city',
    secret: Buffer.from(SECRET).toString('base64'),
    secretEncoding: 'base64',
    time: 'iso',
    canonical: '{method} {timestamp} {bodyHash}',
    bodyHash: { digest: 'md5', encoding: 'base64' },
    headers: { timestamp: 'X-Date', bodyHash: 'Content-MD5' },
    authorization: 'CITY {key}:{signature}',
  })
  const hash = createHash('md5').update(received.body).digest('base64')
  const time = String(received.headers['x-date'])
  t.equal(Math.floor(GIVEN_NOW.getTime() / 1000), Date.parse(time) / 1000)
  t.equal(received.headers['content-md5'], hash)
  const signature = createHmac('sha256', SECRET).update(`POST ${time} ${hash}`).digest('hex')
  t.equal(received.headers.authorization, `CITY city:${signature}`)
  t.notOk(received.headers['x-app-key'], 'and nothing of the house form')
})

t.test(
  'files stream by while a proof is in the query; where the string needs their bytes, nothing is sent',
  async (t) => {
    const multipart = { as: 'multipart', body: { no: '=caseId', file: '=materials.files' } } as const
    const hashed: SigningSettings = {
      ...base,
      canonical: '{secret}{query}{bodyHash}',
      digest: 'sha256',
      query: names,
    }
    const received = await sent(t, hashed, multipart)
    const { searchParams, search } = new URL(received.target, 'http://any')
    const query = search.slice(1).replace(/&sign=.*$/, '')
    const hash = createHash('sha256').update(received.body).digest('hex')
    const expected = createHash('sha256').update(`${SECRET}${query}${hash}`).digest('hex').toUpperCase()
    t.equal(searchParams.get('sign'), expected)
    await t.rejects(sent(t, { ...base, query: names }, multipart), {
      name: 'AdapterFailure',
      kind: 'unrecognised',
      sent: false,
    })
  },
)

t.test('a body that has no members cannot carry a proof: nothing is sent', async (t) => {
  for (const send of [
    { as: 'text', body: 'caseId' },
    { as: 'json', body: ['=caseId'] },
  ] as const)
    await t.rejects(sent(t, { ...base, body: names }, send), {
      name: 'AdapterFailure',
      kind: 'unrecognised',
      sent: false,
    })
})

t.test('a department’s own messages are verified where the proof is', async (t) => {
  const { incoming } = manifest.create({
    ...plain,
    signing: { ...base, body: names },
    statuses: { '30': 'case.accepted' },
    incoming: { as: 'form', caseId: 'no', status: 'st', time: 'at' },
  })
  const fields = { appKey: 'city', at: '20261123093000', no: 'case_1', st: '30', timestamp: localTime }
  const sign = md5(`${SECRET}${Object.entries(fields).flat().join('')}${SECRET}`)
  const message = (form: Record<string, string>) => ({
    method: 'POST',
    path: '/v1/systems/fund/events',
    query: {},
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(form).toString()),
    receivedAt: new Date('2026-11-23T01:31:00Z'),
  })
  const reading = await incoming?.read(message({ ...fields, sign }))
  t.match(reading?.events, [{ type: 'case.accepted', caseId: 'case_1' }])
  const unauthorised = { name: 'AdapterFailure', kind: 'unauthorised' }
  await t.rejects(async () => incoming?.read(message({ ...fields, no: 'case_2', sign })), unauthorised)
  await t.rejects(async () => incoming?.read(message(fields)), unauthorised)
})

t.test('a request without a body carries in its query what others carry in their bodies', async (t) => {
  const received = await sent(t, { ...base, body: names }, {
    method: 'GET',
    path: '/status',
    body: undefined,
    query: { no: '{caseId}' },
  } as never)
  const { sign, ...rest } = Object.fromEntries(new URL(received.target, 'http://any').searchParams)
  t.match(rest, { no: content.caseId, appKey: 'city' })
  const signed = Object.keys(rest)
    .sort()
    .map((name) => `${name}${rest[name]}`)
    .join('')
  t.equal(sign, md5(`${SECRET}${signed}${SECRET}`))
  t.equal(received.body.length, 0)
})

const flat = (fields: Record<string, string>): string =>
  `<xml>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</xml>`

t.test('XML of one level holds its proof among its elements', async (t) => {
  const received = await sent(t, { ...base, body: names }, { as: 'xml', body: { xml: body } })
  const told = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(received.body.toString())?.[1]
  const signed = `appKeycityno${content.caseId}timestamp${localTime}v2who${content.applicant.name}`
  t.equal(told('timestamp'), localTime)
  t.equal(told('sign'), md5(`${SECRET}${signed}${SECRET}`))
  for (const nested of [{ xml: { head: { no: 1 } } }, { xml: { '@version': '1', no: 1 } }, { xml: 'text' }])
    await t.rejects(sent(t, { ...base, body: names }, { as: 'xml', body: nested }), {
      name: 'AdapterFailure',
      kind: 'unrecognised',
      sent: false,
    })
})

t.test('XML of one level is verified, and known again whatever proves it anew', async (t) => {
  const { incoming } = manifest.create({
    ...plain,
    signing: { ...base, body: names },
    statuses: { '30': 'case.accepted' },
    incoming: { as: 'xml', caseId: 'xml.no', status: 'xml.st', time: '$now()' },
  })
  const message = (xml: string) => ({
    method: 'POST',
    path: '/v1/systems/fund/events',
    query: {},
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: Buffer.from(xml),
    receivedAt: GIVEN_NOW,
  })
  const proved = (timestamp: string) => {
    const fields = { appKey: 'city', no: 'case_1', st: '30', timestamp }
    const sign = md5(`${SECRET}${Object.entries(fields).flat().join('')}${SECRET}`)
    return { ...fields, sign }
  }
  const read = async (xml: string) => (await incoming?.read(message(xml)))?.events?.[0]
  const first = await read(flat(proved(localTime)))
  t.match(first, { type: 'case.accepted', caseId: 'case_1' })
  t.equal((await read(flat(proved('2026-11-23 09:31:00'))))?.id, first?.id)
  const unauthorised = { name: 'AdapterFailure', kind: 'unauthorised' }
  const good = proved(localTime)
  await t.rejects(read(flat({ ...good, no: 'case_2' })), unauthorised)
  await t.rejects(read(flat(good).replace('<xml>', '<xml><sign>0</sign>')), unauthorised, 'twice')
  await t.rejects(read(flat(good).replace('<no>case_1</no>', '<no a="1">case_1</no>')), unauthorised)
  await t.rejects(read(flat({ ...good, st: '<x>30</x>' })), unauthorised, 'nested')
  await t.rejects(read(flat(good).replace('<xml>', '<xml kind="2">')), unauthorised, 'an attribute')
})
