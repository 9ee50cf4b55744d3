// The simulated 好差评 system, asked by the real adapter over HTTP whether it can be spoken to.

import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { createHaochaping } from '../../adapters/rating-haochaping/adapter.ts'
import manifest from '../../adapters/rating-haochaping/manifest.ts'
import type { HaochapingSettings } from '../../adapters/rating-haochaping/settings.ts'
import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { GIVEN_KEY, givens } from '../../src/adapter-kit/givens.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import type { CityContext } from '../../src/sandbox/actor.ts'
import { createRating } from '../../src/sandbox/rating/index.ts'

const appWord = 'rating-word-of-the-tests'

t.test('an empty record proves address, signature and time, and leaves nothing behind', async (t) => {
  const { check, books, push } = await startRating(t)
  t.match(await check(), { ok: true, summary: /签名与时间已被接受/ })
  t.same(books().effects, [])
  t.match(books().counts, { checks: 1 })
  await push()
  t.match(books().effects, [{ kind: 'service', key: givens.service.caseId }])
})

t.test('a wrong secret, a wrong time and a wrong address are told, each by its answer', async (t) => {
  const { check, books, url } = await startRating(t)
  const answers = [{ desc: '签名错误', means: 'unauthorised' }] as const
  t.match(await check({ appWord: 'another', answers }), { ok: false, summary: /签名错误/ })
  t.match(await check({ appWord: 'another' }), { ok: false, summary: /“签名错误”.*checkAnswer/ })
  t.match(await check({}, { now: () => new Date('2020-01-01T00:00:00Z') }), {
    ok: false,
    summary: /请求已过期/,
  })
  t.match(await check({ url: `${url}/elsewhere` }), { ok: false, summary: /404/ })
  t.same(books().effects, [])
})

t.test('what is not known to be the refusal of an empty record proves nothing', async (t) => {
  const { check } = await startRating(t)
  t.match(await check({ checkAnswer: undefined }), { ok: false, summary: /“缺少必填项”.*checkAnswer/ })
  const blind = await startRating(t, async () => ({ 'C-Response-Desc': 'success' }))
  t.match(await blind.check(), { ok: false, summary: /“success”.*not shown/ })
  const mute = await startRating(t, async () => ({}))
  t.match(await mute.check(), { ok: false, summary: /no C-Response-Desc/ })
})

async function startRating(t: Test, instead?: () => Promise<Record<string, unknown>>) {
  const context: Pick<CityContext, 'later'> = { later: () => undefined }
  const actor = createRating(context as CityContext, { appWord })
  const app = Fastify()
  if (instead) app.post('/api/servicePush', instead)
  else await actor.routes(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const settings: HaochapingSettings = {
    url: `${url}/api/servicePush`,
    appMark: 'kaifeng-tongban',
    appWord,
    digest: 'sm3',
    checkAnswer: '缺少必填项',
  }
  const client = systemHttpClient(manifest, settings, { timeoutMs: 5_000, connections: 1 })
  t.teardown(async () => {
    await client.close()
    await app.close()
  })
  const attempt = (signal = AbortSignal.timeout(5_000)): Attempt => ({
    signal,
    http: client.forAttempt(signal),
    key: GIVEN_KEY,
    number: 1,
    now: () => new Date(),
    files: undefined as unknown as Attempt['files'],
  })
  type Change = { [K in keyof HaochapingSettings]?: HaochapingSettings[K] | undefined }
  return {
    url,
    books: () => actor.books(),
    check: (change: Change = {}, more: Partial<Attempt> = {}) =>
      createHaochaping({ ...settings, ...change } as HaochapingSettings).check!({ ...attempt(), ...more }),
    push: () => createHaochaping(settings).outgoing.recordService!.send(givens.service, attempt()),
  }
}
