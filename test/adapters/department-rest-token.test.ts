// A token beside a signature, and token endpoints that do not speak as RFC 6749 has it.

import { createHmac } from 'node:crypto'
import t from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings, SigningSettings } from '../../adapters/department-rest/settings.ts'
import { captureHttp } from '../../src/adapter-kit/capture.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { createAjv } from '../../src/settings/schemas.ts'
import { plain, startDepartment, type Tap } from './department-rest-stage.ts'

const content = givens['case-online']
const operations = {
  submitCase: { send: { method: 'POST', path: '/cases', body: { no: '=caseId' } } },
} as const
const url = 'http://department.example/token'

const signed: SigningSettings = {
  scheme: 'hmac',
  key: 'tongban',
  secret: 'sign-secret',
  canonical: '{sortedParameters}',
  body: { key: 'appId', timestamp: 'ts', signature: 'sign' },
}
const own = {
  url,
  secret: 'token-secret',
  as: 'json',
  fields: { appId: '{key}', appSecret: '{secret}', type: 'app' },
  answer: { token: 'data.accessToken', seconds: 'data.expiresIn' },
  header: 'X-Access-Token',
  value: '{token}',
} as const

/** Gives tokens t1, t2, … by either form; `served` are the headers of the cases, of which 401 answers `refused`. */
async function department(t: Tap, signing: SigningSettings, refused: readonly string[] = []) {
  const asked: { method: string; target: string; body: string }[] = []
  const served: string[] = []
  const settings: Partial<DepartmentSettings> = { codes: { ...plain.codes }, operations, signing }
  const { adapter, attempt, server } = await startDepartment(t, settings, (response, request) => {
    const { target, headers, body, method } = request
    if (target.includes('/token')) {
      asked.push({ method, target, body: body.toString() })
      const token = `t${asked.length}`
      if (body.includes('wrong') || target.includes('wrong'))
        return void response.end('{"code":500,"msg":"no"}')
      return void response.end(
        JSON.stringify({ access_token: token, data: { accessToken: token, expiresIn: '60' } }),
      )
    }
    const token = String(headers['x-access-token'] ?? headers.authorization)
    served.push(token)
    if (refused.includes(token)) return void response.writeHead(401).end()
    response.end(JSON.stringify({ code: 0, no: 'N-1' }))
  })
  return { asked, served, server, send: async () => adapter.outgoing.submitCase?.send(content, attempt()) }
}

t.test('a signature within the body and a token in its header travel together', async (t) => {
  const { send, asked, served, server } = await department(t, { ...signed, token: own })
  t.same(await send(), { reference: 'N-1' })
  t.same(await send(), { reference: 'N-1' })
  t.strictSame(
    asked.map(({ method, body }) => [method, JSON.parse(body)]),
    [['POST', { appId: 'tongban', appSecret: 'token-secret', type: 'app' }]],
    'one token for both',
  )
  t.same(served, ['t1', 't1'])
  const { sign, ...sent } = JSON.parse(server.received.at(-1)?.body.toString() ?? '')
  const string = Object.keys(sent)
    .toSorted()
    .map((name) => `${name}=${sent[name]}`)
    .join('&')
  t.equal(sign, createHmac('sha256', 'sign-secret').update(string).digest('hex'))
})

t.test('a token that is revoked is asked for anew, and the request made once more', async (t) => {
  const { send, asked, served } = await department(t, { ...signed, token: own }, ['t1'])
  t.same(await send(), { reference: 'N-1' })
  t.same([served, asked.length], [['t1', 't2'], 2])
})

t.test('fields may travel in a query or a form, and without any it is as RFC 6749 has it', async (t) => {
  const fields = { appid: '{key}', secret: '{secret}' }
  const inQuery = await department(t, { key: 'k&', secret: 's=', token: { url, as: 'query', fields } })
  t.same(await inQuery.send(), { reference: 'N-1' })
  t.match(inQuery.asked, [{ method: 'GET', target: '/token?appid=k%26&secret=s%3D' }])
  t.same(inQuery.served, ['Bearer t1'])
  const inForm = await department(t, { key: 'k', secret: 's', token: { url, fields } })
  await inForm.send()
  t.match(inForm.asked, [{ method: 'POST', body: 'appid=k&secret=s' }])
  const usual = await department(t, { ...signed, token: { url } })
  await usual.send()
  t.match(usual.asked, [{ body: 'grant_type=client_credentials' }])
})

t.test('an answer without a token pauses the system, nothing sent', async (t) => {
  const { send, served } = await department(t, { ...signed, token: { ...own, secret: 'wrong' } })
  await t.rejects(send(), {
    name: 'AdapterFailure',
    kind: 'unauthorised',
    sent: false,
    message: /data\.accessToken/,
  })
  t.same(served, [])
})

t.test('settings that make no sense together are said', async (t) => {
  const made = (signing: SigningSettings) => async () =>
    manifest.create({ ...plain, baseUrl: 'http://d.example', operations, signing } as DepartmentSettings)
  await t.rejects(made({ scheme: 'oauth2', key: 'k', secret: 's', tokenUrl: url, token: { url } }), /oauth2/)
  await t.rejects(made({ ...signed, token: { url, as: 'json' } }), /signing\.token\.fields/)
  await t.rejects(made({ token: { url } }), /signing\.token\.key/)
  const valid = createAjv().compile(manifest.settings)
  t.ok(
    valid({ baseUrl: 'http://d.example', signing: { ...signed, token: own } }),
    JSON.stringify(valid.errors),
  )
  t.notOk(valid({ baseUrl: 'http://d.example', signing: { ...signed, token: { ...own, value: 'x' } } }))
})

t.test('a rehearsal pretends such a token, and shows the request that it is for', async (t) => {
  const settings = {
    ...plain,
    baseUrl: 'http://department.example',
    operations,
    signing: { ...signed, token: own },
  } as DepartmentSettings
  const { http, requests } = captureHttp(manifest, settings)
  const attempt = {
    http,
    signal: new AbortController().signal,
    key: 'k',
    number: 1,
    now: () => new Date(),
    files: { link: () => '' },
  }
  await t.rejects(async () => manifest.create(settings).outgoing.submitCase?.send(content, attempt as never))
  t.match(requests, [{ url, forToken: true }, { headers: { 'X-Access-Token': 'pretended-token' } }])
})
