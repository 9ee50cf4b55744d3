import { createPrivateKey, sign as nodeSign } from 'node:crypto'
import t from 'tap'
import {
  type SmEnvelopeOptions,
  sm2Signer,
  sm2Verifier,
  sm4,
  sm4KeyOf,
  smCanonical,
  smEnvelope,
} from '../../src/adapter-kit/signing.ts'

// GB/T 32918.5-2017, annex A: the example signature on the recommended curve, id 1234567812345678.
const privateKey = '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8'
const publicKey =
  '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13'
const published =
  'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA'

// Another, invented pair: the department's.
const theirPrivate = '5DD701828C424B84C5D56770ECF7C4FE882E654CAC53C7CC89A66B1709068B9D'
const theirPublic =
  '04FF6712D3A7FC0D1B9E01FF471A87EA87525E47C7775039D19304E554DEFE0913F632025F692776D4C13470ECA36AC85D560E794E1BCCF53D82C015988E0EB956'

const at = new Date('2026-11-23T01:30:00Z')
const refused = { name: 'AdapterFailure', kind: 'unauthorised' }
const unreadable = { name: 'AdapterFailure', kind: 'unrecognised' }
const ours: SmEnvelopeOptions = {
  key: '43AF047BBA47FC8A1AE8EFB2D5E1C0AA',
  secret: 'sample-app-secret',
  privateKey,
  peerPublicKey: theirPublic,
}
const theirs: SmEnvelopeOptions = { ...ours, privateKey: theirPrivate, peerPublicKey: publicKey }

t.test('SM2: the published example verifies, and nothing near it', async (t) => {
  const verify = sm2Verifier(publicKey)
  t.ok(verify('message digest', published))
  t.ok(verify('message digest', Buffer.from(published, 'hex').toString('base64')))
  t.notOk(verify('message digest.', published))
  t.notOk(verify('message digest', published.replace('F5', 'F6')))
  t.notOk(sm2Verifier(publicKey, 'another-id')('message digest', published))
  t.notOk(sm2Verifier(theirPublic)('message digest', published))
  for (const wrong of ['', '00', 'F5'.repeat(64), '00'.repeat(64), 'FF'.repeat(64)])
    t.notOk(verify('message digest', wrong), wrong.slice(0, 8))
})

t.test('SM2: what is signed verifies under the same id only, in any writing of the keys', async (t) => {
  const base64 = Buffer.from(`00${privateKey}`, 'hex').toString('base64')
  for (const key of [privateKey, privateKey.toLowerCase(), base64]) {
    const signature = sm2Signer(key)('汴梁 𬀩')
    t.equal(Buffer.from(signature, 'base64').length, 64)
    t.ok(sm2Verifier(Buffer.from(publicKey, 'hex').toString('base64'))('汴梁 𬀩', signature))
    t.notOk(sm2Verifier(publicKey, '')('汴梁 𬀩', signature))
  }
})

t.test('SM2: keys that are none are refused when they are given', async (t) => {
  for (const key of ['', 'zz', privateKey.slice(2), publicKey]) t.throws(() => sm2Signer(key), unreadable)
  for (const key of ['', privateKey, publicKey.replace(/13$/, '14')])
    t.throws(() => sm2Verifier(key), unreadable)
})

t.test('SM2 as Node signs it has an empty id, so it is not what others verify', async (t) => {
  const key = createPrivateKey({ key: pkcs8(privateKey, publicKey), format: 'der', type: 'pkcs8' })
  const signature = nodeSign('sm3', Buffer.from('abc'), key).toString('hex')
  t.ok(sm2Verifier(publicKey, '')('abc', signature))
  t.notOk(sm2Verifier(publicKey)('abc', signature))
})

t.test('SM4: the published block, ECB and CBC, and a wrong key', async (t) => {
  const block = Buffer.from('0123456789abcdeffedcba9876543210', 'hex')
  t.equal(sm4(block).encrypt(block).toString('hex').slice(0, 32), '681edf34d206965e86b3e94f536e4246')
  const text = Buffer.from('{"name":"张晓𬀩"}')
  for (const iv of [undefined, Buffer.alloc(16, 7)]) {
    const sealed = sm4(sm4KeyOf('0123456789abcdef'), iv).encrypt(text)
    t.same(sm4(sm4KeyOf('0123456789abcdef'), iv).decrypt(sealed), text)
    t.same(sm4(sm4KeyOf('30313233343536373839616263646566'), iv).decrypt(sealed), text)
    t.notSame(sm4(sm4KeyOf('0123456789abcdeX'), iv).decrypt(sealed), text)
    t.equal(sm4(sm4KeyOf('0123456789abcdef'), iv).decrypt(sealed.subarray(1)), undefined)
  }
  t.throws(() => sm4(Buffer.from('short')), unreadable)
})

t.test('what is signed is sorted, without empty members, and ends with the secret', async (t) => {
  const message = {
    version: '2.0.1',
    appId: 'A',
    signData: 'x',
    encData: 'y',
    extra: 'z',
    empty: '',
    nothing: null,
    data: { b: 2, a: { d: '丁', c: null }, list: [{ z: 1, y: [] }], none: [] },
  }
  t.equal(
    smCanonical(message, 'S'),
    'appId=A&data={"a":{"d":"丁"},"b":2,"list":[{"z":1}]}&version=2.0.1&key=S',
  )
})

t.test('an envelope hides its data and opens for the other side only', async (t) => {
  const forms: Partial<SmEnvelopeOptions>[] = [
    {},
    { sm4Key: '0123456789abcdef', sm4Iv: 'fedcba9876543210', dataEncoding: 'base64' },
    { time: 's', keyMember: 'appCode', version: '1.0.0', userId: 'city' },
    { time: 'ms' },
  ]
  for (const form of forms) {
    const sealed = smEnvelope({ ...ours, ...form }).seal(
      { data: { name: '张晓𬀩', n: 1 }, transType: 'submit' },
      at,
    )
    t.match(sealed, { encType: 'SM4', signType: 'SM2', transType: 'submit', signData: /^[\w+/]{86}==$/ })
    t.notOk('data' in sealed)
    t.notMatch(JSON.stringify(sealed), /张晓|sample-app-secret/)
    const opened = smEnvelope({ ...theirs, ...form }).open(sealed, new Date(at.getTime() + 299_000))
    t.match(opened, { data: { name: '张晓𬀩', n: 1 }, transType: 'submit' })
  }
  t.match(smEnvelope(ours).seal({ data: {} }, at), { appId: ours.key, timestamp: '20261123093000' })
})

t.test('an envelope that was touched, is old, or is somebody else’s is refused', async (t) => {
  const { open } = smEnvelope(theirs)
  const sealed = smEnvelope(ours).seal({ data: { n: 1 }, transType: 'submit' }, at)
  t.doesNotThrow(() => open(sealed, at))
  for (const change of [{ transType: 'withdraw' }, { version: '9' }, { added: '1' }])
    t.throws(() => open({ ...sealed, ...change }, at), refused)
  t.throws(() => open({ ...sealed, timestamp: '20261123093001' }, at), refused)
  t.throws(() => open(sealed, new Date(at.getTime() + 301_000)), refused)
  t.throws(() => open({ ...sealed, timestamp: 'never' }, at), refused)
  t.throws(() => open({ ...sealed, encData: 'AA' }, at), unreadable)
  t.throws(
    () => open({ ...sealed, encData: smEnvelope(ours).seal({ data: { n: 2 } }, at).encData }, at),
    refused,
  )
  t.throws(() => smEnvelope({ ...theirs, peerPublicKey: theirPublic }).open(sealed, at), refused)
  t.throws(
    () => smEnvelope({ ...theirs, secret: 'another', sm4Key: 'x'.repeat(16) }).open(sealed),
    unreadable,
  )
  for (const none of [null, 7, [], {}, { encData: 1 }]) t.throws(() => open(none), unreadable)
  for (const content of [null, 'text', [], {}]) t.throws(() => smEnvelope(ours).seal(content, at), unreadable)
})

/** RFC 5208 around RFC 5915, for the SM2 curve. */
function pkcs8(key: string, point: string): Buffer {
  return Buffer.from(
    `308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420${key}a144034200${point}`,
    'hex',
  )
}
