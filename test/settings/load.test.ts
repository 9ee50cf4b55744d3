// Settings as the rest of the gateway receives them.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t from 'tap'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { plan } from '../../src/domain/plan.ts'
import { secretsAsEnvironment } from '../../src/sandbox/secrets.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { edited, environment, folder } from './folder.ts'

const project = new URL('../../', import.meta.url)

t.test(
  'the configuration of the city is right, and each theme can be submitted in each of its modes',
  async (t) => {
    const { dataDir } = folder(t)
    const settings = await loadSettings({
      configDir: fileURLToPath(new URL('config/', project)),
      dataDir,
      env: secretsAsEnvironment(),
      adapters: await loadAdapters([new URL('adapters/', project)]),
    })
    t.equal(settings.systems.size, 15)
    t.ok(settings.catalogue.themes.size >= 13, 'the first national list has thirteen')
    t.equal(settings.catalogue.divisions.size, 10)
    for (const division of settings.catalogue.divisions.keys()) {
      t.ok(settings.postal.has(division), `${division} has a postal contract`)
      t.ok(settings.halls.has(`${division}-01`), `${division} has a hall`)
      for (const theme of settings.catalogue.themes.values()) {
        for (const mode of theme.modes) {
          const situations = Object.fromEntries(
            theme.situations.map(({ code, choices, default: usual }) => [code, usual ?? choices![0]!.value]),
          )
          const planned = plan(settings.catalogue, {
            theme: theme.code,
            homeDivision: division,
            mode,
            situations,
          })
          t.same(planned.problems, [], `${theme.code} ${mode} in ${division}`)
          t.ok(planned.cases.some((each) => each.mode === mode))
          t.ok(planned.materials.every((material) => material.sources.length > 0))
        }
      }
    }
  },
)

t.test('what is left out has its documented default', async (t) => {
  const { load, dataDir } = folder(t)
  const settings = await load()
  t.same(settings.http, {
    host: '127.0.0.1',
    port: 7700,
    publicUrl: 'http://127.0.0.1:7700',
    trustedProxies: [],
  })
  t.equal(settings.databaseUrl, null)
  t.equal(settings.redisUrl, null)
  t.equal(settings.materialsUrl, pathToFileURL(join(dataDir, 'materials')).href)
  t.same(settings.limits, {
    maxFileBytes: 2 ** 31,
    maxBodyBytes: 2 ** 20,
    maxParts: 200,
    stalledBodySeconds: 60,
    sm3: false,
  })
  t.same(settings.custody, { applicantDays: 5, windowDays: 2, carrierDays: 5, departmentDays: 3 })
  t.equal(settings.calendarWarnFrom, '10-01')
  const health = settings.systems.get('health')!
  t.same(health.delivery.retry, { baseMs: 1000, maxMs: 900_000, forMs: 76 * 3_600_000 })
  t.same(health.divisions, ['*'])
  t.same(health.settings, { baseUrl: 'http://127.0.0.1:7800/health', secret: 'city-secret', connections: 4 })
})

t.test('what nobody shall watch is written as zero', async (t) => {
  const custody = 'custody: { windowDays: 0, receiptDays: 1 }\ncalendar: { warnFrom: "11-15" }\nclients:'
  const settings = await folder(t, edited('gateway.yaml', 'clients:', custody)).load()
  t.same(settings.custody, { applicantDays: 5, carrierDays: 5, departmentDays: 3, receiptDays: 1 })
  t.equal(settings.calendarWarnFrom, '11-15')
})

t.test('the environment wins over gateway.yaml', async (t) => {
  const changes = edited(
    'gateway.yaml',
    'clients:',
    'http: { host: 10.0.0.1, port: 80 }\nlog: { level: warn }\nclients:',
  )
  const settings = await folder(t, changes).load({
    ...environment,
    TONGBAN_HOST: '0.0.0.0',
    TONGBAN_PORT: '0',
    LOG_LEVEL: 'debug',
    DATABASE_URL: 'postgres://db/tongban',
    REDIS_URL: 'redis://queue',
    MATERIALS_URL: 'file:///srv/materials',
    CITY_URL: 'https://city.example',
    TONGBAN_LINK_KEY: 'x'.repeat(32),
    TONGBAN_HOLDER_KEY: 'y'.repeat(32),
  })
  t.same(settings.http, { host: '0.0.0.0', port: 0, publicUrl: 'http://127.0.0.1:0', trustedProxies: [] })
  t.equal(settings.logLevel, 'debug')
  t.equal(settings.databaseUrl, 'postgres://db/tongban')
  t.equal(settings.redisUrl, 'redis://queue')
  t.equal(settings.materialsUrl, 'file:///srv/materials')
  t.equal(settings.keys.links.toString(), 'x'.repeat(32))
  t.equal(settings.keys.holders.toString(), 'y'.repeat(32))
  t.same(settings.certificates, { maxAgeHours: 24, uploadAfterHours: 24 })
  t.match(settings.systems.get('health')!.settings, { baseUrl: 'https://city.example/health' })
})

t.test('a variable without quotes may be a number', async (t) => {
  const changes = edited(
    'systems/health.yaml',
    'settings:',
    `delivery:\n  timeoutMs: \${TIMEOUT:-2500}\nsettings:`,
  )
  t.equal((await folder(t, changes).load()).systems.get('health')!.delivery.timeoutMs, 2500)
})

t.test('tokens are kept as SHA-256 only', async (t) => {
  const { load, dir } = folder(
    t,
    edited('gateway.yaml', '{ env: PLATFORM_TOKEN }', '{ file: token }, { sha256: HASH }'),
  )
  const sha256 = (text: string) => createHash('sha256').update(text).digest()
  writeFileSync(join(dir, 'token'), 'from-a-file\n')
  const path = join(dir, 'gateway.yaml')
  writeFileSync(path, readFileSync(path, 'utf8').replace('HASH', sha256('elsewhere').toString('hex')))
  const [client] = (await load()).clients
  t.same(client!.tokenHashes, [sha256('from-a-file'), sha256('elsewhere')])
})

t.test('a client may have a rate', async (t) => {
  const { load } = folder(
    t,
    edited('gateway.yaml', 'tokens:', 'rate: { requests: 600, seconds: 60 }\n    tokens:'),
  )
  t.same((await load()).clients[0]!.rate, { requests: 600, seconds: 60 })
})

t.test('a long text may be written, or lie in a file of its own', async (t) => {
  const health = 'systems/health.yaml'
  const named = folder(t, edited(health, '  secret:', '  ca: { file: keys/ca.pem }\n  secret:'))
  await t.rejects(named.load(), /keys\/ca.pem is not there, not readable or empty/)
  mkdirSync(join(named.dir, 'keys'))
  writeFileSync(join(named.dir, 'keys/ca.pem'), 'PEM of a file\n')
  t.match((await named.load()).systems.get('health')!.settings, { ca: 'PEM of a file' })
  const written = folder(t, edited(health, '  secret:', '  ca: PEM of the line\n  secret:'))
  t.match((await written.load()).systems.get('health')!.settings, { ca: 'PEM of the line' })
  const elsewhere = folder(t, edited(health, '  secret:', '  ca: { env: CITY_SECRET }\n  secret:'))
  await t.rejects(elsewhere.load(), /settings\/ca\s+ca must be text/)
})

t.test('an operator whose password is not given does not exist', async (t) => {
  const operator =
    'operators: [{ id: admin, name: 管理员, role: admin, passwordHash: { env: HASH, optional: true } }]\nclients:'
  const { load } = folder(t, edited('gateway.yaml', 'clients:', operator))
  t.same((await load()).operators, [])
  const passwordHash = `scrypt:16384:8:1:${'c'.repeat(22)}:${'a'.repeat(43)}`
  t.same((await load({ ...environment, HASH: passwordHash })).operators, [
    { id: 'admin', name: '管理员', role: 'admin', passwordHash },
  ])
})

t.test('keys are made once and nobody else may read them', async (t) => {
  const { load, dataDir } = folder(t)
  const [first, second] = await Promise.all([load(), load()])
  t.ok(first.keys.links.length >= 32)
  t.same(first.keys, second.keys, 'processes that start at once agree')
  t.same((await load()).keys, first.keys)
  t.notSame(first.keys.links, first.keys.sessions)
  t.equal(statSync(join(dataDir, 'keys/links.key')).mode & 0o777, 0o600)
})

t.test('settings do not change', async (t) => {
  const settings = await folder(t).load()
  t.throws(() => Object.assign(settings.http, { port: 1 }), TypeError)
  t.throws(() => (settings.systems as Map<string, unknown>).set('other', {}), TypeError)
  t.throws(() => (settings.catalogue.themes.get('newborn')!.modes as string[]).push('x'), TypeError)
  t.throws(() => Object.assign(settings.systems.get('health')!.settings as object, { secret: '' }), TypeError)
})

t.test('the version follows the content of the files', async (t) => {
  const one = await folder(t).load()
  const same = await folder(t).load()
  const other = await folder(t, edited('systems/post.yaml', 'en: Post', 'en: Mail')).load()
  t.equal(one.version, same.version)
  t.not(one.version, other.version)
  t.equal(one.catalogue.version, other.catalogue.version, 'the catalogue did not change')
})

t.test('the calendar names every single day', async (t) => {
  const { calendar } = await folder(t).load()
  t.same(calendar.get(2026), {
    year: 2026,
    source: '国务院办公厅',
    daysOff: ['2026-01-01', '2026-01-02', '2026-01-03'],
    workingDays: ['2026-01-04'],
  })
})
