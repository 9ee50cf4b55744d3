// Adapters that a configuration names by path or npm package: used like any other, and told exactly when they cannot be.

import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { answering } from '../../src/adapter-kit/conformance/server.ts'
import { findAdapter } from '../../src/adapter-kit/load.ts'
import { pretend, smallCity } from './system-city.ts'
import { tongban } from './tongban.ts'

const bureau = (adapter: string, baseUrl = 'http://127.0.0.1:9'): string => `
title: { zh: 园林局, en: Parks Bureau }
adapter: "${adapter}"
settings: { baseUrl: "${baseUrl}", token: { env: BUREAU_SECRET } }
`

/** What a vendor would publish: JavaScript that imports the kit of whatever gateway runs it. */
const published = `
import { defineAdapter, secretSchema } from 'tongban-gateway/src/adapter-kit/define.ts'
import { AdapterFailure } from 'tongban-gateway/src/adapter-kit/failures.ts'
export default defineAdapter({
  name: 'vendor-parks', kind: 'department', title: { zh: '园林', en: 'Parks' },
  settings: { type: 'object', additionalProperties: false, required: ['baseUrl'],
    properties: { baseUrl: { type: 'string', format: 'uri' }, token: secretSchema('令牌', 'token') } },
  create: ({ token }) => ({
    outgoing: { submitCase: { honoursKey: true, async send({ caseId }, { http, key }) {
      const answer = await http.request({ method: 'POST', url: '/cases', body: JSON.stringify({ caseId }),
        headers: { authorization: 'Bearer ' + token, 'idempotency-key': key } })
      const { no } = answer.json()
      if (typeof no !== 'string') throw new AdapterFailure('unrecognised', 'no number')
      return { reference: no }
    } } },
    async check({ http }) { await http.request({ method: 'GET', url: '/' }); return { ok: true, summary: 'fine' } },
  }),
})
`
const packageJson = JSON.stringify({
  name: '@vendor/tongban-adapter-parks',
  type: 'module',
  tongban: { adapter: './dist/manifest.js' },
})

function withPackage(city: ReturnType<typeof smallCity>, manifest = published): void {
  const place = 'config/node_modules/@vendor/tongban-adapter-parks'
  city.write(`${place}/package.json`, packageJson)
  city.write(`${place}/dist/manifest.js`, manifest)
  city.write(
    `${place}/dist/samples/settings.json`,
    '{ "baseUrl": "https://parks.example", "token": "sample-token" }',
  )
  const sample = {
    title: 'taken',
    operation: 'submitCase',
    given: 'case-online',
    request: { method: 'POST', path: '/cases', headers: { authorization: 'Bearer sample-token' } },
    answer: { body: { no: 'X-1' } },
    expect: { receipt: { reference: 'X-1' } },
  }
  city.write(`${place}/dist/samples/submit.json`, JSON.stringify(sample))
}

t.test('an npm package beside the configuration is an adapter like any other', async (t) => {
  const server = await pretend(t, answering([{ status: 401 }]))
  const city = smallCity(t, bureau('@vendor/tongban-adapter-parks', server.origin))
  withPackage(city)
  const tried = await city.run(['system', 'try', 'bureau', '--sample', 'case-online'])
  t.equal(tried.code, 0, tried.output)
  t.match(tried.output, /authorization: \*\*\* \(\d+ characters\)/)
  const checked = await city.run(['system', 'check', 'bureau'])
  t.match(checked.output, /✘ 凭证 .*unauthorised/, 'its failures are recognised as failures')
})

t.test('a package is tested by its name, from the folder where it is installed', async (t) => {
  const city = smallCity(t, bureau('@vendor/tongban-adapter-parks'))
  withPackage(city)
  const installed = `${city.configDir}/node_modules/@vendor/tongban-adapter-parks`
  const tested = await tongban(['adapter', 'test', installed])
  t.equal(tested.code, 0, tested.output)
  t.match(tested.output, /vendor-parks \(department\)[\s\S]* rules held, 0 broken/)
  const found = await findAdapter('@vendor/tongban-adapter-parks', new URL(`file://${city.configDir}/`))
  t.equal(found.manifest.name, 'vendor-parks')
  t.equal(fileURLToPath(found.folder), `${installed}/dist/`)
})

t.test('what is not installed, not there or broken is told at its place in the file', async (t) => {
  const cases: [string, (city: ReturnType<typeof smallCity>) => void, RegExp][] = [
    [
      '@vendor/missing',
      () => undefined,
      /bureau\.yaml:3:10 \/adapter\n.*@vendor\/missing is not installed: run "npm install @vendor\/missing"/,
    ],
    [
      '../adapters/none',
      () => undefined,
      /bureau\.yaml:3:10 \/adapter\n.*There is no folder .*adapters\/none/,
    ],
    ['@vendor/tongban-adapter-parks', (city) => withPackage(city, 'export default {'), /cannot be loaded/],
    ['@vendor/tongban-adapter-parks', (city) => withPackage(city, 'export default {}'), /name is missing/],
    [
      'department-rset',
      () => undefined,
      /There is no adapter department-rset in adapters\/; did you mean department-rest\?/,
    ],
  ]
  for (const [adapter, prepare, message] of cases) {
    const city = smallCity(t, bureau(adapter))
    prepare(city)
    const { code, output } = await city.run(['system', 'check', 'bureau'])
    t.equal(code, 1)
    t.match(output, message)
    t.match(output, /1 problem in the configuration/)
    t.notMatch(output, /\n\s+at /)
  }
})

t.test('TypeScript in a published package is refused with what to do', async (t) => {
  const city = smallCity(t, bureau('tongban-adapter-typed'))
  city.write('config/node_modules/tongban-adapter-typed/package.json', '{ "type": "module" }')
  city.write('config/node_modules/tongban-adapter-typed/manifest.ts', 'export default {} as object')
  const { code, output } = await city.run(['system', 'check', 'bureau'])
  t.equal(code, 1)
  t.match(output, /Node runs no TypeScript below node_modules: publish it as JavaScript/)
})

t.test('a folder by its path, relative to the configuration, wherever it was made', async (t) => {
  const city = smallCity(t, bureau('./own/parks').replace(', token', ', key: k, secret'))
  const made = await tongban([
    'adapter',
    'new',
    'parks',
    '--kind',
    'department',
    '--folder',
    `${city.folder}/made`,
  ])
  t.equal(made.code, 0)
  const deployed = (path: string): boolean => !path.includes('node_modules')
  cpSync(`${city.folder}/made`, `${city.folder}/config/own`, { recursive: true, filter: deployed })
  const { code, output } = await city.run(['system', 'try', 'bureau', '--sample', 'case-online'])
  t.equal(code, 0, output)
  t.match(output, /POST http:\/\/127\.0\.0\.1:9\/cases/)
})
