// Does what the plan says to the running world and measures how long abandoned work lay still.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Abandoned, NotMoved } from './ledger-watch.ts'
import type { Disturbance, DisturbanceKind } from './plan.ts'
import type { World } from './world.ts'

/**
 * What is promised, ms. After a kill: all that the dead process held moves, from the start of the new one. When an engine
 * was emptied or restarted: all that is due has moved or has its wake-up call again. How long a whole backlog then takes
 * is the speed of the systems, not a promise; it must end all the same.
 */
export const limits: Readonly<Record<DisturbanceKind, { of: 'lastMs' | 'queuedMs'; ms: number }>> = {
  kill: { of: 'lastMs', ms: 5_000 },
  'flush-redis': { of: 'queuedMs', ms: 30_000 },
  'restart-redis': { of: 'queuedMs', ms: 30_000 },
  'restart-postgres': { of: 'queuedMs', ms: 30_000 },
}

/** How long is waited at most before abandoned work is called stuck, ms. */
const PATIENCE_MS = 120_000

export interface Disturbed extends Disturbance {
  /** Transfers that someone had to pick up again. */
  abandoned: number
  /** Since the start of the new process, or since the disturbance; null when nothing was abandoned. */
  recovery: Recovery | null
  /** Kills: from the start of the new process until /readyz was 200, ms. */
  readyMs: number | null
}

interface Recovery {
  /** Until none was leased to a dead process any more, ms. */
  takenOverMs: number
  /** Until each had moved or had its wake-up call again, ms. */
  queuedMs: number
  /** Until the first and the last were taken again or settled, ms. */
  firstMs: number
  lastMs: number
  /** What moved last. */
  last: string[]
  /** Those that had not moved after all patience. */
  notMoved: string[]
}

/** `revive` starts the gateway again when it ended by itself. */
export async function disturb(
  world: World,
  disturbance: Disturbance,
  revive: () => Promise<void>,
): Promise<Disturbed> {
  await sleep(disturbance.delayMs)
  if (disturbance.kind === 'kill') return kill(world, disturbance)
  const startedAt = performance.now()
  const abandoned = await world.watch.dueNow()
  await disturbEngine(world, disturbance.kind)
  return { ...disturbance, readyMs: null, ...(await recover(world, abandoned, startedAt, revive)) }
}

async function kill(world: World, disturbance: Disturbance): Promise<Disturbed> {
  await world.gateway().kill9()
  const abandoned = await world.watch.leased()
  const startedAt = performance.now()
  const [gateway, recovered] = await Promise.all([world.startGateway(), recover(world, abandoned, startedAt)])
  return { ...disturbance, readyMs: gateway.readyAt - gateway.startedAt, ...recovered }
}

async function disturbEngine(world: World, kind: Exclude<DisturbanceKind, 'kill'>): Promise<void> {
  if (kind === 'restart-postgres') await world.postgres.restart('immediate')
  if (kind === 'flush-redis') await world.redis?.flushAll()
  if (kind === 'restart-redis') await world.redis?.restart('killed')
}

async function recover(world: World, abandoned: Abandoned, startedAt: number, revive?: () => Promise<void>) {
  if (abandoned.ids.length === 0) return { abandoned: 0, recovery: null }
  const { firstAt, lastAt, takenOverAt, queuedAt, last, notMoved } = await world.watch.untilMoved(
    abandoned,
    PATIENCE_MS,
    { uncalled: (left) => uncalled(world, left), ...(revive ? { meanwhile: revive } : {}) },
  )
  const recovery: Recovery = {
    takenOverMs: takenOverAt - startedAt,
    queuedMs: queuedAt - startedAt,
    firstMs: firstAt - startedAt,
    lastMs: lastAt - startedAt,
    last: last.slice(0, 3),
    notMoved,
  }
  return { abandoned: abandoned.ids.length, recovery }
}

/** Of what is due and in nobody's hands: how much has no job. On Redis, BullMQ keeps one under prefix:queue:id. */
async function uncalled(world: World, left: readonly NotMoved[]): Promise<number> {
  const due = left.filter(({ state }) => state === 'due')
  if (world.redis === null) return due.length - (await world.watch.called(due))
  const keys = due.map(({ id, epoch, system }) => `tongban:${system}:${id}-${epoch}`)
  const called = await world.redis.existing(keys).catch(() => new Set<string>())
  return due.length - called.size
}
