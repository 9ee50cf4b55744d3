// Everything about a new configuration that can fail, done before anything changes: its systems are opened, and those
// that would go are asked for. Either all of it can come into force, or nothing does, with every reason.

import type { AdapterManifest } from '../../adapter-kit/contract.ts'
import type { Catalogues } from '../../catalogue/in-force.ts'
import { closeSystem, openReplacement, openSystem, type System } from '../../delivery/systems.ts'
import type { Pool } from '../../ledger/database.ts'
import { readPauses } from '../../ledger/pauses.ts'
import type { SystemChanges } from '../../settings/differences.ts'
import { refusedSettings, systemProblem } from '../../settings/position.ts'
import type { ConfigurationProblem } from '../../settings/problems.ts'
import type { Settings } from '../../settings/settings.ts'
import { openWorkReason, type Reason, referencesTo } from './references.ts'

export interface Configuration {
  settings: Settings
  adapters: ReadonlyMap<string, AdapterManifest>
}

export interface Prepared {
  /** Opened, not yet seen by anybody. */
  added: readonly System[]
  changed: readonly System[]
  /** Taken out of the map already, so that nothing new begins with them. */
  removed: readonly System[]
  problems: readonly ConfigurationProblem[]
  /** As if nothing had been prepared. */
  undo(): void
}

interface PrepareDeps {
  readers: Pool
  systems: Map<string, System>
  /** What post and clients are decided by. */
  atStart: Settings
  /** What matters are decided by, now and later. */
  catalogues: Pick<Catalogues, 'live'>
}

/** With problems, nothing is left open and nobody is missing from the map. */
export async function prepare(
  deps: PrepareDeps,
  next: Configuration,
  changes: SystemChanges,
): Promise<Prepared> {
  const problems: ConfigurationProblem[] = []
  const open = async (id: string): Promise<System | undefined> => {
    try {
      return openOne(deps.systems.get(id), id, next)
    } catch (error) {
      problems.push(await refusedSettings(next.settings.configDir, id, error))
      return undefined
    }
  }
  problems.push(...(await kindChanges(deps, next, changes)))
  const changed = (await Promise.all(changes.changed.map(({ system }) => open(system)))).filter(isOpen)
  const added = (await Promise.all(changes.added.map(open))).filter(isOpen)
  problems.push(...(await reasonsToStay(deps, changes.removed)))
  const removed = problems.length === 0 ? takeOut(deps.systems, changes.removed) : []
  const undo = (): void => {
    for (const one of removed) deps.systems.set(one.id, one)
    for (const one of [...changed, ...added]) void closeSystem(one).catch(() => undefined)
  }
  try {
    // Something may have begun between the question and its answer.
    if (removed.length > 0) problems.push(...(await reasonsToStay(deps, changes.removed)))
    await obeyPauses(deps.readers, added)
  } catch (error) {
    undo()
    throw error
  }
  if (problems.length > 0) undo()
  return { added, changed, removed, problems, undo }
}

const isOpen = (system: System | undefined): system is System => system !== undefined

function openOne(before: System | undefined, id: string, { settings, adapters }: Configuration): System {
  const own = settings.systems.get(id)!
  const manifest = adapters.get(own.adapter)!
  return before ? openReplacement(before, own, manifest) : openSystem(own, manifest)
}

async function kindChanges(
  { systems }: PrepareDeps,
  { settings, adapters }: Configuration,
  { changed }: SystemChanges,
): Promise<ConfigurationProblem[]> {
  const found: ConfigurationProblem[] = []
  for (const { system } of changed) {
    const before = systems.get(system)?.kind
    const after = adapters.get(settings.systems.get(system)!.adapter)!.kind
    if (before === after) continue
    const message = `System ${system} is of kind ${before} and would become a ${after}: that needs a restart`
    const messageZh = `系统 ${system} 的类型由 ${before} 变为 ${after}：需要重启`
    found.push(await systemProblem(settings.configDir, system, '/adapter', message, messageZh))
  }
  return found
}

async function reasonsToStay(
  { readers, atStart, catalogues }: PrepareDeps,
  ids: readonly string[],
): Promise<ConfigurationProblem[]> {
  const reasonsOf = async (id: string): Promise<ConfigurationProblem[]> => {
    const reasons = [...referencesTo(id, atStart, catalogues.live()), ...(await openWorkReason(readers, id))]
    return reasons.map((reason) => cannotGo(id, reason))
  }
  return (await Promise.all(ids.map(reasonsOf))).flat()
}

const cannotGo = (id: string, { message, messageZh }: Reason): ConfigurationProblem => ({
  file: `systems/${id}.yaml`,
  line: 0,
  column: 0,
  pointer: '',
  message: `System ${id} cannot be removed: ${message}`,
  messageZh: `系统 ${id} 不能移除：${messageZh}`,
})

function takeOut(systems: Map<string, System>, ids: readonly string[]): System[] {
  return ids.flatMap((id) => {
    const system = systems.get(id)
    systems.delete(id)
    return system ? [system] : []
  })
}

async function obeyPauses(readers: Pool, added: readonly System[]): Promise<void> {
  if (added.length === 0) return
  const paused = new Map((await readPauses(readers)).map((one) => [one.system, one.reason]))
  for (const { id, gate } of added) {
    const reason = paused.get(id)
    if (reason !== undefined) gate.pause(reason)
  }
}
