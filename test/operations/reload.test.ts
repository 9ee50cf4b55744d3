// The configuration while the gateway runs: what comes into force, what is refused and why, who is told.

import { createServer, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { liveRules } from '../../src/operations/reload/live-rules.ts'
import { fixedSources } from '../../src/rules.ts'
import { newborn, platformAt } from '../support/platform.ts'
import { configFolder, startReloadTown } from './reload-town.ts'

t.setTimeout(120_000)

const system = (baseUrl: string, more = ''): string => `title: { zh: 测试, en: Test }
adapter: department-rest
divisions: ["*"]
delivery: { concurrency: 4, timeoutMs: 5000 }
${more}settings:
  preset: house
  baseUrl: ${baseUrl}
  signing: { key: test, secret: { env: CITY_SECRET } }
`

async function listening(t: Test, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

async function query<T extends object>(databaseUrl: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what the gateway shows is judged by the test
type Shown = any

async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await sleep(20)
  }
}

t.test(
  'an attempt under way ends with the address it began with; the next goes to the new one',
  async (t) => {
    const town = await startReloadTown(t)
    const held: (() => void)[] = []
    const old = await listening(
      t,
      createServer((_request, response) => void held.push(() => response.writeHead(503).end())),
    )
    const found: string[] = []
    const fresh = await listening(
      t,
      createServer((request, response) => {
        found.push(request.url ?? '')
        response.writeHead(503).end()
      }),
    )
    const file = `systems/${await systemOfFirstCase(town)}.yaml`
    town.folder.write(file, system(old))
    t.match(await town.gateway.reload('signal'), { result: 'applied' })

    const answer = await platformAt(town.url).submit(newborn())
    t.equal(answer.status, 202)
    await until('the old address is asked', () => held.length > 0)
    town.folder.write(file, system(fresh))
    t.match(await town.gateway.reload('signal'), {
      result: 'applied',
      systems: { changed: [{ fields: ['/settings/baseUrl'] }] },
    })
    t.equal(found.length, 0, 'it is still under way')
    for (const answerLate of held) answerLate()
    await until('the new address is asked', () => found.length > 0)
    t.match(
      await query(
        town.databaseUrl,
        `select outcome, summary from attempts where outcome = 'unavailable' order by recorded_at limit 1`,
      ),
      [{ outcome: 'unavailable', summary: /503/ }],
      'the old answer counted',
    )
  },
)

/** The department that decides the first case of a newborn. */
async function systemOfFirstCase({
  gateway,
  url,
  databaseUrl,
}: {
  gateway: unknown
  url: string
  databaseUrl: string
}) {
  void gateway
  await platformAt(url).submit(newborn())
  let rows: { system: string }[] = []
  await until('a case is dispatched', async () => {
    rows = await query(
      databaseUrl,
      `select system from transfers where operation = 'submitCase' and state = 'delivered'`,
    )
    return rows.length > 0
  })
  return rows[0]!.system
}

t.test(
  'with anything wrong nothing changes, every reason is said, and the refusal is in the books',
  async (t) => {
    const town = await startReloadTown(t)
    const cookie = await town.cookie()
    town.folder.edit('systems/ems.yaml', (text) => text.replace('concurrency: 8', 'concurrency: eight'))
    town.folder.write('systems/new-bureau.yaml', system('http://127.0.0.1:9', 'subscribes: [cases.*]\n'))
    const answer = await fetch(`${town.url}/ops/v1/configuration/reload`, {
      method: 'POST',
      headers: { cookie, origin: town.url },
    })
    t.equal(answer.status, 422)
    const body = (await answer.json()) as Shown
    t.equal(body.code, 'invalid-configuration')
    t.match(body.errors, [
      {
        pointer: 'systems/ems.yaml#/delivery/concurrency',
        message: /^systems\/ems\.yaml:\d+:\d+ /,
        messageZh: /[\u4e00-\u9fff]/,
      },
      { pointer: 'systems/new-bureau.yaml#/subscribes', message: /cannot be called back/ },
      { pointer: 'systems/new-bureau.yaml#/subscribes/0', message: /^systems\/new-bureau\.yaml:5:\d+ / },
    ])
    const shown = (await (
      await fetch(`${town.url}/ops/v1/configuration`, { headers: { cookie } })
    ).json()) as Shown
    t.match(shown, {
      state: 'current',
      processes: [{ state: 'current', version: shown.version }],
      history: [
        { result: 'refused', by: 'operator:admin', from: shown.version, problems: [{}, {}] },
        { result: 'applied', by: 'start', to: shown.version },
      ],
    })
    const systems = (await (
      await fetch(`${town.url}/ops/v1/systems`, { headers: { cookie } })
    ).json()) as Shown
    t.notOk(systems.items.some((one: { id: string }) => one.id === 'new-bureau'))
  },
)

t.test('settings that an adapter does not accept are refused at their place', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  town.folder.edit('systems/ems.yaml', (text) =>
    text.replace(/baseUrl: .*/, 'baseUrl: http://169.254.169.254/ems'),
  )
  const refused = await town.gateway.reload('signal')
  t.match(refused, {
    result: 'refused',
    problems: [
      { file: 'systems/ems.yaml', line: /^[1-9]/, pointer: '/settings', message: /may not be dialled/ },
    ],
  })
  const file = 'systems/market-regulation.yaml'
  let lines = 0
  town.folder.edit(file, (text) => {
    lines = text.trimEnd().split('\n').length
    return `${text.trimEnd()}\n  answer: { code: "data.(" }\n`
  })
  const { problems = [] } = (await town.gateway.reload('signal')) as { problems?: { file: string }[] }
  t.match(
    problems.filter((one) => one.file === file),
    [{ line: lines + 1, column: 19, pointer: '/settings/answer/code', message: /JSONata.*e\.g\./ }],
  )
})

t.test('only an operator may ask for it', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  const ask = (headers: Record<string, string>, query = '') =>
    fetch(`${town.url}/ops/v1/configuration/reload${query}`, { method: 'POST', headers })
  t.equal((await ask({})).status, 401)
  const cookie = await town.cookie()
  t.equal((await ask({ cookie })).status, 403, 'another site made the browser ask')
  t.equal((await ask({ cookie, origin: town.url }, '?dryRun=true')).status, 400, 'nothing is tried by it')
})

t.test('a system is added, used and removed again; a second reload finds nothing to do', async (t) => {
  const town = await startReloadTown(t)
  town.folder.write('systems/new-bureau.yaml', system(town.city.url))
  t.match(await town.gateway.reload('signal'), {
    result: 'applied',
    systems: { added: ['new-bureau'], removed: [], changed: [] },
    waiting: [],
  })
  t.match(await town.gateway.reload('signal'), { result: 'unchanged' })
  const pushed = await fetch(`${town.url}/v1/systems/new-bureau/events`, { method: 'POST', body: '{}' })
  t.not(pushed.status, 404, 'it is known')
  town.folder.remove('systems/new-bureau.yaml')
  t.match(await town.gateway.reload('signal'), { result: 'applied', systems: { removed: ['new-bureau'] } })
  const gone = await fetch(`${town.url}/v1/systems/new-bureau/events`, { method: 'POST', body: '{}' })
  t.equal(gone.status, 404)
})

t.test(
  'a system stays while the catalogue leads to it or its work is open, whatever the new files say',
  async (t) => {
    const town = await startReloadTown(t, { roles: ['api'] })
    await platformAt(town.url).submit(newborn())
    const [first] = await query<{ system: string }>(
      town.databaseUrl,
      `select system from transfers where operation = 'submitCase' or operation = 'obtainCertificate' order by id`,
    )
    town.folder.write('systems/new-bureau.yaml', system('http://127.0.0.1:9'))
    await town.gateway.reload('signal')
    await query(
      town.databaseUrl,
      `update transfers set system = 'new-bureau' where system = '${first!.system}'`,
    )
    town.folder.remove('systems/new-bureau.yaml')
    t.match(await town.gateway.reload('signal'), {
      result: 'refused',
      problems: [{ file: 'systems/new-bureau.yaml', message: /open: \d+ transfers/, messageZh: /未完成/ }],
    })
    t.equal(
      (await fetch(`${town.url}/v1/systems/new-bureau/events`, { method: 'POST', body: '{}' })).status ===
        404,
      false,
    )
  },
)

t.test(
  'what the catalogue in force leads to cannot go, though the new catalogue does not need it',
  async (t) => {
    const town = await startReloadTown(t, { roles: ['api'] })
    town.folder.write('systems/new-registry.yaml', town.folder.read('systems/certificate-registry.yaml'))
    for (const file of ['matters/certificate-types.yaml'])
      town.folder.edit(file, (text) =>
        text.replaceAll('registry: certificate-registry', 'registry: new-registry'),
      )
    town.folder.remove('systems/certificate-registry.yaml')
    const refused = await town.gateway.reload('signal')
    t.match(refused, {
      result: 'refused',
      problems: [
        {
          file: 'systems/certificate-registry.yaml',
          message: /certificate types in force name certificate-registry/,
        },
      ],
    })
  },
)

t.test('a change elsewhere is named and waits for a restart; nothing of it is in force', async (t) => {
  const town = await startReloadTown(t, { roles: ['api'] })
  town.folder.edit('gateway.yaml', (text) => text.replace('maxParts: 200', 'maxParts: 7'))
  town.folder.edit('matters/divisions.yaml', (text) => `${text}\n# another line\n`)
  t.match(await town.gateway.reload('signal'), {
    result: 'applied',
    systems: { added: [], removed: [], changed: [] },
    waiting: [
      { part: 'matters', needs: 'restart or catalogue activation' },
      { part: 'limits', needs: 'restart' },
    ],
  })
  const cookie = await town.cookie()
  const shown = (await (
    await fetch(`${town.url}/ops/v1/configuration`, { headers: { cookie } })
  ).json()) as Shown
  t.match(shown, { waiting: [{ part: 'matters' }, { part: 'limits' }] })
})

t.test(
  'changed limits count at once and are named; whatever else changed is never said to be applied',
  async (t) => {
    const town = await startReloadTown(t, { roles: ['api'] })
    town.folder.edit('gateway.yaml', (text) =>
      text
        .replace('acceptanceDays: 5', 'acceptanceDays: 3')
        .replace('maxAgeHours: 24', 'maxAgeHours: 48')
        .replace('applicantDays: 5', 'applicantDays: 9')
        .concat('\ncalendar: { warnFrom: "11-15" }\n'),
    )
    t.match(await town.gateway.reload('signal'), {
      result: 'applied',
      limits: ['deadlines', 'certificates', 'custody'],
      waiting: [{ part: 'calendar', needs: 'restart' }],
    })
    t.match(await town.gateway.reload('signal'), { result: 'unchanged' })
  },
)

t.test('who holds the rules decides by the limits of the newest reload', (t) => {
  const settings = {
    systems: new Map(),
    postal: new Map(),
    deadlines: { acceptanceDays: 5 },
    custody: { applicantDays: 5 },
    certificates: { maxAgeHours: 24 },
  }
  const none = { matters: new Map() } as unknown as Catalogue
  const live = liveRules(settings as never, { ...fixedSources(none), offers: () => true })
  const { rules } = live
  const decidedBy = () => [
    rules.limits('food-licence', '1')?.acceptance?.days,
    rules.custody?.applicantDays,
    (rules.certificates.maxAgeMs('registry') ?? 0) / 3_600_000,
  ]
  t.strictSame(decidedBy(), [5, 5, 24])
  live.replace({
    ...settings,
    deadlines: { acceptanceDays: 3 },
    custody: { applicantDays: 9 },
    certificates: { maxAgeHours: 48 },
  } as never)
  t.strictSame(decidedBy(), [3, 9, 48])
  t.end()
})

t.test('a pause outlives the reload, and a secret is never in the books', async (t) => {
  const town = await startReloadTown(t)
  const cookie = await town.cookie()
  const post = (path: string) =>
    fetch(`${town.url}${path}`, {
      method: 'POST',
      headers: { cookie, origin: town.url, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'test' }),
    })
  t.equal((await post('/ops/v1/systems/ems/pause')).status, 200)
  const gate = async () => {
    const { items } = (await (
      await fetch(`${town.url}/ops/v1/systems`, { headers: { cookie } })
    ).json()) as Shown
    return items.find((one: { id: string }) => one.id === 'ems').gate
  }
  await until('it is paused', async () => (await gate()).paused !== null)
  town.folder.edit('systems/ems.yaml', (text) =>
    text.replace('{ env: EMS_AUTHORIZATION }', '{ env: KAIFENG_PLATFORM_TOKEN }'),
  )
  t.match(await town.gateway.reload('signal'), {
    result: 'applied',
    systems: { changed: [{ system: 'ems', fields: ['/settings/authorization'] }] },
  })
  t.equal((await gate()).paused, 'test')
  const books = JSON.stringify(await query(town.databaseUrl, 'select * from configuration_versions'))
  t.notMatch(books, /sandbox-/)
  await t.rejects(query(town.databaseUrl, 'delete from configuration_versions'), /append-only/)
})

t.test('other processes follow when their files are the same, and say so when they are not', async (t) => {
  const town = await startReloadTown(t)
  const stale = configFolder(t)
  const same = await town.another({ roles: ['api'] })
  const other = await town.another({ roles: ['api'], folder: stale })
  town.folder.write('systems/new-bureau.yaml', system('http://127.0.0.1:9'))
  await town.gateway.reload('signal')
  const knows = async (url: string) =>
    (await fetch(`${url}/v1/systems/new-bureau/events`, { method: 'POST', body: '{}' })).status !== 404
  await until('the process on the same files follows', () => knows(same.url))
  const cookie = await town.cookie()
  const states = async () => {
    const { processes } = (await (
      await fetch(`${town.url}/ops/v1/configuration`, { headers: { cookie } })
    ).json()) as Shown
    return processes.map((one: { state: string }) => one.state)
  }
  await until(
    'the other is known to differ',
    async () => (await states()).join() === 'current,current,differs',
  )
  t.equal(await knows(other.url), false)
  stale.write('systems/new-bureau.yaml', system('http://127.0.0.1:9'))
  await until('it follows once its files have come', () => knows(other.url))
  await until('all are current', async () => (await states()).join() === 'current,current,current')
})
