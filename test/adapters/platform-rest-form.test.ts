// Submissions of platforms that post forms, as older ones do: fields, JSON within a field, in GBK too.

import iconv from 'iconv-lite'
import t from 'tap'
import { createIncoming } from '../../adapters/platform-rest/incoming.ts'
import type { IncomingSettings } from '../../adapters/platform-rest/settings.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW } from '../../src/adapter-kit/givens.ts'

const FORM = 'application/x-www-form-urlencoded'

const settings: IncomingSettings = {
  format: 'form',
  charset: 'gbk',
  embedded: ['params'],
  fields: {
    externalId: 'params.sbh',
    'applicant.name': 'xm',
    'form.codes': { from: 'cl', list: true },
  },
}
const own = createIncoming(settings)

const read = async (body: Buffer | string, contentType = FORM) =>
  own.read({
    method: 'POST',
    path: '/v1/platforms/county/submissions',
    query: {},
    headers: { 'content-type': contentType },
    body: Buffer.from(body),
    receivedAt: GIVEN_NOW,
  })

const refusalOf = async (body: string): Promise<unknown> => {
  const failure: unknown = await read(body).catch((error: unknown) => error)
  return failure instanceof AdapterFailure ? failure.unreadable?.code : undefined
}

const escaped = (text: string): string =>
  [...iconv.encode(text, 'gbk')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

t.test('fields are members, repeated ones lists, and JSON within one is read', async (t) => {
  const params = encodeURIComponent('{"sbh":"LK-1"}')
  t.same(await read(`params=${params}&xm=${escaped('王建国')}&cl=01&cl=02`), {
    submission: { externalId: 'LK-1', applicant: { name: '王建国' }, form: { codes: ['01', '02'] } },
  })
  t.same(await read(`params=${params}&xm=${encodeURIComponent('王建国')}&cl=01`, `${FORM}; charset=UTF-8`), {
    submission: { externalId: 'LK-1', applicant: { name: '王建国' }, form: { codes: ['01'] } },
  })
})

t.test('what is no form of that charset, or holds no JSON where it should, is refused by name', async (t) => {
  t.equal(await refusalOf('xm=%ff%ff'), 'invalid-encoding')
  t.equal(await refusalOf('params=%7B'), 'malformed-json')
  t.equal(await refusalOf('params=%7B%22a%22%3A1%2C%22a%22%3A2%7D'), 'unsafe-json')
})

t.test('it is answered in JSON, unless the answer says another format', async (t) => {
  const answer = createIncoming({ ...settings, acknowledge: { accepted: { no: '{{answer.submissionId}}' } } })
  const message = {
    method: 'POST',
    path: '/',
    query: {},
    headers: {},
    body: Buffer.from(''),
    receivedAt: GIVEN_NOW,
  }
  const told = answer.acknowledge({ ok: true, duplicate: false, answer: { submissionId: 'sub_1' } }, message)
  t.equal(told.headers?.['content-type'], 'application/json; charset=gbk')
  t.equal(told.body.toString(), '{"no":"sub_1"}')
})
