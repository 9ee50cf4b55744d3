// POST /v1/addresses/check: whether the carrier of the home division serves an address, asked by any form of its code.

import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { AskSystem } from '../../src/delivery/questions.ts'
import type { Division } from '../../src/domain/catalogue.ts'
import { problemHandler } from '../../src/http/problems.ts'
import { postalRoutes } from '../../src/postal/routes.ts'
import type { PostalContract } from '../../src/settings/settings.ts'

const address = { province: '河南省', city: '开封市', county: '龙亭区', address: '中山路1号' }
const name = { zh: '龙亭区', en: 'Longting' }

async function openDoor(t: Test, failure?: AdapterFailure) {
  const app = Fastify()
  t.teardown(() => app.close())
  app.setErrorHandler(problemHandler)
  const asked: unknown[] = []
  const ask = (async (...question: unknown[]) => {
    asked.push(question)
    if (failure) throw failure
    return { reachable: true }
  }) as unknown as AskSystem
  const divisions = new Map<string, Division>([
    ['410202', { code: '410202', name, aliases: ['410211'] }],
    ['410221', { code: '410221', name, aliases: [] }],
  ])
  const postal = new Map([['410202', { system: 'ems', customerNumber: '90000012341202' } as PostalContract]])
  await postalRoutes(app, { postal, ask, catalogues: { inForce: () => ({ divisions }) } })
  const check = (body: object) => app.inject({ method: 'POST', url: '/v1/addresses/check', payload: body })
  return { asked, check }
}

t.test('the carrier is asked by any form of the division that a submission may write', async (t) => {
  const { asked, check } = await openDoor(t)
  for (const homeDivision of [
    '410202',
    '410202000000',
    '410202001',
    '410211',
    '410211000000',
    '４１０２０２ ',
  ]) {
    const answer = await check({ homeDivision, ...address })
    t.match(answer.json(), { carrier: 'ems', reachable: true }, homeDivision)
  }
  t.match(asked[0], ['ems', 'checkAddress', { ...address, customerNumber: '90000012341202' }])
})

t.test('what is no division of the city is named; one without a contract is not found', async (t) => {
  const { asked, check } = await openDoor(t)
  for (const [homeDivision, code] of [
    ['999999', 'unknown-division'],
    ['41020', 'unknown-division'],
    [410202, 'invalid-value'],
    [undefined, 'invalid-value'],
  ]) {
    const answer = await check({ homeDivision, ...address })
    t.equal(answer.statusCode, 400)
    t.match(answer.json().errors, [{ pointer: '/homeDivision', code, messageZh: /行政区划/ }])
  }
  t.equal((await check({ homeDivision: '410221', ...address })).statusCode, 404)
  t.same(asked, [], 'no carrier is asked')
})

t.test('what the question does not know is refused, for it may be misspelt', async (t) => {
  const { asked, check } = await openDoor(t)
  const answer = await check({ homeDivision: '410202', ...address, adress: '中山路1号' })
  t.match(answer.json().errors, [
    { pointer: '/adress', code: 'unknown-field', message: /did you mean address/ },
  ])
  t.same(asked, [])
})

t.test(
  'an address that the carrier refuses, and a carrier that checks none, are no reason to wait',
  async (t) => {
    for (const [failure, error] of [
      [
        new AdapterFailure('rejected', '邮政 EMS：地址参数有误 (bad parameters)', { code: '2' }),
        { pointer: '/address', code: 'refused-by-carrier', messageZh: /地址参数有误/ },
      ],
      [
        new AdapterFailure('rejected', '不支持该查询', { sent: false, code: 'cannot-answer' }),
        { pointer: '/homeDivision', code: 'not-offered', messageZh: /不提供地址校验/ },
      ],
    ] as const) {
      const { check } = await openDoor(t, failure)
      const answer = await check({ homeDivision: '410202', ...address })
      t.equal(answer.statusCode, 400)
      t.match(answer.json(), { code: 'invalid-request', errors: [error] })
    }
  },
)

t.test('a carrier that gives no answer, or whose settings are wrong, is asked again later', async (t) => {
  for (const failure of [
    new AdapterFailure('unavailable', 'away'),
    new AdapterFailure('throttled', 'slowly', { retryAfterMs: 1_500 }),
    new AdapterFailure('uncertain', 'no answer'),
    new AdapterFailure('unrecognised', 'nonsense'),
    new AdapterFailure('unauthorised', 'who are you'),
    new AdapterFailure('rejected', 'illegal product', { code: '4', setting: 'bizProductNo' }),
  ]) {
    const { check } = await openDoor(t, failure)
    const answer = await check({ homeDivision: '410202', ...address })
    t.equal(answer.statusCode, 503, failure.kind)
    if (failure.retryAfterMs) t.equal(answer.headers['retry-after'], '2')
  }
})
