import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { problemHandler } from '../../src/http/problems.ts'
import { installAccess } from '../../src/security/access.ts'
import { installRates } from '../../src/security/rates.ts'
import type { Client } from '../../src/settings/settings.ts'
import { accessSettings, client } from './edge.ts'

const ask = (app: FastifyInstance, token = 'token-of-today', payload = '{}') =>
  app.inject({
    method: 'POST',
    url: '/v1/submissions',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload,
  })

async function start(t: Test, clients: Client[]): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true })
  t.teardown(() => app.close())
  app.setErrorHandler(problemHandler)
  installAccess(app, { ...accessSettings(), clients })
  await installRates(app, clients)
  app.post('/v1/submissions', { config: { access: { scope: 'submissions:write' } } }, () => 'taken')
  app.get('/open', { config: { access: 'public' } }, () => 'open')
  return app
}

t.test(
  'a client with a rate is told what is left, and refused beyond it before its body is read',
  async (t) => {
    const app = await start(t, [{ ...client, rate: { requests: 2, seconds: 60 } }])
    for (const left of ['1', '0']) {
      const { statusCode, headers } = await ask(app)
      t.equal(statusCode, 200)
      t.match(headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': left })
      t.match(Number(headers['ratelimit-reset']), Number)
    }
    const refused = await ask(app, 'token-of-tomorrow', '{')
    t.match(refused, {
      statusCode: 429,
      headers: {
        'content-type': /^application\/problem\+json/,
        'ratelimit-remaining': '0',
        'retry-after': /^\d+$/,
      },
    })
    const wait = Number(refused.headers['retry-after'])
    t.ok(wait > 1, 'no client is told to come back before it may')
    t.match(refused.json(), { detail: new RegExp(` in ${wait} s$`) })
    t.match(refused.json(), {
      code: 'rate-limited',
      detail: /^2 requests in 60 s are allowed; try again in \d+ s$/,
      detailZh: /^每 60 秒最多 2 次请求/,
    })
    t.equal((await app.inject('/open')).statusCode, 200, 'what is public is not counted')
  },
)

t.test('the window over, it may ask again', async (t) => {
  const app = await start(t, [{ ...client, rate: { requests: 1, seconds: 1 } }])
  t.equal((await ask(app)).statusCode, 200)
  t.equal((await ask(app)).statusCode, 429)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  t.equal((await ask(app)).statusCode, 200)
})

t.test('a client without a rate is not counted, whoever else has one', async (t) => {
  const other = { ...client, id: 'county', tokenHashes: [], rate: { requests: 1, seconds: 60 } }
  const app = await start(t, [client, other])
  for (let i = 0; i < 5; i++) {
    const { statusCode, headers } = await ask(app)
    t.equal(statusCode, 200)
    t.equal(headers['ratelimit-limit'], undefined)
  }
})
