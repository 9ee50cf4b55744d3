// Waiting, with an end to patience: until the city has come so far, and until nothing moves any more.

import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from './world.ts'

const POLL_MS = 50
/** Nothing is open and nothing has happened for so long: all is settled. */
const QUIET_MS = 4_000
/** Something is open and nothing waits for its time, yet nothing has happened for so long: nothing will. */
const SILENT_MS = 25_000

export interface Waiting {
  /** The gateway ended though nobody killed it: with what, and its last output. It is started again. */
  unexpectedEnds: string[]
}

/** Until the city has had so many submissions accepted; gives up after `stalledMs` without any more. */
export async function untilAccepted(
  world: World,
  accepted: number,
  waiting: Waiting,
  stalledMs = 60_000,
): Promise<'reached' | 'finished' | 'stalled'> {
  let last = { accepted: -1, at: performance.now() }
  while (true) {
    await reviveGateway(world, waiting)
    const progress = await world.city.progress()
    if (progress.accepted >= accepted) return 'reached'
    if (progress.finished) return 'finished'
    if (progress.accepted > last.accepted) last = { accepted: progress.accepted, at: performance.now() }
    if (performance.now() - last.at > stalledMs) return 'stalled'
    await sleep(POLL_MS)
  }
}

/** Until every transfer and case is settled and the ledger has not grown for a while. False when patience ended first. */
export async function untilSettled(world: World, waiting: Waiting, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  let last = { entries: -1, at: performance.now() }
  while (performance.now() < deadline) {
    await reviveGateway(world, waiting)
    const open = await world.watch.openWork()
    if (open.entries !== last.entries || open.waiting > 0)
      last = { entries: open.entries, at: performance.now() }
    const silentMs = performance.now() - last.at
    if (silentMs > QUIET_MS && open.transfers === 0 && open.cases === 0) return true
    if (silentMs > SILENT_MS) return false
    await sleep(4 * POLL_MS)
  }
  return false
}

/** Starts the gateway again, and notes it, when it ended though nobody killed it. */
export async function reviveGateway(world: World, waiting: Waiting): Promise<void> {
  const gateway = world.gateway()
  if (gateway.running()) return
  const { code, signal } = await gateway.ended
  waiting.unexpectedEnds.push(
    `gateway ended by itself (code ${code}, signal ${signal}): ${gateway.output().slice(-2_000)}`,
  )
  await world.startGateway()
}
