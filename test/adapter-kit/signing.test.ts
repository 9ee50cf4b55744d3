import { createHmac, hash } from 'node:crypto'
import t from 'tap'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { keyedHash } from '../../src/adapter-kit/signing/keyed-hash.ts'
import {
  basic,
  bearer,
  type HmacScheme,
  hmacSigner,
  hmacVerifier,
  signedForms,
  standardWebhooks,
} from '../../src/adapter-kit/signing.ts'

const at = new Date('2026-11-23T01:30:00Z')
const body = Buffer.from('{"outerNo":"case_1"}')
const refused = { name: 'AdapterFailure', kind: 'unauthorised' }
const house: HmacScheme = { ...signedForms.house, key: 'health', secrets: ['new', 'old'] }

function received(headers: Record<string, string>, change: Partial<InboundMessage> = {}): InboundMessage {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return { method: 'POST', path: '/events', query: {}, headers: lower, body, receivedAt: at, ...change }
}

t.test('the house form is what its description says', async (t) => {
  const headers = hmacSigner(house)({ method: 'POST', target: '/a?b=1', body, at, nonce: 'n0nce' })
  const canonical = `POST\n/a?b=1\n${at.getTime()}\nn0nce\n${hash('sha256', body)}`
  t.same(headers, {
    'X-App-Key': 'health',
    'X-Timestamp': String(at.getTime()),
    'X-Nonce': 'n0nce',
    'X-Signature': createHmac('sha256', 'new').update(canonical).digest('hex'),
  })
})

t.test('each request has its own nonce', async (t) => {
  const sign = hmacSigner(house)
  const request = { method: 'POST', target: '/', body, at }
  t.not(sign(request)['X-Nonce'], sign(request)['X-Nonce'])
})

t.test('a signature fits only what was signed', async (t) => {
  const verify = hmacVerifier(house)
  const headers = hmacSigner(house)({ method: 'POST', target: '/events', body, at })
  t.doesNotThrow(() => verify(received(headers)))
  t.throws(() => verify(received(headers, { body: Buffer.from('{}') })), refused)
  t.throws(() => verify(received(headers, { path: '/other' })), refused)
  t.throws(() => verify(received(headers, { method: 'PUT' })), refused)
  t.throws(() => verify(received(headers, { query: { x: '1' } })), refused)
  for (const name of Object.keys(headers)) {
    t.throws(() => verify(received({ ...headers, [name]: `${headers[name]}0` })), refused, `${name} changed`)
    const { [name]: _, ...rest } = headers
    t.throws(() => verify(received(rest)), refused, `${name} missing`)
  }
})

t.test('the query is part of the target, wherever the server put it', async (t) => {
  const verify = hmacVerifier(house)
  const headers = hmacSigner(house)({ method: 'POST', target: '/events?b=1&a=%E5%BC%A0', body, at })
  t.doesNotThrow(() => verify(received(headers, { path: '/events?b=1&a=%E5%BC%A0' })))
  t.doesNotThrow(() => verify(received(headers, { query: { b: '1', a: '张' } })))
})

t.test('299 s away is in time, 301 s is not, either way', async (t) => {
  const verify = hmacVerifier(house)
  const headers = hmacSigner(house)({ method: 'POST', target: '/events', body, at })
  for (const [seconds, fits] of [
    [299, true],
    [-299, true],
    [301, false],
    [-301, false],
  ] as const) {
    const message = received(headers, { receivedAt: new Date(at.getTime() + seconds * 1000) })
    if (fits) t.doesNotThrow(() => verify(message), `${seconds} s`)
    else t.throws(() => verify(message), refused, `${seconds} s`)
  }
})

t.test('while a secret is rotated both are accepted', async (t) => {
  const request = { method: 'POST', target: '/events', body, at }
  t.doesNotThrow(() => hmacVerifier(house)(received(hmacSigner({ ...house, secrets: ['old'] })(request))))
  t.throws(
    () => hmacVerifier(house)(received(hmacSigner({ ...house, secrets: ['older'] })(request))),
    refused,
  )
})

t.test('provincial forms and SM3 verify what they sign', async (t) => {
  const forms: HmacScheme[] = [
    { ...signedForms['guangdong-tif'], key: 'pass', secrets: ['token'] },
    { ...signedForms['zhejiang-irs'], key: 'ak', secrets: ['sk'] },
    { ...house, digest: 'sm3' },
  ]
  for (const form of forms) {
    const headers = hmacSigner(form)({ method: 'POST', target: '/events?b=2&a=1', body, at })
    t.doesNotThrow(() => hmacVerifier(form)(received(headers, { query: { b: '2', a: '1' } })))
    t.throws(
      () => hmacVerifier({ ...form, secrets: ['wrong'] })(received(headers, { query: { b: '2', a: '1' } })),
      refused,
    )
  }
  const tif = hmacSigner(forms[0] as HmacScheme)({ method: 'GET', target: '/', body, at, nonce: 'n' })
  const seconds = Math.floor(at.getTime() / 1000)
  t.equal(tif['x-tif-signature'], hash('sha256', `${seconds}tokenn${seconds}`))
})

t.test('the keyed hash is HMAC', async (t) => {
  for (const digest of ['sha256', 'sm3'] as const) {
    for (const secret of ['a', 'x'.repeat(64), '密钥'.repeat(40)]) {
      for (const text of ['', 'abc', '中文𬀩'.repeat(10), '长'.repeat(5000)]) {
        t.equal(keyedHash(digest, secret, 'hex')(text), createHmac(digest, secret).update(text).digest('hex'))
      }
    }
  }
})

t.test('Standard Webhooks: the published example, rotation and tampering', async (t) => {
  const published = standardWebhooks(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])
  const sentAt = new Date(1614265330_000)
  const content = '{"test": 2432232314}'
  const headers = published.sign('msg_p5jXN8AQM9LWM0D4loKWxJek', sentAt, content)
  t.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')

  const message = { headers, body: Buffer.from(content), receivedAt: sentAt }
  t.equal(published.verify(message), 'msg_p5jXN8AQM9LWM0D4loKWxJek')
  t.throws(() => published.verify({ ...message, body: Buffer.from('{}') }), refused)
  t.throws(() => published.verify({ ...message, receivedAt: new Date(sentAt.getTime() + 301_000) }), refused)

  const rotating = standardWebhooks(['whsec_bmV3', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])
  t.doesNotThrow(() => published.verify({ ...message, headers: rotating.sign('m', sentAt, content) }))
  t.doesNotThrow(() => rotating.verify(message))
})

t.test('bearer and basic say who we are and know who they are', async (t) => {
  const tokens = bearer(['t1', 't0'])
  const request = { method: 'GET', target: '/', body, at }
  t.same(tokens.sign(request), { Authorization: 'Bearer t1' })
  t.doesNotThrow(() => tokens.verify(received({ Authorization: 'Bearer t0' })))
  t.throws(() => tokens.verify(received({ Authorization: 'Bearer t2' })), refused)
  const account = basic('汴', 'p:w')
  t.doesNotThrow(() => account.verify(received(account.sign(request))))
  t.throws(() => account.verify(received({})), refused)
})
