// tongban doctor

import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import pg from 'pg'
import { openSystem } from '../delivery/systems.ts'
import { pending } from '../ledger/migrate.ts'
import { openMaterialStore } from '../materials/store.ts'
import type { Settings } from '../settings/settings.ts'
import { openDatabase } from './database.ts'
import { readSettings } from './settings.ts'

const help = `tongban doctor [--config folder] [--data folder]

Checks, in order: configuration, database and its migrations, clock, Redis (persistence and eviction), the
material store, and that every system's adapter accepts its settings. Ends with status 0 when all is well.
`

interface Finding {
  ok: boolean
  what: string
}

export async function doctor(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { config: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const { settings, adapters } = await readSettings(values)
  const findings: Finding[] = [
    {
      ok: true,
      what: `configuration ${settings.version}: ${settings.systems.size} systems, ${settings.catalogue.themes.size} themes, ${settings.catalogue.matters.size} matters`,
    },
  ]
  const say = (finding: Finding): void => {
    findings.push(finding)
  }
  await checked(say, 'database', () => checkDatabase(settings, say))
  if (settings.redisUrl) await checked(say, 'Redis', () => checkRedis(settings.redisUrl!, say))
  await checked(say, 'materials', async () => {
    await (await openMaterialStore(settings.materialsUrl)).close()
    say({ ok: true, what: `materials at ${settings.materialsUrl}` })
  })
  for (const system of settings.systems.values()) {
    await checked(say, `system ${system.id}`, async () => {
      await openSystem(system, adapters.get(system.adapter)!).http.close()
      say({ ok: true, what: `system ${system.id} (${system.adapter})` })
    })
  }
  for (const { ok, what } of findings) process.stdout.write(`${ok ? 'ok  ' : 'BAD '} ${what}\n`)
  const bad = findings.filter((one) => !one.ok).length
  process.stdout.write(bad === 0 ? 'all well\n' : `${bad} to mend\n`)
  return bad === 0 ? 0 : 1
}

async function checked(
  say: (finding: Finding) => void,
  name: string,
  check: () => Promise<void>,
): Promise<void> {
  try {
    await check()
  } catch (error) {
    say({
      ok: false,
      what: `${name}: ${(error as Error).message || String((error as { code?: string }).code)}`,
    })
  }
}

async function checkDatabase(settings: Settings, say: (finding: Finding) => void): Promise<void> {
  const database = await openDatabase(settings)
  const client = new pg.Client({ connectionString: database.url, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    const before = Date.now()
    const { rows } = await client.query<{ version: string; ms: string; fsync: string }>(
      "select current_setting('server_version') as version, (extract(epoch from clock_timestamp()) * 1000)::bigint as ms, current_setting('fsync') as fsync",
    )
    const { version, ms, fsync } = rows[0]!
    say({
      ok: Number.parseInt(version, 10) >= 15,
      what: `PostgreSQL ${version}${database.embedded ? ', embedded' : ''} (15 or later is needed)`,
    })
    say({
      ok: fsync === 'on',
      what: `fsync is ${fsync}: ${fsync === 'on' ? 'what is committed stays' : 'committed work can be lost'}`,
    })
    const skew = Math.round(Number(ms) - (before + Date.now()) / 2)
    say({ ok: Math.abs(skew) <= 2_000, what: `clock: ${skew} ms from the database's (2000 ms are allowed)` })
    const missing = await pending(client)
    say({
      ok: missing.length === 0,
      what:
        missing.length === 0
          ? 'migrations are applied'
          : `migrations are missing: ${missing.map((one) => one.name).join(', ')}; run tongban migrate`,
    })
  } finally {
    await client.end()
    await database.close()
  }
}

async function checkRedis(url: string, say: (finding: Finding) => void): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 3_000,
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    const [, policy = ''] = (await redis.config('GET', 'maxmemory-policy')) as string[]
    const [, aof = ''] = (await redis.config('GET', 'appendonly')) as string[]
    say({ ok: policy === 'noeviction', what: `Redis maxmemory-policy is ${policy} (noeviction is needed)` })
    say({
      ok: true,
      what: `Redis appendonly is ${aof}${aof === 'yes' ? '' : ': wake-up calls lost in a crash are made again by the sweeper'}`,
    })
  } finally {
    redis.disconnect()
  }
}
