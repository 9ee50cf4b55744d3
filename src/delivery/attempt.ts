// One attempt at one transfer: look first where an earlier one may have arrived, then send. Says how it went in
// the words of the failure table; what follows from it is outcome.ts's business.

import type { Attempt, Outgoing, Receipt } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import { whyUnstorable } from '../http/storable.ts'
import type { Leased } from '../ledger/changes.ts'
import { isPassing } from '../ledger/database.ts'
import { materialFailureIn } from '../materials/failures.ts'
import { attemptAt } from './attempt-tools.ts'
import { lendFiles } from './lent-files.ts'
import { onAbort } from './on-abort.ts'
import type { System } from './systems.ts'

export type Result =
  | { delivered: Receipt }
  /**
   * inDoubt: an earlier attempt may have arrived, and this one ended before that was found out. timedOut: the
   * system may still be at it.
   */
  | { failure: AdapterFailure; inDoubt?: true; timedOut?: true }
  /** Not the system's doing: our own mistake, or an adapter's. `sent`: made when it may have arrived already. */
  | { bug: Error; sent?: true }

export interface AttemptTools {
  compose(leased: Leased): Promise<unknown>
  files: Attempt['files']
  now(): Date
}

export async function attemptTransfer(
  leased: Leased,
  system: System,
  tools: AttemptTools,
  stop: AbortSignal,
  may: 'send' | 'look' = 'send',
): Promise<Result> {
  const operation = system.adapter.outgoing[leased.transfer.operation] as Outgoing<unknown> | undefined
  if (!operation)
    return {
      failure: new AdapterFailure('rejected', `${system.id} cannot ${leased.transfer.operation}`, {
        sent: false,
      }),
    }
  const deadline = new AbortController()
  const timer = setTimeout(
    () => deadline.abort(new DOMException('deadline', 'TimeoutError')),
    system.settings.delivery.timeoutMs,
  )
  // What nobody can look for is sent by nobody else either, so it may end.
  const fence = leased.session && canLook(operation) ? [leased.session] : []
  const unfollow = [stop, ...fence].map((signal) => onAbort(signal, () => deadline.abort(signal.reason)))
  const lent = lendFiles(tools.files)
  const { id: key } = leased.transfer
  const attempt = attemptAt(
    system,
    { signal: deadline.signal, key, number: leased.attempts + 1 },
    { now: tools.now, files: lent.files },
  )
  let inDoubt = leased.look
  let sent = false
  const sending = (): void => {
    inDoubt = false
    sent = true
  }
  try {
    const work = tools
      .compose(leased)
      .then((content) =>
        may === 'look'
          ? lookOnly(operation, content, attempt)
          : lookOrSend(operation, content, attempt, leased.look, sending),
      )
    return receiptOf(await inTime(work, deadline.signal))
  } catch (error) {
    const timedOut = isTimeOut(deadline.signal) ? { timedOut: true as const } : {}
    const files = materialFailureIn(error)
    if (files) return oursToMend(files, error instanceof AdapterFailure ? error.sent : sent)
    if (error instanceof AdapterFailure)
      return { failure: error, ...(inDoubt ? { inDoubt } : {}), ...timedOut }
    if (deadline.signal.aborted)
      return {
        failure: new AdapterFailure(
          'uncertain',
          givenUp(deadline.signal, stop) ?? `no answer within ${system.settings.delivery.timeoutMs} ms`,
          { cause: error },
        ),
        ...timedOut,
      }
    return oursToMend(error, sent)
  } finally {
    clearTimeout(timer)
    for (const end of unfollow) end()
    lent.takeBack()
  }
}

/**
 * What ended an attempt without its system: ledger or files gave nothing just then, or we are mistaken. `sent`: it may
 * have arrived by then.
 */
export function oursToMend(error: unknown, sent = false): Result {
  const later = (summary: string): Result => ({
    failure: new AdapterFailure('unavailable', summary, { sent, cause: error }),
  })
  const files = materialFailureIn(error)
  if (files && (files.materialFailure === 'unavailable' || files.materialFailure === 'storage-full'))
    return later(files.message)
  if (isPassing(error)) return later('the ledger was away when it was needed')
  return { bug: error instanceof Error ? error : new Error(String(error)), ...(sent ? { sent } : {}) }
}

/** A receipt that the ledger could not keep would be looked for, and not kept, for ever. */
function receiptOf(receipt: Receipt): Result {
  const reason = whyUnstorable([receipt, ...(receipt.events ?? [])])
  return reason === null ? { delivered: receipt } : { failure: new AdapterFailure('unrecognised', reason) }
}

/** Asked, or trusted to take it once. */
export const canLook = (operation: Outgoing<unknown> | undefined): boolean =>
  operation?.find !== undefined || operation?.honoursKey === true

const isTimeOut = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && (reason as Error).name === 'TimeoutError'

function givenUp(deadline: AbortSignal, stop: AbortSignal): string | null {
  const { reason } = deadline
  if (stop.aborted) return 'given up before an answer came: this process is ending'
  if (isTimeOut(deadline)) return null
  return `given up before an answer came: ${(reason as Error).message}`
}

/**
 * Past its deadline an attempt may still say what it knows; after that, an adapter that ignores its signal is
 * left behind.
 */
const OVERTIME_MS = 1_000

export function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const over = (): void => {
      timer = setTimeout(() => reject(signal.reason as Error), OVERTIME_MS)
    }
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
    }
    if (signal.aborted) over()
    else signal.addEventListener('abort', over)
    void work.finally(end).then(resolve, reject)
  })
}

async function lookOnly(operation: Outgoing<unknown>, content: unknown, attempt: Attempt): Promise<Receipt> {
  const found = await operation.find?.(content, attempt)
  if (found) return { ...found, duplicate: true }
  throw new Error('it was not found')
}

async function lookOrSend(
  operation: Outgoing<unknown>,
  content: unknown,
  attempt: Attempt,
  look: boolean,
  sending: () => void,
): Promise<Receipt> {
  if (look && operation.find) {
    const found = await operation.find(content, attempt)
    if (found) return { ...found, duplicate: true }
  }
  if (!look || operation.find || operation.honoursKey) {
    sending()
    return operation.send(content, attempt)
  }
  throw new AdapterFailure(
    'rejected',
    'an earlier attempt may have arrived, and this system can neither be asked nor trusted to take it once',
    { code: 'cannot-look' },
  )
}
