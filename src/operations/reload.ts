// The configuration is read again while the gateway runs. Systems change under their ids, limits count from
// then on and everything else waits for a restart; a configuration with anything wrong in it changes nothing.
// Every application and refusal is in the ledger, and the other processes of the installation follow the
// newest one as soon as their own files are the same.
//
//   read all, check all --wrong--> refused, recorded
//          |
//   open new systems, ask for those that go --cannot--> refused, recorded
//          |
//   recorded --> swapped under their ids, at once and without any wait --> the old ones end after their last use

import type { Logger } from 'pino'
import type { Catalogues } from '../catalogue/in-force.ts'
import type { System } from '../delivery/systems.ts'
import { newestApplied, recordConfiguration } from '../ledger/configuration.ts'
import type { Ledger } from '../ledger/ledger.ts'
import {
  type AtOnce,
  limitChanges,
  otherChanges,
  type Part,
  type SystemChanges,
  systemChanges,
} from '../settings/differences.ts'
import { configurationVersion } from '../settings/files.ts'
import { ConfigurationError, type ConfigurationProblem } from '../settings/problems.ts'
import type { Settings } from '../settings/settings.ts'
import { note, type Standing, startFollowing } from './reload/following.ts'
import type { LiveRules } from './reload/live-rules.ts'
import { type Configuration, prepare } from './reload/prepare.ts'
import { type SwapDeps, swapping } from './reload/swap.ts'

interface ReloadDeps extends SwapDeps {
  /** What this process started with. */
  settings: Settings
  catalogues: Pick<Catalogues, 'live' | 'find'>
  /** Reads and checks the whole configuration, as at the start. @throws ConfigurationError */
  read(): Promise<Configuration>
  ledger: Pick<Ledger, 'readers' | 'writers' | 'presence'>
  rules: LiveRules
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

interface Applied {
  /** unchanged: the files say what is in force already. */
  result: 'applied' | 'unchanged'
  from: string
  to: string
  systems: SystemChanges
  /** Whose new values count from now on. */
  limits: readonly AtOnce[]
  /** Read anew, but in force only after a restart. */
  waiting: readonly Part[]
}

interface Refused {
  result: 'refused'
  from: string
  to: string
  problems: readonly ConfigurationProblem[]
}

export type Reloaded = Applied | Refused

export interface Reloads {
  /**
   * @param by `operator:<id>` or `signal`; who asks again before it has begun gets the same answer.
   * Rejects only when the ledger cannot be reached; nothing has changed then.
   */
  reload(by: string): Promise<Reloaded>
  inForce(): { version: string } & Pick<Standing, 'waiting' | 'state'>
  /** Replaced systems that are still in use. */
  retiring(): readonly System[]
  close(): Promise<void>
}

export async function startReloads(deps: ReloadDeps): Promise<Reloads> {
  const standing: Standing = { settings: deps.settings, waiting: [], state: 'current', followed: 0 }
  const { swap, retiring } = swapping(deps)
  const asked = new Map<string, Promise<Reloaded>>()
  let line: Promise<unknown> = Promise.resolve()

  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const next = line.then(work)
    line = next.catch(() => undefined)
    return next
  }

  /** @param expected who follows another brings in that version only, and records nothing */
  async function bringIn(by: string, expected?: string): Promise<Reloaded> {
    const began = performance.now()
    const read = await readAgain(deps.read)
    if ('problems' in read) return refuse(deps, standing, by, null, read.problems)
    const answer = compared(deps, standing.settings, read.settings)
    if (expected !== undefined && answer.to !== expected)
      throw new Error('the files changed while they were read')
    if (expected === undefined && changesNothing(answer) && (await isNewest(deps, answer.to)))
      return { ...answer, result: 'unchanged' }
    const { systems, catalogues, settings: atStart } = deps
    const place = { readers: deps.ledger.readers, systems, atStart, catalogues }
    const prepared = await prepare(place, read, answer.systems)
    if (prepared.problems.length > 0) return refuse(deps, standing, by, answer.to, prepared.problems)
    if (expected === undefined)
      standing.followed = await recordApplied(deps, by, answer).catch((error) => {
        prepared.undo()
        throw error
      })
    swap(prepared)
    deps.rules.replace(read.settings)
    standing.settings = read.settings
    standing.waiting = answer.waiting
    await note({ ledger: deps.ledger, standing }, 'current').catch(() => undefined)
    deps.log.info({ by, ...answer, ms: Math.round(performance.now() - began) }, 'configuration.applied')
    return answer
  }

  const following = await startFollowing({
    ...deps,
    standing,
    inLine,
    bringIn: async (by, version) => (await bringIn(by, version)).result,
  })
  return {
    reload(by) {
      const same = asked.get(by)
      if (same) return same
      const next = inLine(() => {
        asked.delete(by)
        return bringIn(by)
      })
      asked.set(by, next)
      return next
    },
    inForce: () => ({
      version: standing.settings.version,
      waiting: unlessActivated(standing.waiting, standing.settings, deps.catalogues),
      state: standing.state,
    }),
    retiring,
    async close() {
      following.close()
      await line
    },
  }
}

async function readAgain(
  read: ReloadDeps['read'],
): Promise<Configuration | { problems: readonly ConfigurationProblem[] }> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ConfigurationError) return { problems: error.problems }
    // An adapter that cannot be loaded, for one.
    const { message } = error as Error
    const place = { file: '.', line: 0, column: 0, pointer: '' }
    return { problems: [{ ...place, message, messageZh: `配置无法读取：${message}` }] }
  }
}

function compared(
  { settings: atStart, catalogues }: Pick<ReloadDeps, 'settings' | 'catalogues'>,
  inForce: Settings,
  next: Settings,
): Applied {
  return {
    result: 'applied',
    from: inForce.version,
    to: next.version,
    systems: systemChanges(inForce.systems, next.systems),
    limits: limitChanges(inForce, next),
    waiting: unlessActivated(otherChanges(atStart, next), next, catalogues),
  }
}

/** A catalogue that was activated comes into force by itself. */
const unlessActivated = (
  waiting: readonly Part[],
  { catalogue }: Settings,
  catalogues: ReloadDeps['catalogues'],
): readonly Part[] =>
  waiting.filter(({ part }) => part !== 'matters' || catalogues.find(catalogue.version) === undefined)

const changesNothing = ({ from, to, systems: { added, removed, changed }, limits }: Applied): boolean =>
  from === to && added.length + removed.length + changed.length + limits.length === 0

const isNewest = async ({ ledger }: ReloadDeps, version: string): Promise<boolean> =>
  (await newestApplied(ledger.readers))?.version === version

/** Before anything changes: what is in force is in the books. */
function recordApplied(
  { ledger }: ReloadDeps,
  by: string,
  { from, to, systems, limits, waiting }: Applied,
): Promise<number> {
  const changes = { systems, limits, waiting }
  const process = ledger.presence.owner
  return recordConfiguration(ledger.writers, {
    by,
    process,
    result: 'applied',
    from,
    to,
    changes,
    problems: [],
  })
}

async function refuse(
  { ledger, log }: ReloadDeps,
  { settings }: Standing,
  by: string,
  version: string | null,
  problems: readonly ConfigurationProblem[],
): Promise<Refused> {
  const from = settings.version
  const to = version ?? (await configurationVersion(settings.configDir)) ?? 'unreadable'
  log.error({ by, from, to, problems }, 'configuration.refused')
  const process = ledger.presence.owner
  await recordConfiguration(ledger.writers, {
    by,
    process,
    result: 'refused',
    from,
    to,
    changes: null,
    problems,
  })
  return { result: 'refused', from, to, problems }
}
