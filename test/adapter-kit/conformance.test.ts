import { hash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { adapterConformance, type Checker, conformanceReport } from '../../src/adapter-kit/conformance.ts'

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

t.test('so does one that a busy machine keeps from sending for a while', async (t) => {
  const slow = honest.replace('const answer', 'await new Promise((go) => setTimeout(go, 300)); const answer')
  t.same(await brokenRules(await adapterWith(t.testdir({}), slow)), [])
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

t.test('without a test runner every rule is told', async (t) => {
  const good = await conformanceReport(await adapterWith(t.testdir({}), honest))
  t.match(good, { adapter: 'pigeon', kind: 'platform', broken: 0, held: 20 })
  t.same(
    good.groups.map(({ about }) => about),
    ['declared', 'notify'],
  )
})

t.test('of a broken rule it is told what was expected and what was found', async (t) => {
  const bad = await conformanceReport(
    await adapterWith(t.testdir({}), honest.replace("'/notices'", "'/other'").replace("'R1'", "'R2'")),
  )
  const rule = bad.groups[1]?.rules[0]
  t.match(rule, { held: false, rule: '0.json: a notice is taken' })
  t.match(rule?.why, [
    'request 1 at path: wanted "/notices", found "/other"',
    'outcome at receipt.reference: wanted "R1", found "R2"',
  ])
  t.equal(bad.held + bad.broken, 20)
})

t.test('an adapter that nothing comes of by HTTP is told how it says so', async (t) => {
  const sockets = `async send() { throw new AdapterFailure('uncertain', 'no line came back') }`
  const report = await conformanceReport(await adapterWith(t.testdir({}), sockets))
  const rule = report.groups[1]?.rules.find((one) => one.rule.startsWith('500'))
  t.match(rule?.why.join('\n'), /samples\/conformance\.json, "http": false/)
})

t.test('what is asked without effect is sampled and questioned too', async (t) => {
  const tracking = `async send() { return {} } } },
    questions: { estimateFee: async (asked, { http }) => {
      const { fee } = (await http.request({ method: 'POST', url: '/fee', body: JSON.stringify(asked) })).json()
      if (typeof fee !== 'number') throw new AdapterFailure('unrecognised', 'no fee')
      return { fee } } },
    tracking: { read: async ({ waybill }, { http }) => {
      const said = (await http.request({ method: 'GET', url: '/track/' + waybill })).json()
      if (!Array.isArray(said)) throw new AdapterFailure('unrecognised', 'no list')
      return { events: said.map((one) => ({ id: one.id, type: 'parcel.collected', at: one.at, detail: {} })) } } }, more: { more: {`
  const samples = [
    {
      title: 'a fee',
      asks: 'estimateFee',
      asked: { weightGrams: 500 },
      request: { method: 'POST', path: '/fee', body: { weightGrams: 500 } },
      answer: { body: { fee: 1200 } },
      expect: { answer: { fee: 1200 } },
    },
    {
      title: 'a trail',
      asks: 'track',
      asked: { parcelId: 'par_1', waybill: 'W1', carrier: 'ems' },
      answer: { body: [{ id: 'e1', at: '2026-11-23T09:00:00+08:00' }] },
      expect: { answer: { events: [{ id: 'e1', type: 'parcel.collected', at: '<any>', detail: {} }] } },
    },
    {
      title: 'a notice',
      operation: 'notify',
      given: 'notification',
      expect: { receipt: {} },
      failureQuestions: false,
    },
  ]
  const report = await conformanceReport(await adapterWith(t.testdir({}), tracking, samples))
  t.same(
    report.groups.flatMap(({ rules }) => rules.filter(({ held }) => !held)),
    [],
  )
  t.equal(report.held, 37)
  t.match(report.groups[1], { about: 'estimateFee', notAsked: [] })
})

t.test('an adapter without HTTP says so: no question is asked of it, and each is named', async (t) => {
  const drop = `async send() { return {} } } },
    preview: async (_operation, { id }) => ['write ' + id + '.json'], outgoing2: { notify: {`
  const one = { title: 'a file', operation: 'notify', given: 'notification', expect: { preview: ['<any>'] } }
  const folder = await adapterWith(t.testdir({}), drop, [one])
  const why = 'files in a folder'
  await writeFile(new URL('samples/conformance.json', folder), JSON.stringify({ http: false, why }))
  const report = await conformanceReport(folder)
  t.equal(report.broken, 0)
  t.equal(report.groups[1]?.notAsked.length, 17)
  t.match(report.groups[1]?.notAsked[0], { name: 'refused', why })
  t.same(await brokenRules(folder), [])
  await writeFile(new URL('samples/conformance.json', folder), JSON.stringify({ http: false }))
  await t.rejects(conformanceReport(folder), { message: /conformance\.json says/ })
})

/** Asks whether a notice arrived; only a plain no is a no. */
const finds = `async find({ id }, { http }) {
  const { there } = (await http.request({ method: 'GET', url: '/notices/' + id })).json()
  if (typeof there !== 'boolean') throw new AdapterFailure('unrecognised', 'neither yes nor no')
  return there ? { reference: 'R1' } : null
}`
const absent = {
  title: 'a notice that never arrived',
  operation: 'notify',
  call: 'find',
  given: 'notification',
  request: { method: 'GET', path: '/notices/evt_01kaqf3m2d0000000000000001' },
  answer: { body: { there: false } },
  expect: { receipt: null },
}

t.test('an adapter that takes rubbish for "not there" is found out: it would send twice', async (t) => {
  const good = await adapterWith(t.testdir({ a: {}, b: {} }), `${honest}, ${finds}`, [sample, absent])
  t.same(await brokenRules(good), [])
  const gullible = finds.replace("if (typeof there !== 'boolean')", 'if (false)')
  const broken = await brokenRules(
    await adapterWith(`${t.testdirName}/b`, `${honest}, ${gullible}`, [sample, absent]),
  )
  t.match(broken.join(' | '), /find: an answer of unknown shape/)
  t.notMatch(broken.join(' | '), /find: HTML/, 'what is no JSON it refused')
})

t.test('what an adapter offers without a sample is named', async (t) => {
  const report = await conformanceReport(await adapterWith(t.testdir({}), `${honest}, ${finds}`))
  const broken = report.groups.flatMap(({ rules }) => rules.filter(({ held }) => !held))
  t.match(broken, [{ rule: 'everything it offers has a sample', why: [/find of notify/] }])
  t.equal(broken.length, 1)
})

const reads = `${honest} } },
  incoming: {
    read({ headers, body, receivedAt, proved }) {
      const text = body.toString('latin1')
      const time = headers['x-time']
      const right = hash('sha256', text + time + 'secret', 'hex') === headers['x-sign']
      if (!right) throw new AdapterFailure('unauthorised', 'forged')
      if (Math.abs(receivedAt - new Date(time)) > 60_000) throw new AdapterFailure('unauthorised', 'old')
      proved?.()
      return { events: [] }
    },
    acknowledge: () => ({ status: 200, body: '' }) }, more: { more: {`

async function readingAdapter(folder: string, send: string): Promise<URL> {
  const body = '{"no":"1"}'
  const time = '2026-11-23T01:30:00Z'
  const by = hash('sha256', `${body}${time}secret`, 'hex')
  const told = {
    title: 'a signed message',
    incoming: { headers: { 'X-Sign': by, 'X-Time': time }, body, signed: { by, body: '"no"', dated: true } },
    expect: { events: [] },
  }
  const url = await adapterWith(folder, send, [sample, told])
  const manifest = new URL('manifest.ts', url)
  await writeFile(manifest, `import { hash } from 'node:crypto'\n${await readFile(manifest, 'utf8')}`)
  return url
}

t.test('a message that says it is signed is forged, altered and held back', async (t) => {
  t.same(await brokenRules(await readingAdapter(t.testdir({}), reads)), [])
})

const wrongReads: [string, (send: string) => string, RegExp[]][] = [
  ['checks no signature', (send) => send.replace('!right', 'false'), [/another sign/, /altered body/]],
  [
    'signs no body',
    (send) => send.replace('text + time', "'{\\x22no\\x22:\\x221\\x22}' + time"),
    [/altered/],
  ],
  ['does not say that it knows the sender', (send) => send.replace('proved?.()', ''), [/another sign/]],
  [
    'says so before it knows',
    (send) => send.replace('proved?.()', '').replace('const text', 'proved?.(); const text'),
    [/another sign/],
  ],
  ['minds no time', (send) => send.replace('> 60_000', '> Infinity'), [/of yesterday/]],
]

for (const [what, change, rules] of wrongReads) {
  t.test(`an adapter that ${what} is found out`, async (t) => {
    const broken = (await brokenRules(await readingAdapter(t.testdir({}), change(reads)))).join(' | ')
    for (const rule of rules) t.match(broken, rule)
  })
}

/** Drops a notice as a file; finds it by its name. */
const drops = `async send({ id }, { signal }) {
    const path = settings.path + '/out/' + id
    if (signal.aborted) throw new AdapterFailure('unavailable', 'stopped', { sent: false })
    try { await writeFile(path, id, { flag: 'wx' }) } catch ({ code }) {
      if (code === 'EEXIST') return { reference: id, duplicate: true }
      throw new AdapterFailure('unavailable', 'not written ' + code, { sent: false })
    }
    return { reference: id }
  },
  async find({ id }, { signal }) {
    if (signal.aborted) throw new AdapterFailure('unavailable', 'stopped', { sent: false })
    const names = await readdir(settings.path + '/out').catch(() => {
      throw new AdapterFailure('unavailable', 'no folder', { sent: false })
    })
    return names.includes(id) ? { reference: id } : null
  }`

async function folderAdapter(folder: string, send: string): Promise<URL> {
  const id = 'evt_01kaqf3m2d0000000000000001'
  const dropped = {
    title: 'a notice is a file',
    operation: 'notify',
    given: 'notification',
    expect: { receipt: { reference: id }, files: { [`out/${id}`]: 'notice' } },
  }
  const { title: _, ...again } = dropped
  const found = {
    ...again,
    title: 'a notice that lies there is found',
    call: 'find',
    files: { [`out/${id}`]: 'notice' },
  }
  const url = await adapterWith(folder, send, [dropped, found])
  const manifest = new URL('manifest.ts', url)
  const written = await readFile(manifest, 'utf8')
  await writeFile(manifest, `import { readdir, writeFile } from 'node:fs/promises'\n${written}`)
  await writeFile(new URL('samples/notice', url), id)
  await writeFile(new URL('samples/settings.json', url), JSON.stringify({ path: '/srv/exchange' }))
  const place = { path: '/srv/exchange', holds: ['out'] }
  const conformance = { http: false, why: 'files in a folder', folder: place }
  await writeFile(new URL('samples/conformance.json', url), JSON.stringify(conformance))
  return url
}

t.test(
  'an adapter that exchanges files is run over a real folder, and asked what a folder can do',
  async (t) => {
    const report = await conformanceReport(await folderAdapter(t.testdir({}), drops))
    t.same(
      report.groups.flatMap(({ rules }) => rules.filter(({ held }) => !held)),
      [],
    )
    t.equal(report.held, 10)
  },
)

const wrongDrops: [string, (send: string) => string, RegExp][] = [
  ['writes it twice', (send) => send.replace("'wx'", "'w'"), /written twice/],
  ['writes something else', (send) => send.replace('(path, id,', '(path, 7 + id,'), /0\.json/],
  ['does not mind a missing folder', (send) => send.replace(/throw (?=.*not written)/, 'void '), /not there/],
  ['ignores that it is stopped', (send) => send.replace('signal.aborted', 'false'), /stopped attempt/],
  ['finds what is not there', (send) => send.replace(': null', ': {}'), /surely not there/],
  [
    'takes a missing folder for "not there"',
    (send) => send.replace(/throw (?=.*no folder)/, 'return [] ||'),
    /find: a folder that is not there/,
  ],
]

for (const [what, change, rule] of wrongDrops) {
  t.test(`an adapter of files that ${what} is found out`, async (t) => {
    t.match((await brokenRules(await folderAdapter(t.testdir({}), change(drops)))).join(' | '), rule)
  })
}

t.test('an adapter without any sample proves nothing', async (t) => {
  const folder = await adapterWith(t.testdir({}), honest, [])
  await rm(new URL('samples', folder), { recursive: true })
  await t.rejects(conformanceReport(folder), { message: /holds no samples/ })
})
