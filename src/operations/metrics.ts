// What the gateway counts about itself, for Prometheus. Labels are settings' own words (systems, operations,
// routes), never a case or a person. Handles are kept per label set because most calls are on the hot path.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const ENTRIES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

export interface Metrics {
  registry: Registry
  /** A submission was answered: accepted, replayed or refused. */
  submitted(outcome: string): void
  /** So many submissions wait for their turn. */
  atTheDoor(waiting: number): void
  /** One attempt ended. `outcome` is delivered, duplicate or a failure kind; `ms` is how long it took. */
  attempted(system: string, operation: string, outcome: string, ms: number): void
  /** A transfer reached a state it does not leave by itself: delivered, cancelled or dead. */
  settled(system: string, operation: string, outcome: string): void
  /** The ledger committed `events` events in one transaction. */
  committed(events: number, ms: number): void
  /** A request was answered. `route` is the template; `null` when no route matched. */
  answered(method: string, route: string | null, status: number, ms: number): void
  /** Starts collecting process metrics (CPU, memory, event loop, garbage collection); once. */
  watchProcess(): void
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name: `tongban_${name}`, help, labelNames, registers })
  const histogram = <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
    new Histogram({ name: `tongban_${name}`, help, labelNames, buckets, registers })

  const submissions = counter('submissions_total', 'Submissions answered', 'outcome')
  const waiting = new Gauge({
    name: 'tongban_submissions_waiting',
    help: 'Submissions that wait for their turn, because more come than the ledger takes',
    registers,
  })
  const transfers = counter('transfers_total', 'Transfers that ended', 'system', 'operation', 'outcome')
  const attempts = histogram(
    'attempt_duration_seconds',
    'Attempts at a transfer',
    SECONDS,
    'system',
    'operation',
    'outcome',
  )
  const requests = histogram(
    'http_request_duration_seconds',
    'Requests answered',
    SECONDS,
    'method',
    'route',
    'status',
  )
  const batches = histogram('ledger_batch_events', 'Events in one ledger commit', ENTRIES)
  const commits = histogram('ledger_commit_duration_seconds', 'Ledger commits', SECONDS)

  const submission = remembered((outcome) => submissions.labels(outcome))
  const transfer = remembered((system, operation, outcome) => transfers.labels(system, operation, outcome))
  const attempt = remembered((system, operation, outcome) => attempts.labels(system, operation, outcome))
  const request = remembered((method, route, status) => requests.labels(method, route, status))
  let watching = false

  return {
    registry,
    atTheDoor: (count) => waiting.set(count),
    submitted: (outcome) => submission(outcome, '', '').inc(),
    attempted: (system, operation, outcome, ms) => attempt(system, operation, outcome).observe(ms / 1000),
    settled: (system, operation, outcome) => transfer(system, operation, outcome).inc(),
    committed(events, ms) {
      batches.observe(events)
      commits.observe(ms / 1000)
    },
    answered: (method, route, status, ms) =>
      request(method, route ?? 'none', String(status)).observe(ms / 1000),
    watchProcess() {
      if (!watching) collectDefaultMetrics({ register: registry })
      watching = true
    },
  }
}

/** Nested maps beat a joined key: no string is built on a call. */
function remembered<H>(make: (a: string, b: string, c: string) => H): (a: string, b: string, c: string) => H {
  const first = new Map<string, Map<string, Map<string, H>>>()
  return (a, b, c) => {
    const third = inner(inner(first, a), b)
    let handle = third.get(c)
    if (handle === undefined) {
      handle = make(a, b, c)
      third.set(c, handle)
    }
    return handle
  }
}

function inner<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let found = map.get(key)
  if (found === undefined) {
    found = new Map()
    map.set(key, found)
  }
  return found
}
