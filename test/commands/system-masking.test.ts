// What proves who we are is hidden by its name, however a department writes it; everything else is shown.

import t from 'tap'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { personMask, proves, provesFor, secretMask } from '../../src/commands/system/masking.ts'
import { charsetIn, requestText } from '../../src/commands/system/request-text.ts'

const hidden = [
  'X-BG-HMAC-SIGNATURE',
  'x-signature',
  'X-Ca-Signature',
  'signature',
  'sign',
  'Sign',
  'SIGN',
  'appSign',
  'app_sign',
  'signData',
  'sign_data',
  'msgDigest',
  'msgdigest',
  'MsgDigest',
  'data_digest',
  'dataDigest',
  'mac',
  'X-MAC',
  'hmac',
  'Authorization',
  'Proxy-Authorization',
  'access_token',
  'accessToken',
  'ACCESSTOKEN',
  'appSecret',
  'appsecret',
  'x-tif-nonce',
  'nonce',
  'Set-Cookie',
  'password',
  'PASSWORD',
]
const shown = [
  'x-app-key',
  'X-BG-HMAC-ACCESS-KEY',
  'X-BG-HMAC-ALGORITHM',
  'X-BG-DATE-TIME',
  'design',
  'assign',
  'signType',
  'signedAt',
  'no',
  'name',
  'tokenless',
  'stomach',
  '',
]

t.test('names that prove are known in every spelling, others are not', async (t) => {
  for (const name of hidden) t.ok(proves(name), name)
  for (const name of shown) t.notOk(proves(name), name)
})

t.test('a name that the settings give to a signature is hidden too', async (t) => {
  const own = provesFor({ signing: { headers: { signature: 'X-Check' }, query: { nonce: 'rnd' } } })
  t.ok(own('x-check') && own('RND') && own('sign'))
  t.notOk(own('x-time'))
})

t.test('a request is shown without any of them: headers, query, JSON, form, XML', async (t) => {
  const mask = secretMask([])
  const at = { method: 'POST', url: 'http://d.example/a?n=1&msgDigest=d0d0' } as const
  const cases: [type: string, body: string][] = [
    ['application/json', '{"data":{"data_digest":"d0d0"},"n":"1","X-BG-HMAC-SIGNATURE":"d0d0"}'],
    ['application/x-www-form-urlencoded', 'n=1&msgDigest=d0d0'],
    ['application/xml', '<a n="1" sign="d0d0"><MsgDigest>d0d0</MsgDigest><n>1</n></a>'],
  ]
  for (const [type, body] of cases) {
    const headers = { 'content-type': type, 'X-BG-HMAC-SIGNATURE': 'd0d0' }
    const text = requestText({ ...at, headers, body: { bytes: Buffer.from(body), whole: true } }, { mask })
    const all = [text.line, ...text.headers, ...text.body].join('\n')
    t.notMatch(all, /d0d0/, all)
    t.match(all, /\*\*\* \(4 characters\)/)
    t.match(
      text.headers,
      ['content-type', 'x-bg-hmac-signature: *** (4 characters)'].map(
        (one) => new RegExp(`^${one.replace(/[*()]/g, '\\$&')}`),
      ),
    )
    t.match(all, /1/)
  }
})

const FORM = 'application/x-www-form-urlencoded'
const bodyOf = (type: string, body: string, charset?: Charset): string[] =>
  requestText(
    {
      method: 'POST',
      url: 'http://d.example/',
      headers: { 'content-type': type },
      body: { bytes: Buffer.from(body, 'latin1'), whole: true },
    },
    { mask: personMask(['李雷']), ...(charset ? { charset } : {}) },
  ).body

t.test('a form is read in its charset, so that persons in it are masked', async (t) => {
  t.same(bodyOf(`${FORM}; charset=utf-8`, 'xm=%E6%9D%8E%E9%9B%B7&a=b+c'), ['xm=‹person 1›', 'a=b c'])
  t.same(bodyOf(`${FORM}; charset=GB2312`, 'xm=%C0%EE%C0%D7&%D0%D5=1'), ['xm=‹person 1›', '姓=1'])
  t.same(bodyOf(`${FORM}; charset=gbk`, 'xm=\xc0\xee\xc0\xd7'), ['xm=‹person 1›'])
  t.same(bodyOf(FORM, 'xm=%C0%EE%C0%D7', 'gbk'), ['(gbk)', 'xm=‹person 1›'])
  t.same(bodyOf(`${FORM}; charset=gbk`, '%73ign=d0d0'), ['sign=*** (4 characters)'])
})

t.test('what is no text of the charset is hidden as a whole', async (t) => {
  t.same(bodyOf(`${FORM}; charset=utf-8`, 'xm=%C0%EE%C0%D7&a=1'), ['*** (15 characters)', 'a=1'])
  t.same(bodyOf(`${FORM}; charset=gbk`, 'xm=%C0&a=1'), ['*** (6 characters)', 'a=1'])
  t.match(bodyOf(`${FORM}; charset=big5`, 'xm=%A7%F5'), [/^9 bytes, SHA-256 /])
  const at = { method: 'GET', url: 'http://d.example/a?xm=%C0%EE%C0%D7&n=%E6%9D%8E', headers: {}, body: null }
  t.equal(
    requestText(at, { mask: secretMask([]) }).line,
    'GET http://d.example/a?*** (15 characters)&n=%E6%9D%8E',
  )
})

t.test('the charset of settings is known by its usual names', async (t) => {
  t.same([{ charset: 'GB2312' }, { charset: 'utf8mb4' }, {}, undefined].map(charsetIn), [
    'gbk',
    'utf-8',
    'utf-8',
    'utf-8',
  ])
})
