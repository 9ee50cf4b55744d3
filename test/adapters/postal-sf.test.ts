// The rules of postal-sf that no sample can tell: the digest, the token, the label's address, the tables.
// Samples and failure questions are run by conformance.test.ts.

import t from 'tap'
import { createPostalSf } from '../../adapters/postal-sf/adapter.ts'
import { meaningOf } from '../../adapters/postal-sf/codes.ts'
import { msgDigest, requestNumber } from '../../adapters/postal-sf/digest.ts'
import { javaUrlEncode } from '../../adapters/postal-sf/java-url-encoder.ts'
import { orderId } from '../../adapters/postal-sf/order.ts'
import type { SfSettings } from '../../adapters/postal-sf/settings.ts'
import { settingsSchema } from '../../adapters/postal-sf/settings-schema.ts'
import type { Attempt, FollowedParcel, InboundMessage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { HttpRequest, HttpResponse } from '../../src/adapter-kit/http.ts'
import { failureOf } from '../support/failure.ts'

const settings: SfSettings = {
  baseUrl: 'https://sfapi.sf-express.com/',
  partnerID: 'KFTB2026',
  checkword: 'sample-checkword-of-sf',
  monthlyCard: '7551234567',
}
const oauth: SfSettings = {
  baseUrl: settings.baseUrl,
  partnerID: settings.partnerID,
  monthlyCard: settings.monthlyCard,
  oauthSecret: 'sample-oauth-secret',
}
const followed: FollowedParcel = { parcelId: 'par_1', waybill: 'SF1011603494291', carrier: 'sf' }
const noRoutes = passedOn({ msgData: { routeResps: [] } })

t.test('text is encoded byte for byte as by Java’s URLEncoder', async (t) => {
  t.equal(javaUrlEncode("a b*c~d!e'f(g)h-_.i"), 'a+b*c%7Ed%21e%27f%28g%29h-_.i')
  t.equal(javaUrlEncode('+/=&%\n'), '%2B%2F%3D%26%25%0A')
  t.equal(javaUrlEncode('张𬀩'), '%E5%BC%A0%F0%AC%80%A9')
  t.equal(javaUrlEncode('a\uD83Db'), 'a%3Fb')
})

t.test('the digest is Base64 of the raw MD5 of the encoded text', async (t) => {
  t.equal(msgDigest('{"a":"b c~"}', '1700000000000', 'cw'), '9wTFdi3NSBFnXNxG9rOPIw==')
})

t.test('a request’s number is a UUID, the same for the same words only', async (t) => {
  t.match(requestNumber('a', 'b'), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.equal(requestNumber('a', 'b'), requestNumber('a', 'b'))
  t.not(requestNumber('a', 'b'), requestNumber('a', 'c'))
})

t.test('every try orders under the same number, but is a request of its own', async (t) => {
  const seen: HttpRequest[] = []
  const adapter = createPostalSf(settings)
  for (const second of [0, 1]) {
    const answer = passedOn({ errorCode: '8057', errorMsg: '' })
    const attempt = attemptWith([answer], seen, new Date(GIVEN_NOW.getTime() + second * 1000))
    const asked = adapter.outgoing.createOrder?.send(givens['parcel-collect'], attempt)
    t.match(await failureOf(asked), { kind: 'rejected' })
  }
  const [first, second] = seen.map(formOf)
  t.equal(orderOf(first), givens['parcel-collect'].parcelId)
  t.equal(orderOf(second), givens['parcel-collect'].parcelId)
  t.not(first?.requestID, second?.requestID)
})

t.test(
  'what SF says on either way is marked so, unless the settings know a code for the return',
  async (t) => {
    const read = async (opCodes: SfSettings['opCodes'] = []) => {
      const routes = ['50', '99', '80'].map((opCode, i) => ({ opCode, acceptTime: `2026-11-2${i} 09:00:00` }))
      const answer = passedOn({ msgData: { routeResps: [{ mailNo: followed.waybill, routes }] } })
      const trail = await createPostalSf({ ...settings, opCodes }).tracking?.read(
        followed,
        attemptWith([answer], []),
      )
      return trail?.events.map(({ detail }) => detail.eitherWay === true)
    }
    t.same(await read(), [true, false, true])
    t.same(await read([{ code: '517', word: 'parcel.returned' }]), [false, false, false])
  },
)

t.test('an order that is screened by hand is looked up until SF has decided', async (t) => {
  const { createOrder } = createPostalSf(settings).outgoing
  const parcel = givens['parcel-collect']
  const screened = (filterResult: number, waybillNo?: string) =>
    passedOn({ msgData: { filterResult, waybillNoInfoList: waybillNo ? [{ waybillNo }] : [] } })
  const send = (...answers: unknown[]) => createOrder!.send(parcel, attemptWith(answers, []))
  const find = (...answers: unknown[]) => createOrder!.find!(parcel, attemptWith(answers, []))
  const repeated = passedOn({ errorCode: '8016', errorMsg: '重复下单' })
  for (const asked of [send(screened(1)), find(screened(1)), send(repeated, screened(1))])
    t.match(await failureOf(asked), { kind: 'undecided', sent: true, retryAfterMs: 300_000 })
  t.match(await find(screened(2, 'SF1')), { reference: 'SF1' })
  t.equal(await find(screened(3)), null)
  t.match(await failureOf(send(repeated, screened(3))), { kind: 'rejected', code: 'filterResult 3' })
})

t.test('exactly one way of proving who we are must be set', async (t) => {
  t.throws(() => createPostalSf({ ...settings, ...oauth }), AdapterFailure)
  const { checkword: _, ...neither } = settings
  t.throws(() => createPostalSf(neither), AdapterFailure)
})

t.test('a token is fetched once, kept for as long as it is good, and fetched anew after', async (t) => {
  const seen: HttpRequest[] = []
  const adapter = createPostalSf(oauth)
  const read = (minutes: number, answers: unknown[]) =>
    adapter.tracking?.read(
      followed,
      attemptWith(answers, seen, new Date(GIVEN_NOW.getTime() + minutes * 60_000)),
    )
  await read(0, [token('one'), noRoutes])
  await read(60, [noRoutes])
  await read(119, [token('two'), noRoutes])
  t.same(
    seen.map((request) => [request.url.split('/').at(-1), formOf(request).accessToken]),
    [
      ['accessToken', undefined],
      ['service', 'one'],
      ['service', 'one'],
      ['accessToken', undefined],
      ['service', 'two'],
    ],
  )
})

t.test('a token that SF has forgotten is fetched anew at once, but only once', async (t) => {
  const seen: HttpRequest[] = []
  const adapter = createPostalSf(oauth)
  const refused = { apiResultCode: 'A1006', apiErrorMsg: '数字签名无效' }
  await adapter.tracking?.read(followed, attemptWith([token('one'), noRoutes], seen))
  const asked = adapter.tracking?.read(followed, attemptWith([refused, token('two'), refused], seen))
  t.match(await failureOf(asked), { kind: 'unauthorised', code: 'A1006' })
  t.equal(seen.length, 5)
})

t.test('no token is unauthorised, and surely nothing was ordered', async (t) => {
  const adapter = createPostalSf(oauth)
  const attempt = attemptWith([{ apiResultCode: 'A1006', apiErrorMsg: '' }], [])
  const asked = adapter.outgoing.createOrder?.send(givens['parcel-collect'], attempt)
  t.match(await failureOf(asked), { kind: 'unauthorised', sent: false })
})

t.test('a label’s token goes only to an address that the settings name', async (t) => {
  const seen: HttpRequest[] = []
  const label = { origins: ['https://labels.sf-express.com/'] }
  const questions = createPostalSf({ ...settings, label }).questions
  const asked = { parcelId: 'par_1', reference: 'SF1', reason: '' }
  const file = (url: string) => passedOn({ obj: { files: [{ url, token: 'file-token' }] } })
  const pdf = Buffer.from('%PDF-1.4')
  const stored = await questions?.label?.(
    asked,
    attemptWith([file('https://labels.sf-express.com:443/1.pdf'), pdf], seen),
  )
  t.match(stored, { fileName: 'SF1.pdf', size: pdf.length })
  t.equal(seen[1]?.headers?.['x-auth-token'], 'file-token')

  for (const url of [
    'https://evil.example/1.pdf',
    'http://labels.sf-express.com/1.pdf',
    'file:///etc/passwd',
  ]) {
    const other: HttpRequest[] = []
    t.match(await failureOf(questions?.label?.(asked, attemptWith([file(url), pdf], other))), {
      kind: 'rejected',
    })
    t.equal(other.length, 1)
  }
})

t.test('without a push token no push is taken', async (t) => {
  t.equal(createPostalSf(settings).incoming, undefined)
})

t.test('a route of any parcel is the same event, pushed or asked for', async (t) => {
  const route = { acceptTime: '2026-11-24 09:12:03', opCode: '80', acceptAddress: '开封市', remark: '已签收' }
  const adapter = createPostalSf({ ...settings, pushToken: 'x' })
  const answer = passedOn({ msgData: { routeResps: [{ mailNo: followed.waybill, routes: [route] }] } })
  const asked = await adapter.tracking?.read(followed, attemptWith([answer], []))
  const body = { Body: { WaybillRoute: [{ id: '9', mailno: followed.waybill, orderid: 'par_1', ...route }] } }
  const pushed = await adapter.incoming?.read(message(body, { token: 'x' }))
  t.same(pushed?.events, asked?.events)
})

t.test('routes of another waybill are not believed', async (t) => {
  const answer = passedOn({ msgData: { routeResps: [{ mailNo: 'SF9', routes: [] }] } })
  const asked = createPostalSf(settings).tracking?.read(followed, attemptWith([answer], []))
  t.match(await failureOf(asked), { kind: 'unrecognised' })
})

t.test('a refused push is answered so that SF sends it again', async (t) => {
  const incoming = createPostalSf({ ...settings, pushToken: 'x' }).incoming
  const answer = incoming?.acknowledge(
    { ok: false, status: 503, code: 'ledger-down', detail: '' },
    message({}),
  )
  t.equal(answer?.status, 503)
  t.same(JSON.parse(String(answer?.body)), { return_code: '1000', return_msg: 'ledger-down' })
})

t.test('the settings’ meaning of a code comes before the built-in one', async (t) => {
  t.equal(meaningOf('8177', []), 'throttled')
  t.equal(meaningOf('8177', [{ code: '8177', means: 'rejected' }]), 'rejected')
  t.equal(meaningOf('nobody-knows', []), null)
})

t.test('an address is asked about under the county’s own monthly account', async (t) => {
  const seen: HttpRequest[] = []
  const inReach = passedOn({ msgData: [{ filterResult: 2 }] })
  const { questions } = createPostalSf(settings)
  const { sender } = givens['parcel-collect']
  await questions?.checkAddress?.(sender, attemptWith([inReach], seen))
  await questions?.checkAddress?.({ ...sender, customerNumber: '3710000001' }, attemptWith([inReach], seen))
  t.same(
    seen.map((one) => JSON.parse(formOf(one)?.msgData ?? '[]')[0].monthlyCard),
    ['7551234567', '3710000001'],
  )
})

t.test('an order number is never longer than SF takes', async (t) => {
  t.throws(() => orderId('p'.repeat(65)), AdapterFailure)
})

t.test('secrets are write-only', async (t) => {
  const { checkword, oauthSecret, pushToken } = settingsSchema.properties
  for (const secret of [checkword, oauthSecret, pushToken]) t.equal(secret.writeOnly, true)
})

function passedOn(inner: Record<string, unknown>) {
  const apiResultData = JSON.stringify({ success: !('errorCode' in inner), errorCode: 'S0000', ...inner })
  return { apiResultCode: 'A1000', apiErrorMsg: '', apiResultData }
}

function token(accessToken: string) {
  return { apiResultCode: 'A1000', accessToken, expiresIn: 7200 }
}

function attemptWith(answers: unknown[], seen: HttpRequest[], now = GIVEN_NOW): Attempt {
  const rest = [...answers]
  const request = async (one: HttpRequest): Promise<HttpResponse> => {
    seen.push(one)
    const answer = rest.shift()
    const body = Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer))
    return {
      status: 200,
      headers: {},
      body,
      text: () => body.toString(),
      json: () => JSON.parse(body.toString()),
    }
  }
  return {
    signal: new AbortController().signal,
    http: { request, target: ({ url }) => url },
    key: 'trf_1',
    number: 1,
    now: () => now,
    files: {
      open: () => Promise.reject(new Error('no files')),
      link: () => '',
      store: async (bytes, { fileName, mediaType }) => ({
        sha256: '0',
        size: Buffer.isBuffer(bytes) ? bytes.length : 0,
        fileName,
        mediaType,
      }),
    },
  }
}

function formOf({ body }: HttpRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(String(body)))
}

function orderOf(form: Record<string, string> | undefined): string {
  return JSON.parse(form?.msgData ?? '{}').orderId
}

function message(body: unknown, query: Record<string, string> = {}): InboundMessage {
  return {
    method: 'POST',
    path: '/v1/carriers/sf/tracking',
    query,
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    receivedAt: GIVEN_NOW,
  }
}
