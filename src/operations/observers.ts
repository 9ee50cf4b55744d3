// One wide log line and one metric per unit of work, for everyone who does some.

import type { Logger } from 'pino'
import type { BookCallFacts } from '../delivery/book-calls.ts'
import type { DeliveryObserver } from '../delivery/delivery.ts'
import { isLedgerAway } from '../http/ledger-away.ts'
import type { SubmissionFacts } from '../intake/observing.ts'
import type { Outcome } from '../ledger/reconciliations.ts'
import { newsAfter } from './at-most-every.ts'
import type { Metrics } from './metrics.ts'

export interface Observers extends DeliveryObserver {
  submitted(facts: SubmissionFacts): void
  atTheDoor(waiting: number): void
  reported(facts: { system: string; event: string; outcome: string; case?: string; parcel?: string }): void
  unreadable(system: string, reason: string): void
  notKept(system: string, messages: number): void
  warned(facts: { cards: number; unreported: number }): void
  uploadsOffered(facts: { materials: number }): void
  ordersReleased(facts: { orders: number }): void
  /** A limit was counted into a year without a published calendar. */
  yearMissing(year: number): void
  asked(facts: { system: string; items: number; ms: number }): void
  askingFailed(facts: {
    system: string
    failure: string
    summary: string
    ms: number
    nextInMs: number
  }): void
  /** A department's booking system was asked while somebody waited, or by the rounds. */
  bookAsked(facts: BookCallFacts): void
  committed(events: number, ms: number): void
  swept(facts: { takenOver: number; rewoken: number }): void
  suspected(facts: { transfer: string; system: string; nextInMs: number }): void
  restarted(system: string): void
  reconciled(outcome: Outcome): void
  replayed(facts: { system: string; events: number; by: string; reason: string }): void
  /** By an operator. */
  pauseChanged(facts: PauseFacts): void
  queueError(system: string, error: Error): void
}

interface PauseFacts {
  system: string
  act: 'paused' | 'resumed'
  by: string
  reason: string | null
}

/** Connection errors of a queue engine come by the dozen; one line a second tells as much. */
const QUEUE_ERROR_EVERY_MS = 1_000
/** An outage of the ledger is met by all that comes round: one line tells of it, until none has met it for so long. */
const LEDGER_WELL_AFTER_MS = 60_000

export function observers(log: Logger, metrics: Metrics): Observers {
  let lastQueueError = Number.NEGATIVE_INFINITY
  /** By what it was met in. */
  const isNewAway = new Map<string, () => boolean>()
  return {
    attempted(facts) {
      metrics.attempted(
        facts.system,
        facts.operation,
        facts.duplicate ? 'duplicate' : facts.outcome,
        facts.ms,
      )
      if (facts.nextInMs === undefined) metrics.settled(facts.system, facts.operation, facts.outcome)
      if (facts.outcome === 'delivered') log.debug(facts, 'transfer.attempted')
      else log.warn(facts, 'transfer.attempted')
    },
    paused: (system, reason) => log.error({ system, reason }, 'system.paused'),
    fault(message, error) {
      if (!isLedgerAway(error)) return log.error({ err: error }, message)
      const isNew = isNewAway.get(message) ?? newsAfter(LEDGER_WELL_AFTER_MS)
      isNewAway.set(message, isNew)
      if (isNew()) log.warn({ during: message, reason: (error as Error).message }, 'ledger.away')
    },
    submitted(facts) {
      metrics.submitted(facts.outcome)
      log.debug(facts, 'submission.received')
    },
    atTheDoor: (waiting) => metrics.atTheDoor(waiting),
    reported: (facts) => log.debug(facts, 'event.received'),
    unreadable: (system, reason) => log.warn({ system, reason }, 'event.unreadable'),
    notKept: (system, messages) => log.warn({ system, messages }, 'event.unproved-not-kept'),
    yearMissing: (year) => log.warn({ year }, 'calendar.missing'),
    warned: (facts) => log.warn(facts, 'deadlines.shown'),
    uploadsOffered: (facts) => log.warn(facts, 'registry.unreachable'),
    ordersReleased: (facts) => log.info(facts, 'post.orders-released'),
    asked(facts) {
      metrics.attempted(facts.system, 'poll', 'delivered', facts.ms)
      log.debug(facts, 'system.asked')
    },
    askingFailed(facts) {
      metrics.attempted(facts.system, 'poll', facts.failure, facts.ms)
      log.warn(facts, 'system.asked')
    },
    bookAsked(facts) {
      metrics.attempted(facts.system, facts.operation, facts.outcome, facts.ms)
      log[facts.outcome === 'delivered' ? 'debug' : 'warn'](facts, 'booking.asked')
    },
    committed: (events, ms) => metrics.committed(events, ms),
    swept: (facts) => log.info(facts, 'transfers.rewoken'),
    suspected: (facts) => log.warn(facts, 'transfer.suspected'),
    reconciled({ differences: _, counts, ...facts }) {
      const { onlyOurs = 0, onlyTheirs = 0, different = 0, doubled = 0, unanswered = 0 } = counts ?? {}
      const agrees =
        facts.state === 'compared' && onlyOurs + onlyTheirs + different + doubled + unanswered === 0
      log[agrees ? 'info' : 'warn']({ ...facts, ...counts }, 'system.reconciled')
    },
    replayed: (facts) => log.warn(facts, 'callbacks.replayed'),
    pauseChanged: ({ act, ...facts }) => log.warn(facts, `system.${act}`),
    restarted: (system) => log.error({ system }, 'queue.restarted'),
    queueError(system, error) {
      if (performance.now() - lastQueueError < QUEUE_ERROR_EVERY_MS) return
      lastQueueError = performance.now()
      log.warn({ system, reason: error.message }, 'queue.error')
    },
  }
}
