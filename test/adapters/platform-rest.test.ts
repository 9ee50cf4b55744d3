// platform-rest beyond its samples: acknowledgements, rotation, the field map's rules, settings that cannot work.

import t from 'tap'
import { createPlatformRest } from '../../adapters/platform-rest/adapter.ts'
import { compileFields } from '../../adapters/platform-rest/field-map.ts'
import manifest from '../../adapters/platform-rest/manifest.ts'
import { fill } from '../../adapters/platform-rest/template.ts'
import { theirPointers } from '../../adapters/platform-rest/their-pointers.ts'
import { decode, encode } from '../../src/adapter-kit/charset.ts'
import { adapterConformance } from '../../src/adapter-kit/conformance.ts'
import type { Attempt, InboundMessage, NotifyContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { HttpRequest, HttpResponse } from '../../src/adapter-kit/http.ts'
import { standardWebhooks } from '../../src/adapter-kit/signing.ts'
import { compileSchema } from '../../src/settings/schemas.ts'

const secret = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`
const newSecret = secret('a-new-secret-of-thirty-two-bytes')
const oldSecret = secret('an-old-secret-of-thirtytwo-bytes')
const url = 'https://platform.example/callbacks'

t.test('platform-rest keeps the adapter contract', (t) =>
  adapterConformance(t, new URL('../../adapters/platform-rest/', import.meta.url)),
)

t.test('a platform that knows only the old or only the new secret accepts the same callback', async (t) => {
  const { sent, attempt } = recordingAttempt({ status: 200 })
  const { notify } = createPlatformRest({ callbacks: { url, secrets: [newSecret, oldSecret] } }).outgoing
  await notify!.send(givens.notification as NotifyContent, attempt)

  const { headers, body } = sent[0]!
  const message = { headers: headers ?? {}, body: Buffer.from(body as string), receivedAt: GIVEN_NOW }
  for (const known of [newSecret, oldSecret]) {
    t.equal(standardWebhooks([known]).verify(message), givens.notification.id)
  }
  t.throws(() => standardWebhooks([secret('some-other-secret-of-no-interest')]).verify(message))
})

t.test('a platform that changes over to HMAC-SM3 accepts the same callback before and after', async (t) => {
  const { sent, attempt } = recordingAttempt({ status: 200 })
  const callbacks = { url, secrets: [newSecret], digest: 'both' } as const
  await createPlatformRest({ callbacks }).outgoing.notify!.send(givens.notification as NotifyContent, attempt)
  const { headers, body } = sent[0]!
  const message = { headers: headers ?? {}, body: Buffer.from(body as string), receivedAt: GIVEN_NOW }
  for (const digest of ['sha256', 'sm3'] as const)
    t.equal(standardWebhooks([newSecret], { digest }).verify(message), givens.notification.id)
})

t.test('the source of callbacks is known to whoever tells them again', async (t) => {
  const source = 'https://tongban.example/'
  const { sent, attempt } = recordingAttempt({ status: 200 })
  const adapter = createPlatformRest({ callbacks: { url, secrets: [newSecret], source } })
  await adapter.outgoing.notify!.send(givens.notification as NotifyContent, attempt)
  t.match(JSON.parse(sent[0]!.body as string), { source })
  t.equal(adapter.eventSource, source)
})

t.test('the system honours the key, so an unanswered callback may be sent again', async (t) => {
  const adapter = createPlatformRest({ callbacks: { url, secrets: [newSecret] } })
  t.equal(adapter.outgoing.notify!.honoursKey, true)
})

t.test('a platform without callbacks is never called', async (t) => {
  t.same(createPlatformRest({}).outgoing, {})
  t.equal(createPlatformRest({}).check, undefined)
})

t.test('the check reaches the address without effect and tells a wrong clock', async (t) => {
  const adapter = createPlatformRest({ callbacks: { url, secrets: [newSecret] } })
  const good = recordingAttempt({ status: 405, headers: { date: GIVEN_NOW.toUTCString() } })
  t.match(await adapter.check!(good.attempt), { ok: true, summary: /405/ })
  t.equal(good.sent[0]!.method, 'GET')
  const late = recordingAttempt({
    status: 200,
    headers: { date: new Date(GIVEN_NOW.getTime() - 600_000).toUTCString() },
  })
  t.match(await adapter.check!(late.attempt), { ok: false, summary: /600 s/ })
})

t.test('a secret that is too short to be one is refused at start, without being told', async (t) => {
  const failure = await failureOf(() =>
    createPlatformRest({ callbacks: { url, secrets: ['whsec_c2hvcnQ='] } }),
  )
  t.equal(failure.kind, 'unrecognised')
  t.notOk(failure.message.includes('c2hvcnQ'))
})

t.test('a platform that signs with its own key is known by its public key alone', async (t) => {
  const pair = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=='
  const known = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='
  const { incoming } = createPlatformRest({
    incoming: { signature: 'standard-webhooks', secrets: [known] },
  })
  const sent = message('{"externalId":"KF1"}')
  const headers = standardWebhooks([pair]).sign('msg_1', GIVEN_NOW, sent.body)
  t.match(await incoming!.read({ ...sent, headers }), { submission: { externalId: 'KF1' } })
  const forged = { ...sent, headers, body: Buffer.from('{"externalId":"KF2"}') }
  t.equal((await failureOf(() => incoming!.read(forged))).kind, 'unauthorised')
  const failure = await failureOf(() => createPlatformRest({ callbacks: { url, secrets: [known] } }))
  t.match(failure, { kind: 'unrecognised', message: /whsk_/ }, 'callbacks need the private key')
})

t.test('an expression that cannot be compiled is refused at start', async (t) => {
  t.equal((await failureOf(() => createPlatformRest({ incoming: { jsonata: '{{{' } }))).kind, 'unrecognised')
})

t.test('a county is answered in its own form and charset', async (t) => {
  const { incoming } = createPlatformRest({ incoming: { charset: 'gb18030', preset: 'county-pinyin' } })
  const taken = incoming!.acknowledge(
    { ok: true, duplicate: false, answer: { submissionId: 'sub_1', cases: [{ caseId: 'case_1' }] } },
    message('{}'),
  )
  t.equal(taken.status, 200)
  t.match(taken.headers, { 'content-type': /gb18030/ })
  t.same(JSON.parse(decode(taken.body as Buffer, 'gb18030')!), {
    code: '0',
    message: '成功',
    data: { blbh: 'sub_1', bjlb: [{ caseId: 'case_1' }] },
  })
  const fault = { pointer: '/x', code: 'x', message: 'is wrong', messageZh: '有误' }
  const refused = incoming!.acknowledge(
    {
      ok: false,
      status: 422,
      code: 'invalid-submission',
      detail: 'the id number is wrong',
      detailZh: '身份证号有误',
      errors: [fault],
    },
    message('{}'),
  )
  t.equal(refused.status, 422)
  t.same(JSON.parse(decode(refused.body as Buffer, 'gb18030')!), {
    code: 'invalid-submission',
    message: '身份证号有误',
    errors: [fault],
  })
})

t.test('a fault is told at the member that the platform sent', async (t) => {
  const placeOf = theirPointers({
    externalId: 'head.no',
    mode: { default: 'online' },
    'applicant.name': 'who.xm',
    'applicant.idNumber': 'who.a/b',
    'delivery.return.by': 'lqfs',
    'delivery.return.address.name': 'sjdz',
    form: 'bd',
    'form.tags': { from: 'tags', split: ',' },
    materials: {
      from: 'cl',
      each: { code: 'bm', materialIds: { from: 'fj', list: true }, 'copy.of': 'fb' },
    },
  })
  const rows: [ours: string, theirs: string][] = [
    ['/externalId', '/head/no'],
    ['/applicant/idNumber', '/who/a~1b'],
    ['/applicant', '/who'],
    ['/delivery/return', '/lqfs'],
    ['/form', '/bd'],
    ['/form/a~1b/0', '/bd/a~1b/0'],
    ['/form/tags/3', '/tags'],
    ['/materials', '/cl'],
    ['/materials/2', '/cl/2'],
    ['/materials/2/code', '/cl/2/bm'],
    ['/materials/2/materialIds/0', '/cl/2/fj'],
    ['/materials/2/copy', '/cl/2/fb'],
    ['/materials/2/source', '/cl/2'],
    ['/mode', '/mode'],
    ['/agent/hall', '/agent/hall'],
    ['', ''],
  ]
  for (const [ours, theirs] of rows) t.equal(placeOf(ours), theirs, ours)
})

t.test('a form with one text for the reason tells where and why in it', async (t) => {
  const acknowledge = { refused: '{{reasonZh}} | {{reason}}', format: 'text' as const }
  const { incoming } = createPlatformRest({ incoming: { fields: { theme: 'zt' }, acknowledge } })
  const errors = [{ pointer: '/theme', code: 'unknown', message: 'is not known', messageZh: '不存在' }]
  const outcome = {
    ok: false,
    status: 422,
    code: 'invalid-submission',
    detail: 'No',
    detailZh: '有误',
  } as const
  const said = (told: object) => incoming!.acknowledge({ ...outcome, ...told }, message('{}')).body.toString()
  t.equal(said({ errors }), '有误：/zt 不存在 | No: /zt is not known')
  t.equal(said({}), '有误 | No')
})

t.test('without templates the answer is the canonical one, or a problem document', async (t) => {
  const { incoming } = createPlatformRest({})
  const answer = { submissionId: 'sub_1', cases: [] }
  t.match(incoming!.acknowledge({ ok: true, duplicate: false, answer }, message('{}')), { status: 202 })
  t.match(incoming!.acknowledge({ ok: true, duplicate: true, answer }, message('{}')), {
    status: 200,
    headers: { 'idempotent-replayed': 'true' },
  })
  const refused = incoming!.acknowledge(
    { ok: false, status: 422, code: 'unsafe-json', detail: 'deep' },
    message('{}'),
  )
  t.match(refused, { status: 422, headers: { 'content-type': /problem\+json/ } })
  t.match(JSON.parse(refused.body.toString()), {
    type: '/problems/unsafe-json',
    code: 'unsafe-json',
    status: 422,
  })
})

t.test('a refusal may be answered with the status a platform insists on', async (t) => {
  const acknowledge = { refused: { result: 'no', why: '{{code}}: {{detail}}' }, refusedStatus: 200 }
  const { incoming } = createPlatformRest({ incoming: { acknowledge } })
  const answer = incoming!.acknowledge({ ok: false, status: 422, code: 'a', detail: 'b' }, message('{}'))
  t.equal(answer.status, 200)
  t.same(JSON.parse(answer.body.toString()), { result: 'no', why: 'a: b' })
})

t.test('what is no JSON object is unrecognised, and its content is not repeated', async (t) => {
  const { incoming } = createPlatformRest({})
  for (const body of ['', '{', '"13800138000"', '12', 'null', '<xml>13800138000</xml>']) {
    const failure = await failureOf(() => incoming!.read(message(body)))
    t.equal(failure.kind, 'unrecognised', body)
    t.notOk(failure.message.includes('13800138000'))
  }
})

t.test('a rare Han name survives GB18030 both ways', async (t) => {
  const { incoming } = createPlatformRest({ incoming: { charset: 'gb18030', preset: 'county-pinyin' } })
  const body = encode(JSON.stringify({ sqrxm: '𠮷𬀩䶮' }), 'gb18030')
  const { submission } = await incoming!.read({ ...message(''), body })
  t.match(submission, { applicant: { name: '𠮷𬀩䶮' } })
})

t.test(
  'a field map takes defaults, translates codes, wraps lists and passes on what it does not know',
  async (t) => {
    const map = compileFields({
      'a.b': 'x.y',
      kind: { from: 'k', values: { '1': 'one' } },
      fixed: { default: 'always' },
      list: { from: 'l', list: true },
      items: { from: 'i', each: { code: 'c' } },
    })
    t.same(map({ x: { y: 1 }, k: 1, l: 'single', i: [{ c: 'A' }, { c: 'B' }] }), {
      a: { b: 1 },
      kind: 'one',
      fixed: 'always',
      list: ['single'],
      items: [{ code: 'A' }, { code: 'B' }],
    })
    t.same(map({ x: null, k: '7', i: { c: 'A' } }), { kind: '7', fixed: 'always', items: [{ code: 'A' }] })
    t.same(map({ x: { y: '' }, k: 'toString' }), { kind: 'toString', fixed: 'always' })
  },
)

t.test('a template leaves out what has no value', async (t) => {
  t.same(
    fill({ a: '{{x.y}}', b: '{{none}}', c: 'is {{x.y}}/{{none}}', d: ['{{none}}'], e: 5 }, { x: { y: 3 } }),
    {
      a: 3,
      c: 'is 3/',
      d: [null],
      e: 5,
    },
  )
})

t.test('settings with a mistake are refused by the schema', async (t) => {
  const check = compileSchema(manifest.settings)
  t.same(
    check({
      callbacks: { url, secrets: [newSecret] },
      incoming: { preset: 'county-pinyin', fields: { a: 'b' } },
    }),
    [],
  )
  for (const wrong of [
    { callbacks: { url: 'ftp://x', secrets: [newSecret] } },
    { callbacks: { url, secrets: [] } },
    { callbacks: { url } },
    { incoming: { charset: 'big5' } },
    { incoming: { signature: 'standard-webhooks' } },
    { incoming: { fields: { a: { form: 'typo' } } } },
    { unknown: 1 },
  ]) {
    t.not(check(wrong).length, 0, JSON.stringify(wrong))
  }
})

async function failureOf(act: () => unknown): Promise<AdapterFailure> {
  try {
    await act()
  } catch (error) {
    if (error instanceof AdapterFailure) return error
    throw error
  }
  throw new Error('nothing failed')
}

function message(body: string): InboundMessage {
  return { method: 'POST', path: '/', query: {}, headers: {}, body: Buffer.from(body), receivedAt: GIVEN_NOW }
}

function recordingAttempt(answer: { status: number; headers?: HttpResponse['headers'] }) {
  const sent: HttpRequest[] = []
  const response: HttpResponse = {
    status: answer.status,
    headers: answer.headers ?? {},
    body: Buffer.alloc(0),
    text: () => '',
    json: () => ({}),
  }
  const request = async (one: HttpRequest) => {
    sent.push(one)
    return response
  }
  const attempt = {
    http: { request, target: () => '' },
    key: 'trf_1',
    now: () => GIVEN_NOW,
  } as unknown as Attempt
  return { sent, attempt }
}
