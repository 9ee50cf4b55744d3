// One fault run on one queue engine: the city submits, the plan disturbs, everything settles, the books are compared.

import { readLedgerView } from '../../src/ledger/view.ts'
import { reconcile } from '../../src/sandbox/reconcile.ts'
import { type Disturbed, disturb, limits } from './disturb.ts'
import type { FaultOptions, Queues } from './options.ts'
import { planDisturbances } from './plan.ts'
import { reviveGateway, untilAccepted, untilSettled, type Waiting } from './settle.ts'
import { startWorld, type World } from './world.ts'

const SETTLE_WITHIN_MS = 180_000

export interface FaultReport {
  queues: Queues
  seed: number
  disturbances: Disturbed[]
  kills: number
  unexpectedEnds: string[]
  /** From the last disturbance until nothing was open, ms. */
  settleMs: number
  settled: boolean
  /** The longest that work abandoned by a kill lay still, ms; null when no kill left any. */
  recoveryP100Ms: number | null
  books: ReturnType<typeof reconcile>
  /** Dead letters by reason; each waits for a person. */
  deadReasons: string[]
  /** Submissions of the city that were refused, and what its institutions could not do. */
  refused: number
  cityErrors: string[]
}

/** `progress` is told what happens, line by line. Everything started is stopped again, also on failure. */
export async function runFaults(
  options: FaultOptions,
  queues: Queues,
  progress: (line: string) => void = () => undefined,
): Promise<FaultReport> {
  await using world = await startWorld(options, queues)
  await world.city.run(options.submissions, options.seed)
  const waiting: Waiting = { unexpectedEnds: [] }
  const disturbances = await disturbAll(world, options, queues, waiting, progress)
  await untilAccepted(world, options.submissions, waiting)
  const startedAt = performance.now()
  const settled = await untilSettled(world, waiting, SETTLE_WITHIN_MS)
  const view = await readLedgerView(world.databaseUrl)
  const { refused, errors } = await world.city.progress()
  const kills = disturbances.filter((one) => one.kind === 'kill')
  return {
    queues,
    seed: options.seed,
    disturbances,
    kills: kills.length,
    unexpectedEnds: waiting.unexpectedEnds,
    settleMs: performance.now() - startedAt,
    settled,
    recoveryP100Ms: longest(kills),
    books: reconcile(await world.city.books(), view),
    deadReasons: await world.watch.deadReasons(),
    refused,
    cityErrors: errors,
  }
}

async function disturbAll(
  world: World,
  options: FaultOptions,
  queues: Queues,
  waiting: Waiting,
  progress: (line: string) => void,
): Promise<Disturbed[]> {
  const done: Disturbed[] = []
  for (const planned of planDisturbances(options, queues)) {
    const reached = await untilAccepted(world, planned.atAccepted, waiting)
    if (reached === 'stalled')
      throw new Error(
        `the city waits at fewer than ${planned.atAccepted} submissions:\n${world.gateway().output().slice(-4_000)}`,
      )
    const one = await disturb(world, planned, () => reviveGateway(world, waiting))
    done.push(one)
    progress(
      `${one.kind} after ${one.atAccepted}: ${one.abandoned} abandoned, queued again after ${one.recovery?.queuedMs.toFixed(0) ?? '—'} ms, all moved after ${one.recovery?.lastMs.toFixed(0) ?? '—'} ms`,
    )
  }
  return done
}

function longest(disturbances: Disturbed[]): number | null {
  const known = disturbances.flatMap(({ kind, recovery }) =>
    recovery === null ? [] : [recovery[limits[kind].of]],
  )
  return known.length === 0 ? null : Math.max(...known)
}

/** What of a report breaks a promise, one sentence each; empty when all is well. */
export function broken(report: FaultReport): string[] {
  const { lost, double, stuck } = report.books
  const late = report.disturbances.flatMap((one) => lateness(one))
  return [
    ...lost.map((finding) => `lost: ${finding.sentence}`),
    ...double.map((finding) => `double: ${finding.sentence}`),
    ...stuck.map((finding) => `stuck: ${finding.sentence}`),
    ...(report.settled ? [] : ['stuck: work was still open when patience ended']),
    ...late,
    ...report.deadReasons.map((reason) => `dead letters, though the city deserved none: ${reason}`),
    ...report.unexpectedEnds,
    ...(report.refused === 0 ? [] : [`refused: ${report.refused} submissions of the city`]),
    ...report.cityErrors.map((error) => `city: ${error}`),
  ]
}

function lateness({ kind, atAccepted, abandoned, recovery }: Disturbed): string[] {
  const { of, ms } = limits[kind]
  if (recovery === null || (recovery.notMoved.length === 0 && recovery[of] <= ms)) return []
  const { firstMs, lastMs, queuedMs, takenOverMs, notMoved, last } = recovery
  return [
    `late: ${kind} after ${atAccepted} submissions left ${abandoned} transfers; taken over after ${takenOverMs.toFixed(0)} ms, ` +
      `queued again after ${queuedMs.toFixed(0)}, first moved after ${firstMs.toFixed(0)}, last after ${lastMs.toFixed(0)} (allowed ${of} ${ms}), ` +
      `not moved ${notMoved.length}: ${last.join('; ')}`,
  ]
}
