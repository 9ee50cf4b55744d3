// The county's older platform: pinyin fields in GB18030, answered in its own form. What it sends badly is refused in
// that form, with the same places and reasons as for everyone.

import iconv from 'iconv-lite'
import t from 'tap'
import problemSchema from '../../../schemas/problem.schema.json' with { type: 'json' }
import { type ProblemCode, problemCodes } from '../../../src/http/problem-codes.ts'
import { countySubmission } from '../../../src/sandbox/platform/county.ts'
import { compileSchema } from '../../../src/settings/schemas.ts'
import { type Answer, newborn, number, platformAt, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused } from './refused.ts'

const running = await runGateway(t, { roles: ['api'] })
const county = platformAt(running.url, tokens.county)
const path = '/v1/platforms/county-platform/submissions'
const type = 'application/json; charset=GB18030'

const encoded = (submission: Record<string, unknown>) =>
  countySubmission(submission, '2026-11-23T09:30:00+08:00').body as Buffer
const send = (body: Buffer | string, ask: object = {}) => county.post(path, { body, type, ...ask })
const said = (answer: Answer) => JSON.parse(iconv.decode(answer.body, 'gb18030'))
const theirs = (change: (fields: Record<string, unknown>) => void): Buffer => {
  const fields = JSON.parse(iconv.decode(encoded(newborn()), 'gb18030'))
  change(fields)
  return iconv.encode(JSON.stringify(fields), 'gb18030')
}

t.test(
  'a submission in GB18030 is taken, rare characters and all, and answered in the county’s words',
  async (t) => {
    const applicant = { ...(newborn().applicant as object), name: '张𠮷祥' }
    const externalId = number()
    const answer = await send(encoded(newborn({ externalId, applicant })))
    t.equal(answer.status, 200)
    t.match(answer.headers.get('content-type') ?? '', /gb18030/i)
    t.match(said(answer), {
      code: '0',
      message: '成功',
      data: { blbh: /^sub_/, bjlb: [{ caseId: /^case_/ }] },
    })
    const found = (await county.get(`/v1/submissions?externalId=${externalId}`)).json()
    t.match(found.items, [{ externalId, theme: 'newborn', division: '410204' }])
    const [document] = await running.query<{ name: string }>(
      "SELECT document -> 'applicant' ->> 'name' AS name FROM messages WHERE submission_id = $1",
      [found.items[0].submissionId],
    )
    t.equal(document?.name, '张𠮷祥')
  },
)

t.test('the same bytes again are the same submission, with or without a key', async (t) => {
  const body = encoded(newborn())
  for (const key of ['c-1', null]) {
    const first = await send(body, { key })
    t.equal(first.headers.get('idempotent-replayed'), key ? null : 'true')
    await nothingKept(t, running, async () => {
      const again = await send(body, { key })
      t.strictSame(said(again), said(first))
      t.equal(again.headers.get('idempotent-replayed'), 'true')
    })
  }
})

t.test('the received bytes are kept as they came', async (t) => {
  const body = encoded(newborn())
  await send(body, { key: 'kept-1' })
  const [kept] = await running.query<{ body: string; encoding: BufferEncoding }>(
    "SELECT body, encoding FROM messages WHERE key = 'kept-1'",
  )
  t.ok(Buffer.from(kept!.body, kept!.encoding).equals(body))
})

t.test(
  'what the county sends badly is refused in its own form, and kept only where nobody can read it',
  async (t) => {
    const idNumber = theirs((fields) => {
      fields.sqrzjhm = '110105194912310021'
    })
    const mode = theirs((fields) => {
      fields.blfs = '9'
    })
    const material = theirs((fields) => {
      fields.clqd = [{ clly: '4' }]
    })
    const nobody = theirs((fields) => {
      for (const name of Object.keys(fields)) if (name.startsWith('sqr')) delete fields[name]
    })
    const formKey = theirs((fields) => {
      fields.bdxx = { ...(fields.bdxx as object), 'a\0b': 1 }
    })
    const formValue = theirs((fields) => {
      fields.bdxx = { ...(fields.bdxx as object), note: 'a\0b' }
    })
    const rows: [rule: string, body: Buffer | string, code: ProblemCode, place: string][] = [
      ['a wrong check digit', idNumber, 'invalid-submission', '/sqrzjhm'],
      ['a mode code that is not in the table', mode, 'invalid-submission', '/blfs'],
      ['a material of no name', material, 'invalid-submission', '/clqd/0/clbm'],
      ['no applicant', nobody, 'invalid-submission', '/sqrlx'],
      ['a NUL in a value', formValue, 'invalid-encoding', '/bdxx/note'],
      ['a NUL in a name', formKey, 'invalid-encoding', '/bdxx'],
      ['bytes that are no GB18030', Buffer.from([0x7b, 0x81, 0x20, 0x7d]), 'invalid-encoding', ''],
      ['no JSON', 'sqbh=1', 'malformed-json', ''],
      ['a list', '[]', 'invalid-request', ''],
      ['a text', '"x"', 'invalid-request', ''],
      ['100 000 levels', `{"bdxx":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'unsafe-json', ''],
      ['the same key twice', '{"sqbh":"1","sqbh":"2"}', 'unsafe-json', '/sqbh'],
    ]
    for (const [rule, body, code, place] of rows) {
      const before = await running.kept()
      const answer = await send(body)
      const text = iconv.decode(answer.body, 'gb18030').slice(0, 300)
      t.equal(answer.status, problemCodes[code].status, `${rule}: ${text}`)
      t.equal(said(answer).code, code, rule)
      t.match(said(answer).message, /\p{Script=Han}/u, `${rule}: in Chinese`)
      const faults: { pointer: string; messageZh: string }[] = said(answer).errors
      t.ok(
        faults.some(({ pointer }) => pointer === place),
        `${rule}: ${text}`,
      )
      for (const { messageZh } of faults) t.match(messageZh, /\p{Script=Han}/u, rule)
      const evidence = code === 'invalid-submission' ? 0 : 1
      t.strictSame(await running.kept(), { ...before, messages: before.messages + evidence }, rule)
    }
  },
)

t.test(
  'the bytes that nobody can read are kept for a person, once, and only of who may send them',
  async (t) => {
    const body = Buffer.from([0x7b, 0x81, 0x20, 0x81, 0x7d])
    const kept = () =>
      running.query<{ body: string; outcome: string; submission_id: string }>(
        "SELECT body, outcome, submission_id FROM messages WHERE source = 'system:county-platform' AND body = $1",
        [body.toString('base64')],
      )
    t.equal((await send(body, { token: null })).status, 401)
    t.strictSame(await kept(), [])
    for (const key of ['u-1', 'u-2', null]) await send(body, { key })
    t.match(await kept(), [{ outcome: /^unreadable: .*gb18030/, submission_id: '' }])
    t.equal((await kept()).length, 1)
  },
)

t.test('a charset that nobody here reads is refused by that name', async (t) => {
  const answer = await send(encoded(newborn()), { type: 'application/json; charset=big5' })
  t.equal(answer.status, 415)
  t.match(said(answer), { code: 'unsupported-media-type', message: /字符集/ })
})

t.test('what a platform without a form of its own sends badly is a problem document', async (t) => {
  const schema = compileSchema(problemSchema)
  const city = platformAt(running.url)
  const own = '/v1/platforms/kaifeng-platform/submissions'
  const used = newborn()
  await city.post(own, { body: used })
  const rows: [ProblemCode, object][] = [
    ['invalid-submission', { body: { ...newborn(), mode: '9', theme: 'x' } }],
    ['malformed-json', { body: 'x' }],
    ['unsafe-json', { body: '{"a":1,"a":2}' }],
    ['invalid-encoding', { body: '{"a":["\\u0000"]}' }],
    ['unsupported-media-type', { body: '{}', type: 'application/json; charset=big5' }],
    ['idempotency-conflict', { body: { ...used, homeDivision: '410221' } }],
  ]
  const { messages: _, ...before } = await running.kept()
  for (const [code, ask] of rows) {
    const answer = await city.post(own, ask)
    refused(t, answer, code)
    t.same(schema(answer.json()), [], `${code} fits the schema of problems`)
    t.equal(answer.json().instance, own)
  }
  t.match(await running.kept(), before, 'no submission comes of it')
})

t.test('a number used again for something else is a conflict in the county’s form too', async (t) => {
  const externalId = number()
  await send(encoded(newborn({ externalId })))
  await nothingKept(t, running, async () => {
    const answer = await send(encoded(newborn({ externalId, homeDivision: '410221' })))
    t.equal(answer.status, 409)
    t.equal(said(answer).code, 'idempotency-conflict')
  })
})

t.test('a key that no key can be is refused', async (t) => {
  await nothingKept(t, running, async () => {
    const answer = await send(encoded(newborn()), { key: 'k'.repeat(300) })
    t.equal(answer.status, 400)
  })
})

t.test('who is not the county is refused before its form matters', async (t) => {
  refused(t, await send(encoded(newborn()), { token: tokens.kaifeng }), 'forbidden')
  refused(t, await send(encoded(newborn()), { token: null }), 'unauthenticated')
})
