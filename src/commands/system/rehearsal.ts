// One attempt without any effect: what a configuration would send for a content. Nothing leaves this machine.

import { type CapturedAnswer, type CapturedRequest, captureHttp, Stopped } from '../../adapter-kit/capture.ts'
import type { Adapter, Attempt, Contents, Operation, Outgoing } from '../../adapter-kit/contract.ts'
import { AdapterFailure } from '../../adapter-kit/failures.ts'
import { originsIn } from '../../adapter-kit/origins.ts'
import type { Configured } from './configured.ts'

export type Rehearsed =
  /** `more`: the attempt was stopped at the last of them, what follows would depend on the answer. */
  | { requests: readonly CapturedRequest[]; more: boolean }
  /** Of adapters without HTTP: what they would do, line by line. */
  | { preview: readonly string[] }
  | { failed: unknown }

interface Rehearsal {
  operation: Operation
  content: Contents[Operation]
  attempt: Omit<Attempt, 'http'>
  /** What the system is pretended to answer, in order. */
  answers?: readonly CapturedAnswer[]
}

export async function rehearse({ system, manifest }: Configured, given: Rehearsal): Promise<Rehearsed> {
  const capture = captureHttp(manifest, system.settings, given.answers)
  let adapter: Adapter | undefined
  try {
    adapter = manifest.create(system.settings)
    const attempt: Attempt = { ...given.attempt, http: capture.http }
    const preview = await previewOf(adapter, given, attempt)
    if (preview) return { preview }
    const outgoing = sender(adapter, system.id, given.operation)
    const calls = originsIn(manifest.settings, system.settings)
    if (adapter.close || calls.length === 0) return { failed: notRehearsable(system.id) }
    await outgoing.send(given.content, attempt)
  } catch (error) {
    // An adapter may have made something of the stop that is its own.
    const onlyTokens = capture.requests.every(({ forToken }) => forToken)
    if (!(error instanceof Stopped) && !capture.stopped && onlyTokens) return { failed: error }
  } finally {
    await adapter?.close?.().catch(() => undefined)
  }
  return { requests: capture.requests, more: capture.stopped }
}

async function previewOf(
  adapter: Adapter,
  { operation, content }: Rehearsal,
  attempt: Attempt,
): Promise<readonly string[] | undefined> {
  if (adapter.preview) return adapter.preview(operation, content, attempt)
  if (!adapter.inbox?.operations.includes(operation)) return undefined
  const shown = await adapter.inbox.show(operation, content, attempt)
  return ['waits in its inbox · 在收件箱中等待', ...JSON.stringify(shown, null, 2).split('\n')]
}

/** With connections of its own, or no address that is called by HTTP, nobody could keep it from having its effect. */
const notRehearsable = (id: string): AdapterFailure =>
  new AdapterFailure(
    'rejected',
    `${id} 不经 HTTP 且适配器未提供 preview，无法只看不发 (has connections of its own and no preview: it cannot be shown without effect)`,
    { sent: false },
  )

/** @throws AdapterFailure 'rejected' when the adapter does not offer the operation */
export function sender(adapter: Adapter, id: string, operation: Operation): Outgoing<Contents[Operation]> {
  const offered = adapter.outgoing[operation] as Outgoing<Contents[Operation]> | undefined
  if (offered) return offered
  const known = Object.keys(adapter.outgoing).join(', ') || 'none'
  throw new AdapterFailure('rejected', `${id} cannot ${operation}; its operations: ${known}`, { sent: false })
}
