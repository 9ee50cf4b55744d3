// Each configured system as delivery sees it: its adapter, its HTTP connections, its gate. A system whose settings
// change is replaced as a whole under its id; what is under way goes on with the one it began with, which is closed
// when nobody uses it any more. The gate outlives its systems: a pause or an open breaker is not forgotten by a reload.

import type { Adapter, AdapterKind, AdapterManifest } from '../adapter-kit/contract.ts'
import type { SystemHttpClient } from '../adapter-kit/http.ts'
import { systemHttpClient } from '../adapter-kit/system-client.ts'
import type { DeliverySettings, SystemSettings } from '../settings/settings.ts'
import { createGate, type Gate, type GateLimits } from './gate.ts'

export interface System {
  id: string
  kind: AdapterKind
  settings: SystemSettings
  adapter: Adapter
  http: SystemHttpClient
  gate: Gate
  /** How long a lease lasts: waiting in memory, one attempt, and its commit. */
  leaseMs: number
  /**
   * Of a system that took another's place: leases that were taken before may be this short until then
   * (`performance.now()`).
   */
  earlierLease?: { ms: number; until: number }
}

// Enough to ride out bursts without a queue round trip; what is beyond goes through BullMQ.
const WAITING_ROOM_PER_SLOT = 16
const LEASE_MARGIN_MS = 30_000
/** No commit that takes a lease lasts longer than its statement may. */
const COMMIT_MS = 60_000

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function openSystem(settings: SystemSettings, manifest: AdapterManifest): System {
  return opened(settings, manifest, createGate(limitsOf(settings.delivery)))
}

/**
 * The same system with other settings, on the gate of the one before. Nothing changes until `takePlace`.
 * @throws AdapterFailure 'unrecognised' for settings that make no sense together
 */
export function openReplacement(before: System, settings: SystemSettings, manifest: AdapterManifest): System {
  return opened(settings, manifest, before.gate)
}

/** From now on the id means this system; the one before ends after its last use. Resolves when it has. */
export function takePlace(systems: Map<string, System>, system: System): Promise<void> {
  const before = systems.get(system.id)
  system.gate.adjust(limitsOf(system.settings.delivery))
  if (before) system.earlierLease = { ms: shortestLeaseMs(before), until: performance.now() + COMMIT_MS }
  systems.set(system.id, system)
  return before ? retire(before) : Promise.resolve()
}

/** How long a lease lasts at least whose beginning is not known. */
export function shortestLeaseMs({ leaseMs, earlierLease }: System): number {
  return earlierLease && performance.now() < earlierLease.until ? Math.min(leaseMs, earlierLease.ms) : leaseMs
}

interface Uses {
  count: number
  ended?: () => void
  closed?: Promise<unknown>
}

const known = new WeakMap<System, Uses>()

function usesOf(system: System): Uses {
  const own = known.get(system) ?? { count: 0 }
  known.set(system, own)
  return own
}

/** Runs `work` with the system, whose connections stay open at least until it has ended. */
export async function inUse<T>(system: System, work: () => Promise<T>): Promise<T> {
  const own = usesOf(system)
  own.count++
  try {
    return await work()
  } finally {
    own.count--
    if (own.count === 0) own.ended?.()
  }
}

/** Ends a system's connections once nobody uses it. */
export async function retire(system: System): Promise<void> {
  const own = usesOf(system)
  if (own.count > 0)
    await new Promise<void>((resolve) => {
      own.ended = resolve
    })
  await closeSystem(system)
}

/** Ends a system's connections now; what is still under way fails. Safe to repeat. */
export async function closeSystem(system: System): Promise<void> {
  const own = usesOf(system)
  own.closed ??= Promise.all([system.http.close(), system.adapter.close?.()])
  await own.closed
}

function opened(settings: SystemSettings, manifest: AdapterManifest, gate: Gate): System {
  const { concurrency, timeoutMs } = settings.delivery
  return {
    id: settings.id,
    kind: manifest.kind,
    settings,
    http: systemHttpClient(manifest, settings.settings, { timeoutMs, connections: concurrency }),
    adapter: manifest.create(settings.settings),
    gate,
    leaseMs: timeoutMs * 2 + LEASE_MARGIN_MS,
  }
}

const limitsOf = ({ concurrency, breaker }: DeliverySettings): GateLimits => ({
  concurrency,
  waitingRoom: concurrency * WAITING_ROOM_PER_SLOT,
  breaker,
})
