// The catalogue's versions while the gateway runs: seen, compared, activated and refused by operators.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { platformAt } from '../support/platform.ts'
import { configFolder, type Folder, logIn, type ReloadTown, startReloadTown } from './reload-town.ts'

t.setTimeout(120_000)

const theme = 'matters/themes/newborn.yaml'
const divisions = 'matters/divisions.yaml'

/** The files of the next catalogue: another first day, another promised limit. */
function next({ edit }: Folder, effectiveFrom: string, days = 2): void {
  edit(divisions, (text) => text.replace(/effectiveFrom: .*/, `effectiveFrom: "${effectiveFrom}"`))
  edit(theme, (text) =>
    text.replace(/promisedLimit: \{ days: \d+, unit: G \}/, `promisedLimit: { days: ${days}, unit: G }`),
  )
}

// biome-ignore lint/suspicious/noExplicitAny: what the gateway shows is judged by the test
type Shown = any

async function operator({ url }: { url: string }) {
  const cookie = await logIn(url)
  const call = async (method: string, path: string, body?: unknown) => {
    const headers: Record<string, string> = { cookie, origin: url }
    if (body !== undefined) headers['content-type'] = 'application/json'
    const answer = await fetch(`${url}/ops/v1/catalogue${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as Shown, headers: answer.headers }
  }
  return {
    cookie,
    get: (path: string) => call('GET', path),
    activate: (body?: unknown) => call('POST', '/activate', body),
    validate: (body?: unknown) => call('POST', '/validate', body),
  }
}

const promisedAt = async (url: string, query = '') => {
  const path = `/v1/themes/newborn/checklist?home=410204&mode=online${query}`
  const { matters } = (await platformAt(url).get(path)).json()
  return matters[0].promisedLimit.days
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 15_000; !(await holds()); await sleep(20))
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
}

t.test('it is validated, activated, listed, shown and compared; every process follows', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  const other = await town.another({ roles: ['api'] })
  const { activate, validate, get } = await operator(town)
  next(town.folder, '2026-02-01')
  t.match(await validate(), {
    status: 200,
    body: { result: 'valid', recorded: null, changes: [{ what: 'limit', code: 'promisedLimit' }] },
  })
  t.equal(await promisedAt(town.url), 1, 'asking changes nothing')

  const activated = await activate()
  t.match(activated, {
    status: 200,
    body: {
      result: 'activated',
      number: 2,
      effectiveFrom: '2026-02-01',
      standing: 'in-force',
      changes: [
        {
          of: { code: 'birth-certificate' },
          message: 'matter birth-certificate: promised limit changed: 1 working day → 2 working days',
          messageZh: /承诺时限变更/,
        },
      ],
    },
  })
  t.equal(await promisedAt(town.url), 2, 'at once here')
  await until('the other process follows', async () => (await promisedAt(other.url)) === 2)
  t.match(await activate(), { status: 200, body: { result: 'unchanged', number: 2 } })

  const { body: list } = await get('/versions')
  t.match(list, {
    inForce: 2,
    items: [
      { number: 2, by: 'operator:admin', activatedAt: /^20\d\d-.*Z$/, standing: 'in-force' },
      { number: 1, by: 'start', effectiveFrom: '2026-01-01', standing: 'past' },
    ],
  })
  t.match((await get('/versions/1')).body, {
    number: 1,
    matters: /^[1-9]/,
    files: [{ file: /^matters\// }],
  })
  const { body: diff } = await get('/diff?from=1&to=2')
  t.match(diff, {
    from: { number: 1 },
    to: { number: 2 },
    changes: [{ before: { days: 1 }, after: { days: 2 } }],
  })
  t.match((await get(`/diff?from=2&to=${list.items[1].version}`)).body.changes, [{ after: { days: 1 } }])
  t.strictSame((await get('/diff')).body.changes, [], 'the newest is in force')
})

t.test('platforms read the version in force, or another by its number or hash', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  const platform = platformAt(town.url)
  const { version: old } = (await platform.get('/v1/themes')).json()
  const etag = (await platform.get('/v1/themes/newborn')).headers.get('etag')!
  next(town.folder, '2026-02-01')
  await (await operator(town)).activate()
  t.equal(await promisedAt(town.url), 2)
  t.equal(await promisedAt(town.url, '&version=1'), 1)
  t.equal(await promisedAt(town.url, `&version=${old}`), 1)
  t.equal((await platform.get(`/v1/themes/newborn?version=${old}`)).json().version, old)
  t.equal((await platform.get('/v1/themes?version=1')).json().effectiveFrom, '2026-01-01')
  const again = (query: string) =>
    platform.get(`/v1/themes/newborn${query}`, { headers: { 'if-none-match': etag } })
  t.equal((await again('')).status, 200, 'what was known is not what is in force')
  t.equal((await again('?version=1')).status, 304)
  for (const path of ['', '/newborn', '/newborn/checklist?home=410204&mode=online']) {
    const ask = (version: string) =>
      platform.get(`/v1/themes${path}${path.includes('?') ? '&' : '?'}${version}`)
    const unknown = await ask('version=99')
    t.match(
      { status: unknown.status, ...unknown.json() },
      { status: 404, code: 'not-found', errors: [{ pointer: '/query/version', code: 'unknown-version' }] },
    )
    t.match((await ask('version=1&version=2')).json(), {
      status: 400,
      errors: [{ pointer: '/query/version' }],
    })
  }
})

t.test('answers carry a tag, and nothing is sent twice', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  const { get, cookie } = await operator(town)
  for (const path of ['/versions', '/versions/1', '/diff?from=1&to=1']) {
    const etag = (await get(path)).headers.get('etag')!
    const again = await fetch(`${town.url}/ops/v1/catalogue${path}`, {
      headers: { cookie, 'if-none-match': etag },
    })
    t.equal(again.status, 304, path)
  }
})

/** Everything that an activation could have changed. */
async function standsAsBefore(t: Test, town: ReloadTown, work: () => Promise<void>): Promise<void> {
  const { get } = await operator(town)
  const state = async () => ({
    versions: (await get('/versions')).body,
    themes: (await platformAt(town.url).get('/v1/themes/newborn')).json(),
  })
  const before = await state()
  await work()
  t.strictSame(await state(), before)
}

t.test(
  'an activation with anything wrong is refused with all of it, and leaves everything as it was',
  async (t) => {
    const town = await startReloadTown(t, { roles: ['api'] })
    const { activate, validate } = await operator(town)
    const right = { theme: town.folder.read(theme), divisions: town.folder.read(divisions) }
    await standsAsBefore(t, town, async () => {
      next(town.folder, '2026-02-01')
      town.folder.edit(theme, (text) =>
        text
          .replace(
            '- { matter: birth-certificate }',
            '- { matter: birth-certificate, after: [household-birth] }',
          )
          .replace('{ material: delivery-record,', '{ material: delivery-rekord,')
          .replace('systems: public-security', 'systems: { "410204": public-security }'),
      )
      for (const answer of [await activate(), await validate()]) {
        t.match(answer, { status: 422, body: { code: 'invalid-configuration' } })
        const { errors } = answer.body
        for (const part of [/in a circle/, /no material delivery-rekord/, /no system for 410200/])
          t.ok(
            errors.some(({ message }: Shown) => part.test(message)),
            String(part),
          )
        for (const error of errors) {
          t.match(error, { pointer: /^matters\/themes\/newborn\.yaml#\//, messageZh: /[\u4e00-\u9fff]/ })
          t.match(error.message, /^matters\/themes\/newborn\.yaml:\d+:\d+ /)
        }
      }
    })
    town.folder.write(theme, right.theme)
    town.folder.write(divisions, right.divisions)

    await standsAsBefore(t, town, async () => {
      town.folder.edit(theme, (text) =>
        text.replace('promisedLimit: { days: 1,', 'promisedLimit: { days: 2,'),
      )
      for (const answer of [await activate(), await validate({ replace: false })])
        t.match(answer, {
          status: 422,
          body: {
            errors: [
              {
                pointer: 'matters/divisions.yaml#/effectiveFrom',
                message: /^matters\/divisions\.yaml:\d+:\d+ .*already the first day of version 1/,
                messageZh: /与第 1 版相同/,
              },
            ],
          },
        })
      town.folder.edit(divisions, (text) => text.replace('"2026-01-01"', '"2025-01-01"'))
      t.match((await activate()).body.errors, [{ message: /before 2026-01-01, the first day of version 1/ }])
      t.match(await activate({ replace: 'yes' }), {
        status: 400,
        body: { errors: [{ pointer: '/replace' }] },
      })
      t.match(await validate({ replace: true }), { status: 200, body: { result: 'valid' } })
    })
    t.match(await activate({ replace: true }), {
      status: 200,
      body: { result: 'activated', number: 2, standing: 'in-force' },
    })
    t.equal(await promisedAt(town.url), 2)
  },
)

t.test('a catalogue that names a new system waits for the configuration to be reloaded', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  const { activate } = await operator(town)
  next(town.folder, '2026-02-01')
  town.folder.write('systems/clinic.yaml', town.folder.read('systems/health.yaml'))
  town.folder.edit(theme, (text) => text.replace('systems: health', 'systems: clinic'))
  t.match(await activate(), {
    status: 422,
    body: {
      errors: [{ message: /system clinic, which is not in force yet: reload/, messageZh: /重新加载/ }],
    },
  })
  t.match(await town.gateway.reload('signal'), {
    systems: { added: ['clinic'] },
    waiting: [{ part: 'matters' }],
  })
  t.match(await activate(), { status: 200, body: { result: 'activated' } })
  t.match(await town.gateway.reload('signal'), { result: 'unchanged', waiting: [] })
  town.folder.edit(theme, (text) => text.replace('systems: clinic', 'systems: health'))
  town.folder.remove('systems/clinic.yaml')
  t.match(await town.gateway.reload('signal'), {
    result: 'refused',
    problems: [{ file: 'systems/clinic.yaml', message: /routes matters to clinic: birth-certificate/ }],
  })
})

t.test('two processes that activate different files at once: one wins, the other is told why', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  const folder = configFolder(t)
  const other = await town.another({ roles: ['api'], folder })
  next(town.folder, '2026-02-01', 2)
  next(folder, '2026-02-01', 3)
  const answers = await Promise.all([(await operator(town)).activate(), (await operator(other)).activate()])
  t.strictSame(answers.map(({ status }) => status).sort(), [200, 422])
  const days = answers[0]!.status === 200 ? 2 : 3
  const refused = answers.find(({ status }) => status === 422)!
  t.match(refused.body.errors, [{ message: /already the first day of version 2/ }])
  for (const url of [town.url, other.url])
    await until('both use the one that was recorded', async () => (await promisedAt(url)) === days)
})

t.test('two processes that activate the same files at once record them once', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  const other = await town.another({ roles: ['api'] })
  next(town.folder, '2026-02-01')
  const answers = await Promise.all([(await operator(town)).activate(), (await operator(other)).activate()])
  t.strictSame(answers.map(({ body }) => body.result).sort(), ['activated', 'unchanged'])
  t.strictSame(
    answers.map(({ body }) => body.number),
    [2, 2],
  )
})

t.test('only an operator may activate, and unknown versions are told', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  const { get } = await operator(town)
  const post = (headers: Record<string, string>) =>
    fetch(`${town.url}/ops/v1/catalogue/activate`, { method: 'POST', headers })
  t.equal((await post({})).status, 401)
  t.equal((await post({ cookie: await town.cookie() })).status, 403, 'another site made the browser ask')
  t.match(await get('/versions/7'), { status: 404, body: { errors: [{ pointer: '/path/number' }] } })
  t.match(await get('/diff?from=7'), { status: 404, body: { errors: [{ pointer: '/query/from' }] } })
  t.match(await get('/diff?to=1&to=1'), { status: 400, body: { errors: [{ pointer: '/query/to' }] } })
})

t.test('with the ledger away nothing is activated, and it is said', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  const { activate } = await operator(town)
  next(town.folder, '2026-02-01')
  const client = new pg.Client({ connectionString: town.databaseUrl })
  await client.connect()
  await client.query('begin')
  await client.query('lock table catalogue_versions in access exclusive mode')
  const asked = activate()
  // Once a second every process looks for newer versions: the second that waits is the operator's.
  const waiting = `select count(*) > 1 as both from pg_locks where not granted and relation = 'catalogue_versions'::regclass`
  await until('it waits', async () => (await client.query(waiting)).rows[0].both)
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
  )
  const { status, body } = await asked
  t.equal(status, 503)
  t.equal(body.code, 'unavailable')
  await client.query('rollback')
  await client.end()
  await until('it is back', async () => (await promisedAt(town.url)) === 1)
})
