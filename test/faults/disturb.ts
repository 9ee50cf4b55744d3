// Does what the plan says to the running world and measures how long abandoned work lay still.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Abandoned } from './ledger-watch.ts'
import type { Disturbance, DisturbanceKind } from './plan.ts'
import type { World } from './world.ts'

/** How long abandoned work may lie still, ms. From the start of the new process for a kill, else from the disturbance. */
export const limitsMs: Readonly<Record<DisturbanceKind, number>> = {
  kill: 5_000,
  'flush-redis': 30_000,
  'restart-redis': 30_000,
  'restart-postgres': 30_000,
}

/** How long is waited at most before abandoned work is called stuck, ms. */
const PATIENCE_MS = 45_000

export interface Disturbed extends Disturbance {
  /** Transfers that someone had to pick up again. */
  abandoned: number
  /** Since the start of the new process, or since the disturbance; null when nothing was abandoned. */
  recovery: Recovery | null
  /** Kills: from the start of the new process until /readyz was 200, ms. */
  readyMs: number | null
}

export interface Recovery {
  /** Until none was leased to a dead process any more, ms. */
  takenOverMs: number
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
  const { firstAt, lastAt, takenOverAt, last, notMoved } = await world.watch.untilMoved(
    abandoned,
    PATIENCE_MS,
    revive,
  )
  const recovery: Recovery = {
    takenOverMs: takenOverAt - startedAt,
    firstMs: firstAt - startedAt,
    lastMs: lastAt - startedAt,
    last: last.slice(0, 3),
    notMoved,
  }
  return { abandoned: abandoned.ids.length, recovery }
}
