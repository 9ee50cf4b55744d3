// The catalogue as a platform and a hall read it.

import fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { catalogueRoutes } from '../../src/catalogue/routes.ts'
import { problemHandler } from '../../src/http/problems.ts'
import { compileSchemas } from '../../src/settings/schemas.ts'
import { VERSION } from '../../src/version.ts'
import { edited, folder, right } from '../settings/folder.ts'

async function serve(
  t: Test,
  today = '2026-06-01T00:00:00Z',
  modesOfVaccination = 'modes: [online]',
): Promise<FastifyInstance> {
  const window = '{ code: "01", collects: ["*"], from: "2026-01-01", to: "2026-12-31" }'
  const narrow = '{ code: "02", collects: [birth], from: "2026-01-01", to: "2026-12-31" }'
  const changes = {
    ...edited('halls/410204.yaml', `[${window}]`, `[${window}, ${narrow}]`),
    'matters/catalogue.yaml': right['matters/catalogue.yaml']!.replaceAll(
      'modes: [online, appointment]',
      'modes: [online, agent, appointment]',
    ).replace('modes: [online]', modesOfVaccination),
  }
  const settings = await folder(t, changes).load()
  const app = fastify()
  t.teardown(() => app.close())
  app.setErrorHandler(problemHandler)
  const catalogues = { inForce: () => settings.catalogue, find: () => undefined }
  await app.register(catalogueRoutes, { settings, catalogues, ledger: { now: () => new Date(today) } })
  return app
}

const checklist = '/v1/themes/newborn/checklist'

t.test('themes are listed with their modes', async (t) => {
  const app = await serve(t)
  const answer = await app.inject('/v1/themes')
  t.equal(answer.statusCode, 200)
  t.match(answer.json().themes, [
    { code: 'newborn', applicant: 'person', modes: ['online', 'agent', 'appointment'] },
  ])
})

t.test('a theme answers its situations and matters by its schema', async (t) => {
  const app = await serve(t)
  const answer = await app.inject('/v1/themes/newborn')
  t.same(compileSchemas()('theme')(answer.json()), [])
  t.match(answer.json(), {
    situations: [{ code: 'married', default: true }],
    matters: [
      { matter: 'birth', department: { zh: '卫健委' } },
      { matter: 'vaccination', after: ['birth'], optional: true },
    ],
  })
})

t.test('a checklist names what other matters yield apart from what is asked for', async (t) => {
  const result = '    results: [{ name: { zh: 证, en: Certificate }, type: electronic }]\n'
  const settings = await folder(t, {
    'matters/catalogue.yaml': right['matters/catalogue.yaml']!.replace(
      '    materials:\n      - { material: permit',
      `${result}    materials:\n      - { material: permit`,
    ).replace('{ material: photo }', '{ material: photo, from: { matter: birth } }'),
  }).load()
  const app = fastify()
  t.teardown(() => app.close())
  const catalogues = { inForce: () => settings.catalogue, find: () => undefined }
  await app.register(catalogueRoutes, {
    settings,
    catalogues,
    ledger: { now: () => new Date('2026-06-01T00:00:00Z') },
  })
  const answer = await app.inject(`${checklist}?home=410204&mode=online`)
  t.same(compileSchemas()('checklist')(answer.json()), [])
  t.strictSame(
    answer.json().materials.map((one: { code: string }) => one.code),
    ['permit'],
  )
  t.match(answer.json().results, [{ code: 'photo', from: 'birth', matters: ['vaccination'] }])
})

t.test('a checklist says exactly what to submit, by its schema', async (t) => {
  const app = await serve(t)
  const answer = await app.inject(`${checklist}?home=410299&mode=online`)
  t.equal(answer.statusCode, 200, answer.body)
  t.same(compileSchemas()('checklist')(answer.json()), [])
  t.match(answer.json(), {
    homeDivision: { code: '410204', name: { zh: '鼓楼区' } },
    situations: { married: true },
    matters: [
      { matter: 'birth', mode: 'online', promisedLimit: { days: 1, unit: 'G' } },
      { matter: 'vaccination', after: ['birth'] },
    ],
    materials: [
      { code: 'permit', certificateType: '11100000000013338W011', matters: ['birth'] },
      { code: 'photo', sources: ['upload'] },
    ],
    places: [],
  })
})

t.test('the home division is read as in a submission', async (t) => {
  const app = await serve(t)
  for (const home of ['410204000000', '410204001', '410299', '410299000000', '４１０２０４']) {
    const answer = await app.inject(`${checklist}?mode=online&home=${encodeURIComponent(home)}`)
    t.match(answer.json(), { homeDivision: { code: '410204' } }, home)
  }
})

t.test('situations are JSON or one parameter each', async (t) => {
  const app = await serve(t)
  for (const query of ['situations={"married":false}', 'situations[married]=false']) {
    const answer = await app.inject(`${checklist}?home=410204&mode=online&${encodeURI(query)}`)
    t.same(answer.json().situations, { married: false }, query)
    t.same(
      answer.json().materials.map((each: { code: string }) => each.code),
      ['photo'],
    )
  }
})

t.test('only windows that may take everything today are places', async (t) => {
  const ask = `${checklist}?home=410204&mode=agent`
  const open = await serve(t, '2026-06-01T00:00:00Z', 'modes: [online, agent]')
  t.match((await open.inject(ask)).json().places, [{ code: '410204-01', windows: ['01'] }])
  const late = await serve(t, '2026-12-31T16:00:00Z')
  t.same((await late.inject(ask)).json().places, [], 'it is the next year in China already')
})

t.test('a window need not be authorised for what goes online all the same', async (t) => {
  const app = await serve(t)
  const answer = await app.inject(`${checklist}?home=410204&mode=agent`)
  t.same(compileSchemas()('checklist')(answer.json()), [])
  t.match(answer.json().matters, [{ mode: 'agent' }, { mode: 'online' }])
  const place = { mode: 'agent', matters: ['birth'], code: '410204-01', windows: ['01', '02'] }
  t.match(answer.json().places, [place])
})

t.test('a matter may have a mode of its own, as in a submission', async (t) => {
  const app = await serve(t)
  for (const query of ['modes[birth]=appointment', 'modes={"birth":"appointment"}']) {
    const answer = await app.inject(`${checklist}?home=410204&mode=online&${encodeURI(query)}`)
    t.match(answer.json(), {
      mode: 'online',
      matters: [
        { matter: 'birth', mode: 'appointment' },
        { matter: 'vaccination', mode: 'online' },
      ],
      places: [{ mode: 'appointment', matters: ['birth'], windows: ['01', '02'] }],
    })
  }
})

t.test('an answer known already is not sent again', async (t) => {
  const app = await serve(t)
  const url = `${checklist}?home=410204&mode=online`
  const { etag } = (await app.inject(url)).headers
  const again = await app.inject({ url, headers: { 'if-none-match': `"other", W/${etag}` } })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
  t.match(etag, VERSION, 'another gateway may answer otherwise from the same files')
})

const refusals: [query: string, status: number, code: string, errors: object[]][] = [
  [
    `${checklist}?home=410204&mode=online&modes[birth]=post&modes[vaccination]=appointment`,
    400,
    'invalid-request',
    [{ pointer: '/query/modes/birth', code: 'invalid-value' }],
  ],
  [
    `${checklist}?home=410204&mode=online&modes[vaccination]=agent&modes[brith]=online`,
    400,
    'invalid-request',
    [
      { pointer: '/query/modes/brith', code: 'matter-not-planned' },
      { pointer: '/query/modes/vaccination', code: /mode/ },
    ],
  ],
  [
    `${checklist}?home=410204&mode=online&modes=[]`,
    400,
    'invalid-request',
    [{ pointer: '/query/modes', code: 'invalid-type' }],
  ],
  [
    '/v1/themes?versions=3',
    400,
    'invalid-request',
    [{ pointer: '/query/versions', code: 'unknown-field', message: /did you mean version/ }],
  ],
  [
    '/v1/themes/newborn?home=410204',
    400,
    'invalid-request',
    [{ pointer: '/query/home', code: 'unknown-field', message: /known is version/ }],
  ],
  [
    '/v1/themes/newborm',
    404,
    'not-found',
    [{ pointer: '/path/code', code: 'unknown-theme', message: /did you mean newborn/ }],
  ],
  ['/v1/themes/x/checklist?home=410204&mode=online', 404, 'not-found', [{ code: 'unknown-theme' }]],
  [
    checklist,
    400,
    'invalid-request',
    [
      { pointer: '/query/home', code: 'required' },
      { pointer: '/query/mode', code: 'required' },
    ],
  ],
  [
    `${checklist}?home=410204&mode=post`,
    400,
    'invalid-request',
    [{ pointer: '/query/mode', code: 'invalid-value' }],
  ],
  [
    `${checklist}?home=410204&home=410221&mode=online`,
    400,
    'invalid-request',
    [{ pointer: '/query/home', code: 'required' }],
  ],
  [
    `${checklist}?home=999999&mode=online`,
    400,
    'invalid-request',
    [{ pointer: '/query/home', code: 'unknown-division' }],
  ],
  [`${checklist}?home=410221&mode=online`, 400, 'invalid-request', [{ code: 'matter-not-offered' }]],
  [
    `${checklist}?home=410204&mode=online&situations=[1]`,
    400,
    'invalid-request',
    [{ pointer: '/query/situations', code: 'invalid-type' }],
  ],
  [
    `${checklist}?home=410204&mode=online&situations={`,
    400,
    'invalid-request',
    [{ pointer: '/query/situations', code: 'invalid-type' }],
  ],
  [
    `${checklist}?home=410204&mode=online&situations={"maried":true}`,
    400,
    'invalid-request',
    [{ code: 'unknown-situation' }],
  ],
  [
    `${checklist}?home=410204&mode=online&situation=1`,
    400,
    'invalid-request',
    [{ code: 'unknown-field', message: /did you mean situations/ }],
  ],
]
t.test('what cannot be answered is refused with every reason', async (t) => {
  const app = await serve(t)
  for (const [url, status, code, errors] of refusals) {
    const answer = await app.inject(encodeURI(url))
    t.match(answer.json(), { status, code, errors }, url)
    t.equal(answer.json().errors.length, errors.length, url)
  }
})
