// Standard Webhooks with key pairs (v1a) and with the national digest (v1sm3): the reference vector, signatures made and
// read by node:crypto alone, keys that are none.

import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import t from 'tap'
import { standardWebhooks } from '../../src/adapter-kit/signing.ts'

/** Of the reference implementation (svix, test_asymmetric_key_signing). */
const reference = {
  privateKey: 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
  publicKey: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  sentAt: new Date(1614265330_000),
  content: '{"test": 2432232314}',
  signature: 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
}
const { id, sentAt, content } = reference
const symmetric = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const refused = { name: 'AdapterFailure', kind: 'unauthorised' }
const unusable = { name: 'AdapterFailure', kind: 'unrecognised' }

const messageOf = (headers: Record<string, string>, body = content) => ({
  headers,
  body: Buffer.from(body),
  receivedAt: sentAt,
})
const signatureOf = (headers: Record<string, string>) => headers['webhook-signature'] ?? ''

t.test('Ed25519: the reference vector, by the seed with and without its public key', async (t) => {
  const seed = Buffer.from(reference.privateKey.slice(5), 'base64').subarray(0, 32)
  for (const key of [reference.privateKey, `whsk_${seed.toString('base64')}`]) {
    const headers = standardWebhooks([key]).sign(id, sentAt, content)
    t.equal(signatureOf(headers), reference.signature)
    for (const known of [key, reference.publicKey])
      t.equal(standardWebhooks([known]).verify(messageOf(headers)), id)
  }
})

t.test('Ed25519: node:crypto reads ours, and ours reads what it signs', async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  const ours = standardWebhooks([`whsk_${Buffer.from(d, 'base64url').toString('base64')}`])
  const theirs = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const signed = Buffer.from(`evt_1.${sentAt.getTime() / 1000}.${content}`)
  const [version, base64 = ''] = signatureOf(ours.sign('evt_1', sentAt, content)).split(',')
  t.equal(version, 'v1a')
  t.ok(verify(null, signed, theirs, Buffer.from(base64, 'base64')))

  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(sentAt.getTime() / 1000),
    'webhook-signature': `v1,AAAA v1a,${sign(null, signed, createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' })).toString('base64')}`,
  }
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const known = standardWebhooks([`whpk_${raw.toString('base64')}`])
  t.equal(known.verify(messageOf(headers)), 'evt_1')
  t.throws(() => known.verify(messageOf(headers, '{}')), refused, 'another body')
  t.throws(() => known.verify(messageOf({ ...headers, 'webhook-id': 'evt_2' })), refused, 'another id')
  t.throws(() => standardWebhooks([reference.publicKey]).verify(messageOf(headers)), refused, 'another key')
})

t.test('HMAC-SM3: a signature of its own name, which no HMAC-SHA256 passes for', async (t) => {
  const sm3 = standardWebhooks([symmetric], { digest: 'sm3' })
  const headers = sm3.sign(id, sentAt, content)
  const key = Buffer.from(symmetric.slice('whsec_'.length), 'base64')
  const expected = createHmac('sm3', key).update(`${id}.1614265330.${content}`).digest('base64')
  t.equal(signatureOf(headers), `v1sm3,${expected}`)
  t.equal(sm3.verify(messageOf(headers)), id)
  t.throws(() => standardWebhooks([symmetric]).verify(messageOf(headers)), refused)
  const renamed = { ...headers, 'webhook-signature': `v1,${expected}` }
  t.throws(() => sm3.verify(messageOf(renamed)), refused)
  const words = /^验证未通过：签名不符 \(signature refused: the signature does not fit\)$/
  t.throws(() => sm3.verify(messageOf(renamed)), { message: words }, 'said in both languages')
})

t.test('who changes over between the digests is sent both signatures, and takes either', async (t) => {
  const both = standardWebhooks([symmetric, reference.privateKey], { digest: 'both' })
  const headers = both.sign(id, sentAt, content)
  const [sm3, sha256, pair, ...more] = signatureOf(headers).split(' ')
  t.match([sm3, sha256, pair], [/^v1sm3,/, /^v1,/, /^v1a,/])
  t.strictSame(more, [])
  for (const digest of ['sha256', 'sm3', 'both'] as const)
    t.equal(standardWebhooks([symmetric], { digest }).verify(messageOf(headers)), id)
  for (const one of [sm3, sha256]) {
    const alone = { ...headers, 'webhook-signature': one! }
    t.equal(standardWebhooks([symmetric], { digest: 'both' }).verify(messageOf(alone)), id)
  }
})

t.test('a scheme is rotated like a secret: both signatures are sent, either is enough', async (t) => {
  const both = standardWebhooks([reference.privateKey, symmetric])
  const headers = both.sign(id, sentAt, content)
  t.match(signatureOf(headers).split(' '), [/^v1a,/, /^v1,/])
  for (const known of [reference.publicKey, symmetric])
    t.equal(standardWebhooks([known]).verify(messageOf(headers)), id)
  const late = { ...messageOf(headers), receivedAt: new Date(sentAt.getTime() + 301_000) }
  t.throws(() => standardWebhooks([reference.publicKey]).verify(late), refused)
})

t.test('a public key does not pass for a shared secret, nor a signature of any length for one', async (t) => {
  const known = standardWebhooks([reference.publicKey])
  const forged = standardWebhooks([reference.publicKey.replace('whpk_', 'whsec_')])
  t.throws(() => known.verify(messageOf(forged.sign(id, sentAt, content))), refused)
  const signed = standardWebhooks([reference.privateKey]).sign(id, sentAt, content)
  for (const signature of [
    'v1a,',
    'v1a',
    `${reference.signature}AAAA`,
    reference.signature.slice(0, 60),
    'v1b,x',
  ])
    t.throws(() => known.verify(messageOf({ ...signed, 'webhook-signature': signature })), refused, signature)
  const buried = `${Array(16).fill('v1a,AAAA').join(' ')} ${reference.signature}`
  t.throws(() => known.verify(messageOf({ ...signed, 'webhook-signature': buried })), refused)
})

t.test('keys that are none are refused when they are configured, without being told', async (t) => {
  const mixed = Buffer.from(reference.privateKey.slice(5), 'base64')
  mixed[40]! ^= 1
  for (const secret of ['whsk_c2hvcnQ=', 'whpk_c2hvcnQ=', `whsk_${mixed.toString('base64')}`]) {
    t.throws(() => standardWebhooks([secret]), unusable)
    try {
      standardWebhooks([secret])
    } catch (error) {
      t.notMatch((error as Error).message, secret.slice(5))
    }
  }
  t.throws(() => standardWebhooks([reference.publicKey]).sign(id, sentAt, content), unusable)
})
