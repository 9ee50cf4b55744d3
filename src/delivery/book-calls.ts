// What a department's booking system is asked while somebody waits: slots, a reservation, its cancellation.
// No queue and no retry: one short deadline, through the system's gate, and whoever asked decides what
// follows.

import type {
  Attempt,
  BookSlot,
  CancellationContent,
  Questions,
  Receipt,
  ReservationContent,
} from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import { inTime } from './attempt.ts'
import { attemptAt } from './attempt-tools.ts'
import { isOutage } from './outcome.ts'
import { inUse, type System } from './systems.ts'

/**
 * Each throws AdapterFailure as the adapter names it; `unavailable` at once while the system is paused or its
 * breaker is open.
 */
export interface BookCalls {
  slots(system: string, asked: Questions['slots']['asked']): Promise<readonly BookSlot[]>
  /** `number` above 1: an earlier try may have arrived, and is looked for first. */
  reserve(system: string, content: ReservationContent, number: number): Promise<Receipt>
  /** null: surely not there. undefined: the system cannot be asked. */
  find(system: string, content: ReservationContent): Promise<Receipt | null | undefined>
  cancel(system: string, content: CancellationContent): Promise<Receipt>
}

export interface BookCallFacts {
  system: string
  operation: 'slots' | 'reserve' | 'find' | 'cancel'
  outcome: 'delivered' | AdapterFailure['kind']
  ms: number
  summary?: string
  reservation?: string
}

interface BookCallDeps {
  systems: ReadonlyMap<string, System>
  files: Attempt['files']
  now(): Date
  /** Stops a system for every process. */
  pause(system: string, reason: string): Promise<void>
  observer: { bookAsked(facts: BookCallFacts): void; paused(system: string, reason: string): void }
}

/** A system that is configured to answer sooner is given less. */
const LONGEST_MS = { slots: 3_000, reserve: 5_000, find: 5_000, cancel: 5_000 } as const

export function bookCalls({ systems, files, now, pause, observer }: BookCallDeps): BookCalls {
  async function ask<T>(
    id: string,
    operation: BookCallFacts['operation'],
    about: { key: string; number?: number; reservation?: string },
    work: (system: System, attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const began = performance.now()
    const told = (outcome: BookCallFacts['outcome'], summary?: string): void =>
      observer.bookAsked({
        system: id,
        operation,
        outcome,
        ms: performance.now() - began,
        ...(summary === undefined ? {} : { summary }),
        ...(about.reservation === undefined ? {} : { reservation: about.reservation }),
      })
    try {
      const answer = await askedOnce(openSystem(systems, id), operation, about, work)
      told('delivered')
      return answer
    } catch (error) {
      if (error instanceof AdapterFailure) told(error.kind, error.message)
      throw error
    }
  }

  async function askedOnce<T>(
    system: System,
    operation: BookCallFacts['operation'],
    { key, number = 1 }: { key: string; number?: number },
    work: (system: System, attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const signal = AbortSignal.timeout(Math.min(system.settings.delivery.timeoutMs, LONGEST_MS[operation]))
    const attempt = attemptAt(system, { signal, key, number }, { now, files })
    // Somebody stands there and waits for the answer.
    const leave = await system.gate.enter(signal, Number.POSITIVE_INFINITY).catch(() => {
      throw notSent(system.id, '请求过多', 'too many ask at once')
    })
    try {
      const answer = await inUse(system, () => inTime(work(system, attempt), signal))
      system.gate.report(false)
      return answer
    } catch (error) {
      const failure = failureOf(error, signal)
      system.gate.report(isOutage(failure))
      if (failure.kind === 'unauthorised') await paused(system, failure.message)
      throw failure
    } finally {
      leave()
    }
  }

  /** As for transfers: nobody asks with refused credentials again until an operator says so. */
  async function paused(system: System, reason: string): Promise<void> {
    system.gate.pause(reason)
    await pause(system.id, reason).catch(() => undefined)
    observer.paused(system.id, reason)
  }

  return {
    slots: (id, asked) =>
      ask(id, 'slots', { key: `ask:${id}` }, ({ adapter }, attempt) => {
        if (!adapter.questions?.slots) throw cannot(id, 'slots')
        return adapter.questions.slots(asked, attempt)
      }),
    reserve: (id, content, number) =>
      ask(id, 'reserve', aboutOf(content, number), async ({ adapter }, attempt) => {
        const { reserve } = adapter.outgoing
        if (!reserve) throw cannot(id, 'reserve')
        if (number > 1) {
          const found = await reserve.find?.(content, attempt)
          if (found) return { ...found, duplicate: true }
          if (!reserve.find && !reserve.honoursKey) throw cannot(id, 'find')
        }
        return reserve.send(content, attempt)
      }),
    find: (id, content) =>
      ask(id, 'find', aboutOf(content), async ({ adapter }, attempt) =>
        adapter.outgoing.reserve?.find?.(content, attempt),
      ),
    cancel: (id, content) =>
      ask(id, 'cancel', aboutOf(content), ({ adapter }, attempt) => {
        if (!adapter.outgoing.cancel) throw cannot(id, 'cancel')
        return adapter.outgoing.cancel.send(content, attempt)
      }),
  }
}

const aboutOf = ({ reservationId }: { reservationId: string }, number = 1) => ({
  key: reservationId,
  number,
  reservation: reservationId,
})

/** Nothing is sent to a system that is paused, was asked to wait, or keeps failing. */
function openSystem(systems: ReadonlyMap<string, System>, id: string): System {
  const system = systems.get(id)
  if (!system) throw cannot(id, 'answer')
  const { paused, heldMs } = system.gate.state()
  if (paused === null && heldMs === 0) return system
  throw notSent(id, '已暂停或暂不可用', 'is paused, or was not well just now', heldMs)
}

const notSent = (id: string, zh: string, en: string, retryAfterMs = 0): AdapterFailure =>
  new AdapterFailure('unavailable', `${id} ${zh} (${id}: ${en})`, {
    sent: false,
    ...(retryAfterMs > 0 ? { retryAfterMs } : {}),
  })

/** Past the deadline without a word from the adapter: whatever was sent may have arrived. */
function failureOf(error: unknown, signal: AbortSignal): AdapterFailure {
  if (error instanceof AdapterFailure) return error
  if (signal.aborted) return new AdapterFailure('uncertain', 'no answer in time', { cause: error })
  throw error
}

const cannot = (id: string, what: string): AdapterFailure =>
  new AdapterFailure('rejected', `系统 ${id} 不支持该操作 (${id} cannot ${what})`, {
    sent: false,
    code: 'cannot-answer',
  })
