// Canonical strings of the forms that Chinese gateways use, recomputed here from node:crypto alone.

import { createHash, createHmac } from 'node:crypto'
import t from 'tap'
import { encode } from '../../src/adapter-kit/charset.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import {
  type HmacScheme,
  hmacProof,
  hmacSigner,
  hmacVerifier,
  type SmEnvelopeOptions,
  signedForms,
  sm2Verifier,
  smEnvelope,
} from '../../src/adapter-kit/signing.ts'

const at = new Date('2026-11-23T01:30:00Z')
const json = Buffer.from('{"name":"张晓","none":"","n":2,"list":[{"b":1}]}')
const refused = { name: 'AdapterFailure', kind: 'unauthorised' }
const own: HmacScheme = {
  ...signedForms.house,
  key: 'city',
  secrets: ['s3cret'],
  headers: { timestamp: 'X-Time', signature: 'X-Sign' },
}

const request = { method: 'POST', target: '/a?z=1&b=%E5%BC%A0', body: json, at, nonce: 'n' }
const signatureOf = (
  scheme: Partial<HmacScheme>,
  change: Partial<typeof request> & { contentType?: string } = {},
) => hmacSigner({ ...own, ...scheme })({ ...request, ...change })['X-Sign']

const hmac = (text: string | Buffer, key: string | Buffer = 's3cret') =>
  createHmac('sha256', key).update(text).digest('hex')

function received(headers: Record<string, string>, change: Partial<InboundMessage> = {}): InboundMessage {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return {
    method: 'POST',
    path: '/a?z=1&b=%E5%BC%A0',
    query: {},
    headers: lower,
    body: json,
    receivedAt: at,
    ...change,
  }
}

t.test('{body} is the body as it is sent, in its charset', async (t) => {
  t.equal(signatureOf({ canonical: '{timestamp}{body}' }), hmac(`${at.getTime()}${json}`))
  const gbk = Buffer.from('7b226e223a22d5c5227d', 'hex')
  t.equal(signatureOf({ canonical: '{body}', charset: 'gbk' }, { body: gbk }), hmac(gbk))
})

t.test('{body} is read in the charset that the message names, else in the scheme’s', async (t) => {
  const gbk = Buffer.from('7b226e223a22d5c5227d', 'hex')
  const text = gbk.toString('latin1').replace('\u00d5\u00c5', '张')
  const contentType = 'application/json; charset=GBK'
  const scheme: HmacScheme = { ...own, canonical: '{timestamp}{body}' }
  const headers = hmacSigner(scheme)({ ...request, body: gbk, contentType })
  t.equal(headers['X-Sign'], hmac(`${at.getTime()}${text}`), 'hashed in the charset of the scheme')
  const verify = hmacVerifier(scheme)
  const labelled = received({ ...headers, 'content-type': contentType }, { body: gbk })
  t.doesNotThrow(() => verify(labelled))
  t.throws(() => verify({ ...labelled, body: Buffer.from('7b226e223a22d5c6227d', 'hex') }), refused)
  const utf8 = { ...request, contentType: 'application/json; charset=utf-8' }
  const inUtf8 = hmacSigner({ ...scheme, charset: 'gbk' })(utf8)
  t.equal(inUtf8['X-Sign'], hmac(encode(`${at.getTime()}${json}`, 'gbk')))
})

t.test('what we sign is never replaced by a question mark; what we are sent is read as before', async (t) => {
  const body = Buffer.from(JSON.stringify({ n: '𬀩' }).replace('𬀩', '\\ud870\\udc29'))
  const scheme: HmacScheme = { ...own, canonical: '{timestamp}{sortedBody}', charset: 'gbk' }
  t.throws(() => hmacSigner(scheme)({ ...request, body }), {
    name: 'AdapterFailure',
    kind: 'unrecognised',
    sent: false,
  })
  const theirs = { 'X-Time': String(at.getTime()), 'X-Sign': hmac(`${at.getTime()}n=?`) }
  t.doesNotThrow(() => hmacVerifier(scheme)(received(theirs, { body })))
})

t.test('sorted parameters are by name, without empty ones, joined as the gateway wants', async (t) => {
  t.equal(signatureOf({ canonical: '{sortedBody}' }), hmac('list=[{"b":1}]&n=2&name=张晓'))
  t.equal(signatureOf({ canonical: '{sortedParameters}' }), hmac('b=张&list=[{"b":1}]&n=2&name=张晓&z=1'))
  const form = Buffer.from('name=%E5%BC%A0&b=+1&empty=')
  const contentType = 'application/x-www-form-urlencoded; charset=utf-8'
  t.equal(signatureOf({ canonical: '{sortedBody}' }, { body: form, contentType }), hmac('b= 1&name=张'))
  const gbk = Buffer.from('name=%D5%C5')
  const type = 'application/x-www-form-urlencoded; charset=gbk'
  t.equal(signatureOf({ canonical: '{sortedBody}' }, { body: gbk, contentType: type }), hmac('name=张'))
  const sorted = { equals: '', join: '', empty: true, escaped: true }
  t.equal(
    signatureOf({ canonical: '{sortedBody}', sorted }, { body: form, contentType }),
    hmac('b%201emptyname%E5%BC%A0'),
  )
  t.equal(signatureOf({ canonical: '{sortedBody}' }, { body: Buffer.alloc(0) }), hmac(''))
  t.throws(() => signatureOf({ canonical: '{sortedBody}' }, { body: Buffer.from('[1]') }), {
    name: 'AdapterFailure',
    kind: 'unrecognised',
    sent: false,
  })
})

t.test('MD5 of the sorted parameters and the secret, in upper case', async (t) => {
  const scheme: Partial<HmacScheme> = {
    algorithm: 'hash',
    digest: 'md5',
    encoding: 'hex-upper',
    canonical: '{sortedBody}&key={secret}',
  }
  const expected = createHash('md5')
    .update('list=[{"b":1}]&n=2&name=张晓&key=s3cret')
    .digest('hex')
    .toUpperCase()
  t.equal(signatureOf(scheme), expected)
})

t.test('the body’s hash by another digest, in Base64, as a header of its own', async (t) => {
  const scheme: HmacScheme = {
    ...own,
    canonical: '{method}\n{bodyHash}',
    bodyHash: { digest: 'md5', encoding: 'base64' },
    headers: { ...own.headers, bodyHash: 'Content-MD5' },
  }
  const md5 = createHash('md5').update(json).digest('base64')
  t.match(hmacSigner(scheme)(request), { 'Content-MD5': md5, 'X-Sign': hmac(`POST\n${md5}`) })
  const streamed = {
    ...request,
    body: Buffer.alloc(0),
    bodyHash: createHash('md5').update(json).digest('hex'),
  }
  t.match(hmacSigner(scheme)(streamed), { 'Content-MD5': md5, 'X-Sign': hmac(`POST\n${md5}`) })
})

t.test('secrets in hex or Base64 are the bytes they stand for; other digests too', async (t) => {
  const key = Buffer.from('00ff10ab', 'hex')
  const canonical = '{key}'
  t.equal(signatureOf({ canonical, secrets: ['00ff10AB'], secretEncoding: 'hex' }), hmac('city', key))
  t.equal(
    signatureOf({ canonical, secrets: [key.toString('base64')], secretEncoding: 'base64' }),
    hmac('city', key),
  )
  for (const digest of ['md5', 'sha1', 'sha512', 'sm3'] as const)
    for (const secret of ['s', 'long'.repeat(50)])
      t.equal(
        signatureOf({ canonical, digest, secrets: [secret] }),
        createHmac(digest, secret).update('city').digest('hex'),
        digest,
      )
})

t.test('times as they are written: local, spaced and ISO 8601, each read back and no other', async (t) => {
  for (const [time, written] of [
    ['local', '20261123093000'],
    ['local-spaced', '2026-11-23 09:30:00'],
    ['iso', '2026-11-23T01:30:00Z'],
  ] as const) {
    const scheme: HmacScheme = { ...own, time, canonical: '{timestamp}' }
    const headers = hmacSigner(scheme)(request)
    t.match(headers, { 'X-Time': written, 'X-Sign': hmac(written) })
    t.doesNotThrow(() => hmacVerifier(scheme)(received(headers)))
    const other = { 'X-Time': '1', 'X-Sign': hmac('1') }
    t.throws(() => hmacVerifier(scheme)(received(other)), refused)
    const late = new Date(at.getTime() + 301_000)
    t.throws(() => hmacVerifier(scheme)(received(headers, { receivedAt: late })), refused)
  }
})

t.test('one Authorization header carries them together, and is taken apart again', async (t) => {
  const scheme: HmacScheme = {
    ...own,
    canonical: '{key}{timestamp}{nonce}',
    headers: {},
    authorization: 'CITY-HMAC {key}:{timestamp}:{nonce}, Signature="{signature}"',
  }
  const headers = hmacSigner(scheme)(request)
  const signature = hmac(`city${at.getTime()}n`)
  t.same(headers, { Authorization: `CITY-HMAC city:${at.getTime()}:n, Signature="${signature}"` })
  t.doesNotThrow(() => hmacVerifier(scheme)(received(headers)))
  const value = headers.Authorization ?? ''
  for (const wrong of [
    value.replace(':n,', ':m,'),
    value.replace('city', 'town'),
    value.replace('city', ''),
    `X${value}`,
    `${value}X`,
    '',
  ])
    t.throws(() => hmacVerifier(scheme)(received({ Authorization: wrong })), refused, wrong)
  const pieces = ['a:', 'a, Signature="', 'x'].map((piece) => piece.repeat(1_000)).join('')
  const from = performance.now()
  const many: HmacScheme = { ...scheme, authorization: 'S {key}:{timestamp}:{nonce}:{signature}"' }
  t.throws(() => hmacVerifier(many)(received({ Authorization: `S ${pieces}` })), refused)
  t.ok(performance.now() - from < 1_000, 'at once, whatever it is made of')
})

t.test('in the query, and among the members of the body: covered by all but itself', async (t) => {
  const names = { key: 'appKey', timestamp: 'ts', nonce: 'nonce', signature: 'sign' }
  const query: HmacScheme = { ...own, canonical: '{target}|{sortedParameters}', headers: {}, query: names }
  const target = `/a?b=1&appKey=city&ts=${at.getTime()}&nonce=n`
  const signature = hmac(`${target}|appKey=city&b=1&nonce=n&ts=${at.getTime()}`)
  const asked = (path: string): InboundMessage => received({}, { path, body: Buffer.alloc(0) })
  t.doesNotThrow(() => hmacVerifier(query)(asked(`${target}&sign=${signature}`)))
  t.doesNotThrow(() => hmacVerifier(query)(asked(target.replace('?', `?sign=${signature}&`))))
  t.throws(() => hmacVerifier(query)(asked(`${target}&sign=${signature}&more=1`)), refused)
  t.throws(() => hmacVerifier(query)(asked(`${target}&sign=${signature}&sign=${signature}`)), refused)
  t.throws(() => hmacVerifier(query)(asked(target)), refused)

  const body: HmacScheme = { ...own, canonical: '{sortedBody}', headers: {}, body: names }
  const content = { no: '1', appKey: 'city', ts: at.getTime(), nonce: 'n' }
  const sign = hmac(`appKey=city&no=1&nonce=n&ts=${at.getTime()}`)
  const pushed = (value: unknown) => received({}, { body: Buffer.from(JSON.stringify(value)) })
  t.doesNotThrow(() => hmacVerifier(body)(pushed({ ...content, sign })))
  t.throws(() => hmacVerifier(body)(pushed({ ...content, no: '2', sign })), refused)
  t.throws(() => hmacVerifier(body)(pushed(content)), refused)

  const proof = hmacProof(query)
  const stamps = proof.stamp(at, 'n')
  t.equal(proof.signature({ ...request, target, body: Buffer.alloc(0) }, stamps), signature)
})

// Invented pairs.
const ours = {
  key: 'APP',
  secret: 'sample-app-secret',
  sm4Key: '0123456789abcdef',
  privateKey: '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8',
  peerPublicKey:
    '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13',
}

t.test('an SM2 envelope under other names, signed over another string', async (t) => {
  const form: SmEnvelopeOptions = {
    ...ours,
    keyMember: 'appCode',
    members: {
      data: 'body',
      sealed: 'cipherText',
      signature: 'sign',
      timestamp: 'time',
      version: '',
      cipher: 'alg',
      scheme: '',
    },
    cipherName: 'SM4/ECB',
    canonical: '{key}|{timestamp}|{sealed}|{secret}',
    signatureEncoding: 'hex',
  }
  const { seal, open, isSealed } = smEnvelope(form)
  const sealed = seal({ body: { no: 'case_1' }, type: 'submit' }, at)
  t.same(Object.keys(sealed).sort(), ['alg', 'appCode', 'cipherText', 'sign', 'time', 'type'])
  t.match(sealed, { alg: 'SM4/ECB', appCode: 'APP', time: '20261123093000', sign: /^[0-9a-f]{128}$/ })
  const signed = `APP|20261123093000|${String(sealed.cipherText)}|sample-app-secret`
  t.ok(sm2Verifier(ours.peerPublicKey)(signed, String(sealed.sign)))
  t.ok(isSealed(sealed))
  t.match(open(sealed, at), { body: { no: 'case_1' }, type: 'submit' })
  t.throws(() => open({ ...sealed, time: '20261123093001' }, at), refused)
  const members = smEnvelope({
    ...ours,
    canonical: '{secret}{members}{data}',
    unsigned: ['signData', 'encType', 'encData'],
  })
  const other = members.seal({ data: { b: 1, a: 2 } }, at)
  const text = `sample-app-secretappId=APP&data={"a":2,"b":1}&signType=SM2&timestamp=20261123093000&version=2.0.1{"a":2,"b":1}`
  t.ok(sm2Verifier(ours.peerPublicKey)(text, String(other.signData)))
})
