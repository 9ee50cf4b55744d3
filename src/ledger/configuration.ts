// The history of the configuration: every version that was brought into force or refused, and what each running
// process has in force. Holds versions, names and field paths, never a value of the configuration.

import type { Pool } from './database.ts'
import { PRESENCE_LOCK } from './presence.ts'
import { openTransfers } from './reads.ts'

interface ConfigurationEntry {
  /** Grows with every entry of the installation. */
  id: number
  at: Date
  /** `operator:<id>`, `signal`, `start`, or `process:<n>` for one that followed another. */
  by: string
  process: number
  result: 'applied' | 'refused'
  /** null at the first start of an installation. */
  from: string | null
  to: string
  changes: unknown
  problems: readonly unknown[]
}

type NewConfigurationEntry = Omit<ConfigurationEntry, 'id' | 'at'>

export interface ProcessConfiguration {
  process: number
  host: string
  roles: string
  version: string
  /** current: the newest; differs: its files are others; refused: it cannot apply the newest. */
  state: 'current' | 'differs' | 'refused'
  since: Date
}

interface AppliedVersion {
  id: number
  version: string
}

/** The newest version that was applied; null before the first. */
export async function newestApplied(readers: Pool): Promise<AppliedVersion | null> {
  const { rows } = await readers.query<{ id: string; version: string }>({
    name: 'configuration-newest',
    text: `select id, to_version as version from configuration_versions where result = 'applied' order by id desc limit 1`,
  })
  const row = rows[0]
  return row ? { id: Number(row.id), version: row.version } : null
}

/** Answers with the new entry's id. */
export async function recordConfiguration(writers: Pool, entry: NewConfigurationEntry): Promise<number> {
  const { by, process, result, from, to, changes, problems } = entry
  const { rows } = await writers.query<{ id: string }>(
    `insert into configuration_versions (by, process, result, from_version, to_version, changes, problems)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [by, process, result, from, to, JSON.stringify(changes), JSON.stringify(problems)],
  )
  return Number(rows[0]!.id)
}

/** Notes the version a process starts with, unless the installation has had it before. */
export async function recordStart(writers: Pool, process: number, version: string): Promise<void> {
  await writers.query(
    `insert into configuration_versions (by, process, result, from_version, to_version, changes, problems)
     select 'start', $1, 'applied', (select to_version from configuration_versions where result = 'applied' order by id desc limit 1), $2, 'null', '[]'
     where not exists (select from configuration_versions where result = 'applied' and to_version = $2)`,
    [process, version],
  )
}

export async function recordProcess(
  writers: Pool,
  one: { process: number; version: string; newest: number; state: ProcessConfiguration['state'] },
): Promise<void> {
  await writers.query(
    `insert into configuration_processes (process, version, newest, state) values ($1, $2, $3, $4)
     on conflict (process) do update set version = excluded.version, newest = excluded.newest, state = excluded.state, since = now()`,
    [one.process, one.version, one.newest, one.state],
  )
}

/** The newest first. */
export async function configurationHistory(readers: Pool, limit: number): Promise<ConfigurationEntry[]> {
  const { rows } = await readers.query<Omit<ConfigurationEntry, 'id'> & { id: string }>(
    `select id, at, by, process, result, from_version as "from", to_version as "to", changes, problems
     from configuration_versions order by id desc limit $1`,
    [limit],
  )
  return rows.map((row) => ({ ...row, id: Number(row.id) }))
}

/** Of the processes that are alive. */
export async function processConfigurations(readers: Pool): Promise<ProcessConfiguration[]> {
  const { rows } = await readers.query<ProcessConfiguration>(
    `select c.process, p.host, p.roles, c.version, c.state, c.since
     from configuration_processes c join processes p on p.id = c.process
     where exists (select from pg_locks l where l.locktype = 'advisory' and l.classid = $1::oid and l.objid::bigint = c.process
       and l.granted and l.database = (select oid from pg_database where datname = current_database()))
     order by c.process`,
    [PRESENCE_LOCK],
  )
  return rows
}

/** What an outside system is still needed for. */
export interface OpenWork {
  transfers: number
  cases: number
  parcels: number
  submissions: number
  reservations: number
}

/**
 * Counts what is open for a system: transfers that are not settled or dead, cases it decides, parcels it
 * carries, submissions it made, seats that it holds or may hold for us.
 */
export async function openWorkOf(
  readers: Pool,
  system: string,
  settled: readonly string[],
): Promise<OpenWork> {
  const { rows } = await readers.query<Record<keyof OpenWork, string>>(
    `select
       (select coalesce(sum(n), 0) from (${openTransfers}) as open where system = $1) as transfers,
       (select count(*) from cases where system = $1 and state <> all ($2::text[])) as cases,
       (select count(*) from parcels where (system = $1 or data ->> 'tracker' = $1)
          and state not in ('delivered', 'returned', 'cancelled', 'lost')) as parcels,
       (select count(*) from submissions where platform = $1 and state = 'open') as submissions,
       (select count(*) from reservations where system = $1 and starts_at > now() and state <> 'ended') as reservations`,
    [system, settled],
  )
  const { transfers, cases, parcels, submissions, reservations } = rows[0]!
  return {
    transfers: Number(transfers),
    cases: Number(cases),
    parcels: Number(parcels),
    submissions: Number(submissions),
    reservations: Number(reservations),
  }
}
