// Callbacks of a platform that knows neither CloudEvents nor Standard Webhooks: form posts in GB18030 with a signature of
// its own.

import { createHash, createHmac } from 'node:crypto'
import t, { type Test } from 'tap'
import manifest from '../../adapters/platform-rest/manifest.ts'
import type { CallbackSettings } from '../../adapters/platform-rest/settings.ts'
import { encode } from '../../src/adapter-kit/charset.ts'
import { answering, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import { formFields } from '../../src/adapter-kit/form-fields.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { createAjv } from '../../src/settings/schemas.ts'

const note = givens.notification
const fields = {
  sqbh: 'data.externalId',
  zt: { from: 'type', values: { [note.type]: '30' } },
  sj: { from: 'time', time: 'yyyyMMddHHmmss' },
  yj: { from: 'data.reason', default: '同意' },
}
const message = { format: 'form', charset: 'gb18030', fields } as const
const md5: CallbackSettings['signing'] = {
  key: 'tongban',
  secret: 'callback-secret',
  algorithm: 'hash',
  digest: 'md5',
  encoding: 'hex-upper',
  time: 'local',
  canonical: '{sortedBody}{secret}',
  body: { key: 'appId', timestamp: 'ts', signature: 'sign' },
}

async function called(t: Test, callbacks: Omit<CallbackSettings, 'url'>, event = note) {
  const settings = { callbacks: { url: 'http://platform.example/cb?v=1', ...callbacks } }
  const valid = createAjv().compile(manifest.settings)
  t.ok(valid(settings), JSON.stringify(valid.errors))
  const server = await startServer(answering([{ body: {} }]))
  const stage = setStage(manifest, settings, server.origin)
  t.teardown(async () => {
    await stage.close()
    await server.close()
  })
  await stage.adapter.outgoing.notify?.send(event, stage.attempt())
  const [request] = server.received
  if (!request) throw new Error('nothing was received')
  return request
}

const read = (body: Buffer, charset: Charset = 'gb18030') =>
  Object.fromEntries(formFields(body, charset) ?? []) as Record<string, string>
const sorted = (values: Record<string, string>) =>
  Object.keys(values)
    .toSorted()
    .map((name) => `${name}=${values[name]}`)
    .join('&')

t.test('each field is one of the form, and the signature is among them', async (t) => {
  const { headers, body, target } = await called(t, { message, signing: md5 })
  t.equal(target, '/cb?v=1')
  t.equal(headers['content-type'], 'application/x-www-form-urlencoded; charset=gb18030')
  const { sign, ...sent } = read(body)
  t.match(sent, { zt: '30', yj: '同意', appId: 'tongban', ts: '20261123093000', sj: /^\d{14}$/ })
  t.notMatch(body.toString(), encodeURIComponent('同意'), 'not as UTF-8')
  const inGb18030 = encode(`${sorted(sent)}callback-secret`, 'gb18030')
  t.equal(sign, createHash('md5').update(inGb18030).digest('hex').toUpperCase())
})

t.test('beside a document in one field, in JSON, in the query, or in headers', async (t) => {
  const hmac = { ...md5, algorithm: 'hmac', digest: 'sha256', encoding: 'hex' } as const
  const of = (text: string) => createHmac('sha256', 'callback-secret').update(text).digest('hex')
  const embedded = await called(t, {
    message: { ...message, format: 'json', charset: 'utf-8', formField: 'params' },
    signing: { ...hmac, canonical: '{sortedBody}' },
  })
  const { sign, ...beside } = read(embedded.body, 'utf-8')
  t.match(JSON.parse(beside.params ?? ''), { zt: '30' })
  t.equal(sign, of(sorted(beside)))

  const json = { ...message, format: 'json', charset: 'utf-8' } as const
  const within = await called(t, { message: json, signing: { ...hmac, canonical: '{sortedBody}' } })
  const { sign: own, ...members } = JSON.parse(within.body.toString())
  t.equal(own, of(sorted(members)))

  const { body: names, ...bare } = hmac
  const inQuery = await called(t, {
    message: json,
    signing: { ...bare, query: { ...names }, canonical: '{timestamp}{body}' },
  })
  const query = new URL(inQuery.target, 'http://x').searchParams
  t.equal(query.get('sign'), of(`${query.get('ts')}${inQuery.body}`))

  const inHeaders = await called(t, { signing: { scheme: 'house', key: 'k', secret: 'callback-secret' } })
  t.equal(inHeaders.headers['content-type'], 'application/cloudevents+json; charset=utf-8')
  const { 'x-timestamp': at, 'x-nonce': nonce, 'x-signature': signature } = inHeaders.headers
  const hash = createHash('sha256').update(inHeaders.body).digest('hex')
  t.equal(signature, of(`POST\n${inHeaders.target}\n${at}\n${nonce}\n${hash}`))
})

t.test('what a form in GBK cannot hold is not sent; a list goes as JSON', async (t) => {
  const rare = { ...note, data: { ...note.data, reason: '补𬀩' } }
  const listed = { ...message, fields: { ...fields, list: { from: 'data.reason', split: '补' } } }
  t.equal(read((await called(t, { message: listed }, rare)).body).list, '["𬀩"]')
  await t.rejects(called(t, { message: { ...message, charset: 'gbk' } }, rare), {
    name: 'AdapterFailure',
    kind: 'unrecognised',
    sent: false,
    message: /gbk.*gb18030/,
  })
})

t.test('a signature that has no place in the message is said when the system is made', async (t) => {
  const made = (callbacks: Omit<CallbackSettings, 'url'>) => async () =>
    manifest.create({ callbacks: { url: 'http://platform.example', ...callbacks } })
  await t.rejects(made({ signing: md5 }), /callbacks\.signing\.body/)
  await t.rejects(made({ message: { ...message, format: 'xml' }, signing: md5 }), /callbacks\.signing\.body/)
  await t.rejects(made({ message, signing: { ...md5, secret: '' } }), /callbacks\.signing\.secret/)
  await t.rejects(made({ secrets: ['whsec_c2hvcnQ='] }), /密钥只有 5 字节.*tongban keys webhook/)
})
