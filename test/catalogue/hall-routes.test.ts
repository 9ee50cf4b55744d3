// The authorisation matrix of a hall as others read it over HTTP.

import fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { hallRoutes } from '../../src/catalogue/hall-routes.ts'
import { problemHandler } from '../../src/http/problems.ts'
import { compileSchemas } from '../../src/settings/schemas.ts'
import { edited, folder } from '../settings/folder.ts'

async function serve(t: Test): Promise<FastifyInstance> {
  const window = '{ code: "01", collects: ["*"], from: "2026-01-01", to: "2026-12-31" }'
  const matrix =
    '{ code: "02", authorisations: [{ collect: [birth], accept: [vaccination], from: "2026-01-01", to: "2026-06-30" }] }'
  const settings = await folder(t, edited('halls/410204.yaml', window, `${window}, ${matrix}`)).load()
  const app = fastify()
  t.teardown(() => app.close())
  app.setErrorHandler(problemHandler)
  const catalogues = { inForce: () => settings.catalogue, find: () => undefined }
  await app.register(hallRoutes, { settings, catalogues })
  return app
}

const path = '/v1/halls/410204-01/authorisations'

t.test('the matrix lists window by window, right by right, with the department', async (t) => {
  const app = await serve(t)
  const answer = await app.inject(path)
  t.equal(answer.statusCode, 200, answer.body)
  t.same(compileSchemas()('hall-authorisations')(answer.json()), [])
  const year = { right: 'collect', from: '2026-01-01', to: '2026-12-31', department: { zh: '卫健委' } }
  t.match(answer.json(), {
    hall: '410204-01',
    division: '410204',
    windows: [
      {
        window: '01',
        authorisations: [
          { matter: 'birth', ...year },
          { matter: 'vaccination', ...year },
        ],
      },
      {
        window: '02',
        authorisations: [
          { matter: 'birth', right: 'collect', to: '2026-06-30' },
          { matter: 'vaccination', name: { zh: '接种证' }, right: 'accept', to: '2026-06-30' },
        ],
      },
    ],
  })
})

t.test('on a day, only what is in force is listed', async (t) => {
  const app = await serve(t)
  const on = async (day: string): Promise<number[]> =>
    (await app.inject(`${path}?on=${day}`))
      .json()
      .windows.map(({ authorisations }: { authorisations: unknown[] }) => authorisations.length)
  t.same(await on('2026-06-30'), [2, 2])
  t.same(await on('2026-07-01'), [2, 0])
  t.same(await on('2025-12-31'), [0, 0])
})

t.test('an answer known already is not sent again', async (t) => {
  const app = await serve(t)
  const { etag } = (await app.inject(path)).headers
  t.equal((await app.inject({ url: path, headers: { 'if-none-match': etag } })).statusCode, 304)
})

t.test('another hall, a day that does not exist and other parameters are refused', async (t) => {
  const app = await serve(t)
  const unknown = await app.inject('/v1/halls/410204-02/authorisations')
  t.match(unknown.json(), {
    status: 404,
    code: 'not-found',
    detail: /did you mean 410204-01/,
    detailZh: /没有大厅/,
  })
  t.match((await app.inject(`${path}?on=2026-02-30&day=1`)).json(), {
    status: 400,
    code: 'invalid-request',
    errors: [
      { pointer: '/query/day', code: 'unknown-field', message: /known is on/ },
      { pointer: '/query/on', code: 'invalid-date', messageZh: /日期/ },
    ],
  })
  t.equal((await app.inject(`${path}?on=2026-01-01&on=2026-01-02`)).statusCode, 400)
})
