// Characters that a department's charset lacks, as they arrive there or do not: never as a question mark.

import { createHash, createHmac } from 'node:crypto'
import t from 'tap'
import type {
  DepartmentSettings,
  RequestSettings,
  SigningSettings,
} from '../../adapters/department-rest/settings.ts'
import { decode, encode, encodeWhole } from '../../src/adapter-kit/charset.ts'
import type { CaseContent } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { startDepartment, type Tap } from './department-rest-stage.ts'

const RARE = '张晓𬀩'
const content: CaseContent = { ...givens['case-online'], form: { shopName: `${RARE}?"\\` } }

const speaking = (
  send: Omit<RequestSettings, 'method' | 'path'>,
  more: Partial<DepartmentSettings> = {},
): Partial<DepartmentSettings> => ({
  charset: 'gbk',
  ...more,
  operations: { submitCase: { send: { method: 'POST', path: '/cases', ...send } } },
})

async function sent(t: Tap, settings: Partial<DepartmentSettings>, given = content) {
  const { adapter, attempt, server } = await startDepartment(t, settings)
  await adapter.outgoing.submitCase?.send(given, attempt())
  const [request] = server.received
  if (!request) throw new Error('nothing was received')
  return request
}

t.test('JSON in GBK writes what GBK lacks as escapes, and leaves the rest as it is', async (t) => {
  const { headers, body } = await sent(t, speaking({ body: { name: '=form.shopName', 𬀩: 'é' } }))
  t.equal(headers['content-type'], 'application/json; charset=gbk')
  const text = decode(body, 'gbk') ?? ''
  t.equal(text, '{"name":"张晓\\ud870\\udc29?\\"\\\\","\\ud870\\udc29":"é"}')
  t.same(JSON.parse(text), { name: content.form.shopName, 𬀩: 'é' })
})

t.test('GB18030 has every character but one that is not mapped back', async (t) => {
  const given = { ...content, form: { v: `${RARE}\ue5e5` } }
  const { body } = await sent(t, speaking({ body: { v: '=form.v' } }, { charset: 'gb18030' }), given)
  t.equal(decode(body, 'gb18030'), `{"v":"${RARE}\\ue5e5"}`)
})

t.test('UTF-8 writes all of them', async (t) => {
  const { body } = await sent(t, speaking({ body: { v: '=form.shopName' } }, { charset: 'utf-8' }))
  t.equal(body.toString(), JSON.stringify({ v: content.form.shopName }))
})

t.test('a signature over the body covers the escapes', async (t) => {
  const signing: SigningSettings = { scheme: 'hmac', key: 'k', secret: 's', canonical: '{timestamp}{body}' }
  const { headers, body } = await sent(t, speaking({ body: { v: '=form.shopName' } }, { signing }))
  const expected = createHmac('sha256', 's').update(String(headers['x-timestamp'])).update(body)
  t.equal(headers['x-signature'], expected.digest('hex'))
})

t.test('path and query are written and signed over the bytes of the charset', async (t) => {
  const signing: SigningSettings = {
    scheme: 'hmac',
    key: 'k',
    secret: 's',
    canonical: '{timestamp}{sortedParameters}',
    sorted: { escaped: false },
  }
  const operation = (shop: string): Partial<DepartmentSettings> => ({
    charset: 'gbk',
    signing,
    operations: {
      submitCase: {
        send: {
          method: 'GET',
          path: '/cases/{form.shopName}',
          query: { 店名: shop, b: '{applicant.type} 1~' },
        },
      },
    },
  })
  const given = { ...content, form: { shopName: '张晓' } }
  const { target, headers } = await sent(t, operation('{form.shopName}'), given)
  t.equal(target, '/rest/cases/%D5%C5%CF%FE?%B5%EA%C3%FB=%D5%C5%CF%FE&b=person%201~')
  const signed = encode(`${headers['x-timestamp']}b=person 1~&店名=张晓`, 'gbk')
  t.equal(headers['x-signature'], createHmac('sha256', 's').update(signed).digest('hex'))
  const double = await sent(t, operation('{form.shopName}'), { ...content, form: { shopName: '珺1' } })
  t.equal(double.target.split('?')[0], '/rest/cases/%AC%421', 'no byte of a character is left as a letter')
  // What the charset lacks goes nowhere.
  await t.rejects(sent(t, operation(RARE), given), { name: 'AdapterFailure', message: /gbk lacks/ })
})

t.test('form, text and multipart cannot hold it: nothing is sent, and no name is told', async (t) => {
  const forms: Omit<RequestSettings, 'method' | 'path'>[] = [
    { as: 'form', body: { v: '=form.shopName' } },
    { as: 'form', body: { 𬀩: 1 } },
    { as: 'form', body: { v: '=form' } },
    { as: 'text', body: 'form.shopName' },
    { as: 'multipart', body: { v: '=form.shopName' } },
    { as: 'multipart', body: { 𬀩: 'x' } },
    { as: 'multipart', body: { f: '=materials.files.{ "sha256": sha256, "fileName": $$.form.shopName }' } },
  ]
  for (const send of forms) {
    const { adapter, attempt, server } = await startDepartment(t, speaking(send))
    try {
      await adapter.outgoing.submitCase?.send(content, attempt())
      t.fail(JSON.stringify(send))
    } catch (error) {
      t.match(error, { name: 'AdapterFailure', kind: 'unrecognised', sent: false })
      t.match((error as Error).message, /gbk 没有的字符 \(.*gbk lacks\)/)
      t.notMatch((error as Error).message, /[张晓𬀩]/u)
    }
    t.equal(server.received.length, 0)
  }
})

t.test('what GBK has goes in every form as before', async (t) => {
  const given = { ...content, form: { shopName: '张晓?' } }
  const text = await sent(t, speaking({ as: 'text', body: 'form.shopName' }), given)
  t.strictSame(text.body, encode('张晓?', 'gbk'))
  const form = await sent(t, speaking({ as: 'form', body: { v: '=form.shopName & "珺1 "' } }), given)
  t.equal(form.body.toString(), 'v=%D5%C5%CF%FE%3F%AC%421+')
  const multipart = await sent(t, speaking({ as: 'multipart', body: { v: '=form.shopName' } }), given)
  t.match(decode(multipart.body, 'gbk'), /\r\n\r\n张晓\?\r\n/)
})

t.test('a string to sign that the charset cannot hold is not signed', async (t) => {
  const signing: SigningSettings = {
    scheme: 'hmac',
    key: 'k',
    secret: 's',
    algorithm: 'hash',
    digest: 'md5',
    canonical: '{timestamp}{sortedBody}{secret}',
  }
  const settings = speaking({ body: { v: '=form.shopName' } }, { signing })
  await t.rejects(sent(t, settings), { name: 'AdapterFailure', kind: 'unrecognised', sent: false })
  const given = { ...content, form: { shopName: '张晓' } }
  const { headers } = await sent(t, settings, given)
  const signed = encode(`${String(headers['x-timestamp'])}v=张晓s`, 'gbk')
  t.equal(headers['x-signature'], createHash('md5').update(signed).digest('hex'))
})

t.test('a question mark of the text itself is not taken for one that stands for another', async (t) => {
  t.strictSame(encodeWhole('？?', 'gbk'), encode('？?', 'gbk'))
  t.equal(encodeWhole(RARE, 'gbk'), undefined)
  t.strictSame(encodeWhole(RARE, 'utf-8'), Buffer.from(RARE))
})

t.test('an answer is read as its type says, or as the department is known to write', async (t) => {
  async function answered(bytes: Buffer, type: string, charset: 'gbk' | 'utf-8' = 'gbk') {
    const { adapter, attempt } = await startDepartment(t, speaking({ body: {} }, { charset }), (response) =>
      response.writeHead(200, { 'content-type': type }).end(bytes),
    )
    return adapter.outgoing.submitCase?.send(content, attempt())
  }
  const text = JSON.stringify({ code: 0, no: '汴受〔2026〕1号' })
  const [gbk, utf8] = [encode(text, 'gbk'), Buffer.from(text)]
  const received = { reference: '汴受〔2026〕1号' }
  t.match(await answered(gbk, 'application/json; charset=ISO-8859-1'), received)
  t.match(await answered(gbk, 'text/html; charset=utf-8'), received)
  t.match(await answered(gbk, 'text/html'), received)
  t.match(await answered(utf8, 'application/json; charset=utf-8'), received)
  const nobodys = answered(gbk, 'application/json; charset=utf-8', 'utf-8')
  await t.rejects(nobodys, { message: /not in the one it names/ })
})
