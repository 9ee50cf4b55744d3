import { mkdir, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { adapterConformance, type Checker } from '../../src/adapter-kit/conformance.ts'

const kit = new URL('../../src/adapter-kit/', import.meta.url).href

/** Counts what a checker is told, and keeps the names of the rules that were broken. */
function recorder() {
  const broken: string[] = []
  const checkerOf = (name: string): Checker => ({
    test: async (rule, body) => {
      try {
        await body(checkerOf(rule))
      } catch {
        broken.push(rule)
      }
    },
    same: (found, wanted) => JSON.stringify(found) === JSON.stringify(wanted) || broken.push(name),
    ok: (value) => value || broken.push(name),
  })
  return { checker: checkerOf(''), broken }
}

const sample = {
  title: 'a notice is taken',
  operation: 'notify',
  given: 'notification',
  request: { method: 'POST', path: '/notices', body: { id: '<any>' } },
  answer: { body: { ok: true } },
  expect: { receipt: { reference: 'R1' } },
}

const honest = `async send(content, { http, key }) {
  const headers = { 'idempotency-key': key, 'content-type': 'application/json' }
  const answer = await http.request({ method: 'POST', url: '/notices', headers, body: JSON.stringify({ id: content.id }) })
  if (answer.json().ok !== true) throw new AdapterFailure('unrecognised', 'unknown answer')
  return { reference: 'R1' }
}`

async function adapterWith(folder: string, send: string, samples: object[] = [sample]): Promise<URL> {
  await mkdir(`${folder}/pigeon/samples`, { recursive: true })
  const manifest = `import { AdapterFailure } from '${kit}failures.ts'
    const settings = { type: 'object', properties: { baseUrl: { type: 'string', format: 'uri' }, token: { type: 'string', writeOnly: true } } }
    export default { name: 'pigeon', kind: 'platform', title: { zh: '信鸽', en: 'Pigeon' }, settings,
      create: (settings) => ({ outgoing: { notify: { ${send} } } }) }`
  await writeFile(`${folder}/pigeon/manifest.ts`, manifest)
  const settings = { baseUrl: 'https://pigeon.example', token: 'very-secret-token' }
  await writeFile(`${folder}/pigeon/samples/settings.json`, JSON.stringify(settings))
  for (const [index, one] of samples.entries()) {
    await writeFile(`${folder}/pigeon/samples/${index}.json`, JSON.stringify(one))
  }
  return pathToFileURL(`${folder}/pigeon/`)
}

async function brokenRules(folder: URL): Promise<string[]> {
  const { checker, broken } = recorder()
  await adapterConformance(checker, folder)
  return [...new Set(broken)]
}

t.test('an adapter that does right passes', async (t) => {
  t.same(await brokenRules(await adapterWith(t.testdir({}), honest)), [])
})

const wrongs: [string, (send: string) => string, RegExp[]][] = [
  [
    'takes any answer for success',
    (send) => send.replace('answer.json().ok !== true', 'false'),
    [/unknown shape/, /HTML/, /charset/, /broken body/],
  ],
  [
    'makes a new key for each try',
    (send) => send.replace("'idempotency-key': key", "'idempotency-key': String(Math.random())"),
    [/same idempotency key/],
  ],
  [
    'tells its secret',
    (send) => send.replace("'unknown answer'", "'token ' + settings.token"),
    [/unknown shape/],
  ],
  [
    'ignores the signal',
    (send) =>
      send.replace(
        'body: JSON.stringify({ id: content.id }) })',
        'body: JSON.stringify({ id: content.id }) }).catch((e) => /ABORTED/.test(e.message) ? new Promise(() => {}) : Promise.reject(e))',
      ),
    [/silence/],
  ],
  ['sends something else', (send) => send.replace("'/notices'", "'/other'"), [/0\.json/]],
  [
    'turns a failure into its own error',
    (send) => send.replace("new AdapterFailure('unrecognised', 'unknown answer')", "new Error('oops')"),
    [/unknown shape/],
  ],
]

for (const [what, change, rules] of wrongs) {
  t.test(`an adapter that ${what} is found out`, async (t) => {
    const broken = await brokenRules(await adapterWith(t.testdir({}), change(honest)))
    for (const rule of rules)
      t.ok(
        broken.some((one) => rule.test(one)),
        `${rule} among ${broken.join(' | ')}`,
      )
  })
}

t.test('a question can be excepted by name, or all of them', async (t) => {
  const careless = honest.replace('answer.json().ok !== true', 'false')
  const except = ['unknown', 'broken-json', 'html', 'charset']
  t.same(
    await brokenRules(
      await adapterWith(t.testdir({}), careless, [{ ...sample, failureQuestions: { except } }]),
    ),
    [],
  )
  t.same(
    await brokenRules(await adapterWith(t.testdir({}), careless, [{ ...sample, failureQuestions: false }])),
    [],
  )
})

t.test('a sample with a word that is not known is refused, with its file', async (t) => {
  const folder = await adapterWith(t.testdir({}), honest, [{ ...sample, exepct: {} }])
  await t.rejects(brokenRules(folder), { message: /samples\/0\.json: unknown exepct/ })
})
