import { createHash, createHmac } from 'node:crypto'
import t from 'tap'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { type HmacScheme, hmacSigner, hmacVerifier, signedForms } from '../../src/adapter-kit/signing.ts'

const at = new Date('2021-11-09T08:49:20.000Z')
const body = Buffer.from('{}')
const refused = { name: 'AdapterFailure', kind: 'unauthorised' }
const irs: HmacScheme = { ...signedForms['zhejiang-irs'], key: 'AK17', secrets: ['SK-of-tests'] }
const tif: HmacScheme = { ...signedForms['guangdong-tif'], key: 'paas', secrets: ['token-of-tests'] }

function received(headers: Record<string, string>, path: string, receivedAt = at): InboundMessage {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return { method: 'POST', path, query: {}, headers: lower, body, receivedAt }
}

t.test('Zhejiang IRS: method, path, sorted query, key and date, each ended by a line feed', async (t) => {
  const headers = hmacSigner(irs)({
    method: 'POST',
    target: '/restapi/prod/IC33/post?v=%E5%BC%A0&test=123&flag',
    body,
    at,
  })
  const signed =
    'POST\n/restapi/prod/IC33/post\nflag=&test=123&v=%E5%BC%A0\nAK17\nTue, 09 Nov 2021 08:49:20 GMT\n'
  t.same(headers, {
    'X-BG-HMAC-ALGORITHM': 'hmac-sha256',
    'X-BG-HMAC-ACCESS-KEY': 'AK17',
    'X-BG-DATE-TIME': 'Tue, 09 Nov 2021 08:49:20 GMT',
    'X-BG-HMAC-SIGNATURE': createHmac('sha256', 'SK-of-tests').update(signed).digest('base64'),
  })
})

t.test('Zhejiang IRS: without a query the line is empty; order is that of what is meant', async (t) => {
  const signature = (query: string, written: string) => {
    const headers = hmacSigner(irs)({ method: 'GET', target: `/p${query}`, body, at })
    const signed = `GET\n/p\n${written}\nAK17\n${at.toUTCString()}\n`
    t.equal(
      headers['X-BG-HMAC-SIGNATURE'],
      createHmac('sha256', 'SK-of-tests').update(signed).digest('base64'),
      query,
    )
  }
  signature('', '')
  signature('?b=2&a=1', 'a=1&b=2')
  signature('?n=a&n=%20b', 'n=%20b&n=a')
  signature('?x=%zz&a=1', 'a=1&x=%zz')
})

t.test('Zhejiang IRS: 90 s of skew, not more', async (t) => {
  const headers = hmacSigner(irs)({ method: 'POST', target: '/p', body, at })
  const verify = (seconds: number) => () =>
    hmacVerifier(irs)(received(headers, '/p', new Date(at.getTime() + seconds * 1000)))
  for (const seconds of [-90, 0, 90]) t.doesNotThrow(verify(seconds), `${seconds} s`)
  for (const seconds of [-91, 91]) t.throws(verify(seconds), refused, `${seconds} s`)
})

t.test('Guangdong TIF: hex SHA-256 of time, token, nonce, time', async (t) => {
  const scheme = { ...tif, constantHeaders: { 'x-tif-serviceid': 'S-1' } }
  const headers = hmacSigner(scheme)({ method: 'GET', target: '/any?x=1', body, at, nonce: '17d0-abc' })
  t.same(headers, {
    'x-tif-serviceid': 'S-1',
    'x-tif-paasid': 'paas',
    'x-tif-timestamp': '1636447760',
    'x-tif-nonce': '17d0-abc',
    'x-tif-signature': createHash('sha256')
      .update('1636447760token-of-tests17d0-abc1636447760')
      .digest('hex'),
  })
  t.doesNotThrow(() => hmacVerifier(tif)(received(headers, '/any?x=1')))
})

t.test('hex is read in either case, and written in upper case where that is wanted', async (t) => {
  const upper: HmacScheme = { ...tif, encoding: 'hex-upper' }
  const headers = hmacSigner(upper)({ method: 'GET', target: '/', body, at })
  t.match(headers['x-tif-signature'], /^[0-9A-F]{64}$/)
  t.doesNotThrow(() => hmacVerifier(tif)(received(headers, '/')))
  t.doesNotThrow(() =>
    hmacVerifier(upper)(received(hmacSigner(tif)({ method: 'GET', target: '/', body, at }), '/')),
  )
  t.throws(() => hmacVerifier(upper)(received({ ...headers, 'x-tif-nonce': 'other' }, '/')), refused)
})

t.test('HMAC-SM3 over a string of one’s own, with a hash of the body made beforehand', async (t) => {
  const own: HmacScheme = {
    key: 'k',
    secrets: ['s'],
    algorithm: 'hmac',
    digest: 'sm3',
    encoding: 'base64',
    time: 'ms',
    canonical: '{key}|{method}|{query}|{timestamp}|{bodyHash}',
    headers: { timestamp: 'X-Time', signature: 'X-Sign' },
  }
  const bodyHash = createHash('sm3').update(body).digest('hex')
  const signed = `k|PUT|b=1|${at.getTime()}|${bodyHash}`
  const expected = createHmac('sm3', 's').update(signed).digest('base64')
  const request = { method: 'PUT', target: '/x?b=1', at }
  t.equal(hmacSigner(own)({ ...request, body })['X-Sign'], expected)
  t.equal(hmacSigner(own)({ ...request, body: Buffer.alloc(0), bodyHash })['X-Sign'], expected)
})
