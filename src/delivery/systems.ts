// Each configured system as delivery sees it: its adapter, its HTTP connections, its gate.

import type { Adapter, AdapterKind, AdapterManifest } from '../adapter-kit/contract.ts'
import type { SystemHttpClient } from '../adapter-kit/http.ts'
import { systemHttpClient } from '../adapter-kit/system-client.ts'
import type { SystemSettings } from '../settings/settings.ts'
import { createGate, type Gate } from './gate.ts'

export interface System {
  id: string
  kind: AdapterKind
  settings: SystemSettings
  adapter: Adapter
  http: SystemHttpClient
  gate: Gate
  /** How long a lease lasts: waiting in memory, one attempt, and its commit. */
  leaseMs: number
}

// Enough to ride out bursts without a queue round trip; what is beyond goes through BullMQ.
const WAITING_ROOM_PER_SLOT = 16
const LEASE_MARGIN_MS = 30_000

export function openSystem(settings: SystemSettings, manifest: AdapterManifest): System {
  const { concurrency, timeoutMs, breaker } = settings.delivery
  return {
    id: settings.id,
    kind: manifest.kind,
    settings,
    adapter: manifest.create(settings.settings),
    http: systemHttpClient(manifest, settings.settings, { timeoutMs, connections: concurrency }),
    gate: createGate({ concurrency, waitingRoom: concurrency * WAITING_ROOM_PER_SLOT, breaker }),
    leaseMs: timeoutMs * 2 + LEASE_MARGIN_MS,
  }
}
