// tongban doctor

import type { AdapterManifest } from '../adapter-kit/contract.ts'
import { queueConnections } from '../delivery/queue.ts'
import { askRedis, NO_EVICTION, NODE_NAMED_AS_ONE } from '../delivery/redis-facts.ts'
import { closeSystem, openSystem } from '../delivery/systems.ts'
import { LEDGER_CONNECTIONS } from '../ledger/database.ts'
import { inspectDatabase } from '../ledger/inspect.ts'
import { openMaterialStore } from '../materials/store.ts'
import { refusedSettings } from '../settings/position.ts'
import { describeProblem } from '../settings/problems.ts'
import type { Settings, SystemSettings } from '../settings/settings.ts'
import { missingYears, yearMissingSentence } from '../supervision/calendar-years.ts'
import { places, readCommandLine } from './command-line.ts'
import { openDatabase, whyNotThroughPooler } from './database.ts'
import { explain } from './explain.ts'
import { readSettings } from './settings.ts'

const help = `tongban doctor [--config folder] [--data folder]

Checks, in order: configuration, database and its migrations, clock, Redis (persistence and eviction), the
material store, that every system's adapter accepts its settings, and that the holidays of this year (from October: of the
next, too) are in config/calendar. Ends with status 0 when all is well.
`

interface Finding {
  /** `later`: well for now, but something must be done in time. */
  ok: boolean | 'later'
  what: string
}

export async function doctor(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, places)
  if (!line) return 0
  const { values } = line
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
  for (const year of missingYears(settings, new Date())) say({ ok: 'later', what: yearMissingSentence(year) })
  await checked(say, 'database', () => checkDatabase(settings, say))
  if (settings.redisUrl) await checked(say, 'Redis', () => checkRedis(settings.redisUrl!, say))
  await checked(say, 'materials', async () => {
    await (await openMaterialStore(settings.materialsUrl)).close()
    say({ ok: true, what: `materials at ${settings.materialsUrl}` })
  })
  for (const system of settings.systems.values()) {
    say(await systemFinding(settings.configDir, system, adapters.get(system.adapter)!))
  }
  for (const { ok, what } of findings) process.stdout.write(`${marks[String(ok)]} ${what}\n`)
  const bad = findings.filter((one) => !one.ok).length
  process.stdout.write(bad === 0 ? 'all well\n' : `${bad} to mend\n`)
  return bad === 0 ? 0 : 1
}

async function systemFinding(
  configDir: string,
  system: SystemSettings,
  manifest: AdapterManifest,
): Promise<Finding> {
  try {
    await closeSystem(openSystem(system, manifest))
    return { ok: true, what: `system ${system.id} (${system.adapter})` }
  } catch (error) {
    const problem = await refusedSettings(configDir, system.id, error)
    return { ok: false, what: `system ${system.id}\n${describeProblem(configDir, problem)}` }
  }
}

const marks: Record<string, string> = { true: 'ok  ', later: 'SOON', false: 'BAD ' }

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
      what: `${name}: ${explain(error)}`,
    })
  }
}

async function checkDatabase(settings: Settings, say: (finding: Finding) => void): Promise<void> {
  const database = await openDatabase(settings)
  try {
    const pooler = database.embedded ? null : await whyNotThroughPooler(database.url)
    if (pooler) say({ ok: false, what: pooler })
    const { version, fsync, connections, skewMs, missing } = await inspectDatabase(database.url)
    const place = database.embedded ? ', embedded' : ''
    say({
      ok: Number.parseInt(version, 10) >= 15,
      what: `PostgreSQL ${version}${place} (15 or later is needed)`,
    })
    say({
      ok: fsync,
      what: fsync ? 'fsync is on: what is committed stays' : 'fsync is off: committed work can be lost',
    })
    const needed =
      LEDGER_CONNECTIONS + (settings.redisUrl === null ? queueConnections(settings.systems.size) : 0)
    say({
      ok: needed <= connections,
      what: `connections: PostgreSQL lets ${connections} in, one process may open ${needed}${needed <= connections ? '' : '; raise max_connections, or set REDIS_URL'}`,
    })
    say({
      ok: Math.abs(skewMs) <= 2_000,
      what: `clock: ${skewMs} ms from the database's (2000 ms are allowed)`,
    })
    const applied = 'migrations are applied'
    say({
      ok: missing.length === 0,
      what:
        missing.length === 0 ? applied : `migrations are missing: ${missing.join(', ')}; run tongban migrate`,
    })
  } finally {
    await database.close()
  }
}

async function checkRedis(url: string, say: (finding: Finding) => void): Promise<void> {
  const facts = await askRedis(url)
  if (!facts)
    return say({ ok: true, what: 'Redis answers, but does not tell its settings (CONFIG is forbidden)' })
  const { evictionPolicy, appendOnly, isNode } = facts
  if (isNode) say({ ok: false, what: `Redis ${NODE_NAMED_AS_ONE}` })
  say({
    ok: evictionPolicy === NO_EVICTION,
    what: `Redis maxmemory-policy is ${evictionPolicy} (${NO_EVICTION} is needed)`,
  })
  const lossy = ': wake-up calls lost in a crash are made again by the sweeper'
  say({ ok: true, what: `Redis appendonly is ${appendOnly ? 'yes' : `no${lossy}`}` })
}
