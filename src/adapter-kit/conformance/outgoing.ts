// Runs one outgoing sample: the request as the system receives it, its answer, and what the adapter makes of it.

import type { Adapter, AdapterManifest, Attempt, Contents, Operation, Outgoing } from '../contract.ts'
import { AdapterFailure } from '../failures.ts'
import { type GivenName, givens } from '../givens.ts'
import { askedOf } from './asked.ts'
import type { Checker } from './checker.ts'
import { fitted, spokenOf } from './compare.ts'
import type { Expectation, Sample } from './sample.ts'
import { answering, startServer } from './server.ts'
import { setStage } from './stage.ts'

export async function runOutgoing(
  t: Checker,
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
): Promise<void> {
  const server = await startServer(answering(sample.answers ?? (sample.answer ? [sample.answer] : [])))
  const stage = setStage(manifest, settings, server.origin)
  try {
    const outcome = await outcomeOf(ask(stage.adapter, sample, stage.attempt()))
    const wanted = sample.requests ?? (sample.request ? [sample.request] : [])
    for (const [index, request] of wanted.entries()) {
      const found = spokenOf(request, server.received[index])
      t.same(found, fitted(request, found), `request ${index + 1}`)
    }
    if (wanted.length > 0) t.same(server.received.length, wanted.length, 'number of requests')
    t.same(outcome, fitted(wantedOutcome(sample.expect, outcome), outcome), 'outcome')
  } finally {
    await stage.close()
    await server.close()
  }
}

/** The content is the sample's own; its type is checked by the adapter's translation. */
export async function ask(adapter: Adapter, sample: Sample, attempt: Attempt): Promise<unknown> {
  if (sample.asks) return askedOf(adapter, sample, attempt)
  const content = contentOf(sample)
  const outgoing = adapter.outgoing[sample.operation as Operation] as Outgoing<typeof content> | undefined
  if (!outgoing) throw new Error(`the adapter has no operation '${sample.operation}'`)
  if (sample.call !== 'find') return outgoing.send(content, attempt)
  if (!outgoing.find) throw new Error(`the adapter cannot find '${sample.operation}'`)
  return outgoing.find(content, attempt)
}

/** What the sample hands over. @throws Error for a name that is not in givens.ts */
export function contentOf({ given, asks, asked }: Sample): Contents[Operation] {
  if (asks) return asked as Contents[Operation]
  const content = givens[given as GivenName]
  if (!content) throw new Error(`unknown given '${given}'; there are ${Object.keys(givens).join(', ')}`)
  return content
}

export type Outcome = { receipt: unknown } | { failure: Record<string, unknown> }

/** Anything but an AdapterFailure is the adapter's bug and is thrown on. */
export async function outcomeOf(asked: Promise<unknown>): Promise<Outcome> {
  try {
    return { receipt: await asked }
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    const { kind, code, status, retryAfterMs, sent, message } = error
    return { failure: { kind, code, status, retryAfterMs, sent, summary: message } }
  }
}

/** Of a failure only what the sample names is compared. */
export function wantedOutcome(expect: Expectation, found: Outcome): unknown {
  if (!expect.failure) return { receipt: 'answer' in expect ? expect.answer : expect.receipt }
  return { failure: 'failure' in found ? { ...found.failure, ...expect.failure } : expect.failure }
}
