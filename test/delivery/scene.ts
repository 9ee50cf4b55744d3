// Delivery at work on a real ledger and real queues, with a department that does as the test says. Everything
// started here ends with the test.

import type { Adapter, Attempt, Outgoing, Receipt } from '../../src/adapter-kit/contract.ts'
import type { HttpClient } from '../../src/adapter-kit/http.ts'
import { migrateAll } from '../../src/commands/database.ts'
import type { AttemptTools } from '../../src/delivery/attempt.ts'
import { createDelivery, type Delivery, type DeliveryObserver } from '../../src/delivery/delivery.ts'
import { createGate } from '../../src/delivery/gate.ts'
import { obeyPauses } from '../../src/delivery/pauses.ts'
import { openQueues, type Queues } from '../../src/delivery/queue.ts'
import { startSweeper } from '../../src/delivery/sweeper.ts'
import type { System } from '../../src/delivery/systems.ts'
import type { Due, Leased } from '../../src/ledger/changes.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { writePause } from '../../src/ledger/pauses.ts'
import type { DeliverySettings } from '../../src/settings/settings.ts'
import { rulesWith } from '../domain/life.ts'
import { received } from '../ledger/books.ts'
import { createDatabase, type Teardown } from '../support/database.ts'
import { until } from '../support/until.ts'

export const deliverySettings = (change: Partial<DeliverySettings> = {}): DeliverySettings => ({
  concurrency: 2,
  timeoutMs: 5_000,
  retry: { baseMs: 50, maxMs: 1_000, forMs: 3_600_000 },
  breaker: { failures: 20, openMs: 500 },
  ...change,
})

const refusing: HttpClient = {
  request: () => Promise.reject(new Error('these systems need no network')),
  target: () => '',
}

/** The system `licence` with these operations and nothing behind it. */
export function systemWith(
  outgoing: Adapter['outgoing'],
  change: Partial<DeliverySettings> = {},
  waitingRoom = 20,
): System {
  const delivery = deliverySettings(change)
  const settings = {
    id: 'licence',
    adapter: 'pretended',
    title: { zh: '审批局', en: 'licensing' },
    divisions: ['*'],
    delivery,
    pushClients: [],
    polling: { everyMs: 1000 },
    subscribes: [],
    settings: {},
  }
  const gate = createGate({ concurrency: delivery.concurrency, waitingRoom, breaker: delivery.breaker })
  const http = { forAttempt: () => refusing, close: async () => undefined }
  return {
    id: 'licence',
    kind: 'department',
    settings,
    adapter: { outgoing },
    http,
    gate,
    leaseMs: delivery.timeoutMs * 2 + 30_000,
  }
}

const noFiles: Attempt['files'] = {
  open: () => Promise.reject(new Error('no files')),
  link: () => '',
  store: () => Promise.reject(new Error('no files')),
}

export const tools: AttemptTools = { compose: async () => ({}), files: noFiles, now: () => new Date() }

/** A transfer of `licence` as the ledger hands it over for its first attempt. */
export const leasedOnce = (change: Partial<Leased> = {}): Leased => ({
  transfer: {
    id: 'trf_01kb3v5m8q0123456789abcdef01',
    caseId: 'case_01kb3v5m8q0123456789abcdef01',
    system: 'licence',
    operation: 'submitCase',
    lane: 'licence:case_01kb3v5m8q0123456789abcdef01',
    sequence: 1,
    state: 'due',
    about: { case: 'case_01kb3v5m8q0123456789abcdef01' },
  },
  epoch: 1,
  attempts: 0,
  look: false,
  claims: 1,
  triedMs: 0,
  submissionId: 'sub_01kb3v5m8q0123456789abcdef',
  ...change,
})

export interface SceneOptions extends Partial<DeliverySettings> {
  /** The Redis for the queues of a ledger. Absent: queues on the database. */
  redisUrl?: (databaseUrl: string) => string
  /** Join this one as a second process. */
  databaseUrl?: string
  send?: (attempt: Attempt) => Promise<Receipt>
  find?: Outgoing<unknown>['find']
  waitingRoom?: number
  /** Without: nobody makes lost wake-up calls again. */
  sweeps?: boolean
}

export interface Scene {
  databaseUrl: string
  ledger: Ledger
  delivery: Delivery
  queues: Queues
  system: System
  /** Keys of what was sent, in order. */
  sent: string[]
  attempted: Parameters<DeliveryObserver['attempted']>[0][]
  paused: string[]
  faults: string[]
  /** Every wake-up call that was made. */
  woken: Due[]
  /** New submissions of one case each. */
  take(count?: number): Promise<string[]>
  states(): Promise<string[]>
  query<T extends object>(sql: string): Promise<T[]>
  until: typeof until
  settled(count: number): Promise<void>
  close(): Promise<void>
}

export async function play(t: Teardown, options: SceneOptions = {}): Promise<Scene> {
  const { send = async () => ({}), waitingRoom, sweeps = true } = options
  const databaseUrl = options.databaseUrl ?? (await createDatabase(t, migrateAll)).url
  const redisUrl = options.redisUrl?.(databaseUrl) ?? null
  const [sent, paused, faults] = [[], [], []] as [string[], string[], string[]]
  const attempted: Scene['attempted'] = []
  const woken: Due[] = []
  const submitCase: Outgoing<unknown> = {
    send(_, attempt) {
      sent.push(attempt.key)
      return send(attempt)
    },
    ...(options.find ? { find: options.find } : {}),
  }
  const system = systemWith({ submitCase }, options, waitingRoom)
  const systems = new Map([[system.id, system]])
  let delivery: Delivery | undefined
  const ledger = await openLedger({
    url: databaseUrl,
    rules: rulesWith(),
    roles: 'test',
    first: () => delivery!,
  })
  const queues = await openQueues({ redisUrl, databaseUrl, systems: ['licence'], onError: () => undefined })
  const noting: Queues = {
    ...queues,
    wake(due) {
      woken.push(...due)
      return queues.wake(due)
    },
  }
  const observer = {
    attempted: (facts: Scene['attempted'][number]) => void attempted.push(facts),
    paused: (id: string) => void paused.push(id),
    fault: (message: string, error: unknown) => void faults.push(`${message}: ${(error as Error).message}`),
    swept: () => undefined,
    suspected: () => undefined,
    restarted: () => undefined,
  }
  const pause = async (id: string, reason: string) =>
    void (await writePause(ledger.writers, id, reason, 'gateway'))
  delivery = createDelivery({
    ledger,
    queues: noting,
    systems,
    tools: { ...tools, now: ledger.now },
    observer,
    pause,
  })
  delivery.work()
  delivery.consume()
  const sweeper = sweeps
    ? startSweeper({
        ledger,
        queues: noting,
        delivery,
        systems,
        leads: true,
        onStuck: () => undefined,
        observer,
      })
    : undefined
  const pauses = sweeps ? await obeyPauses({ ledger, queues, systems, observer }) : undefined
  const query = async <T extends object>(sql: string) => (await ledger.readers.query<T>(sql)).rows
  const states = async () =>
    (await query<{ state: string }>('select state from transfers order by id')).map((one) => one.state)
  let closed: Promise<void> | undefined
  const end = async () => {
    await pauses?.close()
    await sweeper?.close()
    await delivery.close()
    await queues.close()
    await ledger.close()
  }
  const close = () => (closed ??= end())
  t.teardown(close)
  return {
    databaseUrl,
    ledger,
    delivery,
    queues,
    system,
    sent,
    attempted,
    paused,
    faults,
    woken,
    states,
    query,
    until,
    close,
    take: async (count = 1) =>
      (await Promise.all(Array.from({ length: count }, () => ledger.record(received())))).map(
        (one) => one.submissionId,
      ),
    settled: (count) =>
      until(
        `${count} transfers are delivered`,
        async () => (await states()).filter((one) => one === 'delivered').length === count,
      ),
  }
}
