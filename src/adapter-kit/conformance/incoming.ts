// Runs one incoming sample: the system's own message in, events (or a submission, or a failure) and its answer out.

import type { Adapter, AdapterManifest, InboundMessage, Reading } from '../contract.ts'
import { AdapterFailure } from '../failures.ts'
import { GIVEN_NOW } from '../givens.ts'
import type { Checker } from './checker.ts'
import { fitted } from './compare.ts'
import type { Sample, ScriptedMessage } from './sample.ts'
import { bytesOf } from './server.ts'

export async function runIncoming(
  t: Checker,
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
): Promise<void> {
  const adapter = manifest.create(settings)
  const message = messageOf(sample.incoming ?? {})
  const found = await readingOf(adapter, message)
  const { failure, events, submission, acknowledgement } = sample.expect
  if (failure) {
    t.same(
      found,
      fitted({ failure: 'failure' in found ? { ...found.failure, ...failure } : failure }, found),
      'failure',
    )
    return
  }
  if (events)
    t.same(
      'events' in found ? found.events : found,
      fitted(events, 'events' in found ? found.events : undefined),
      'events',
    )
  if (submission !== undefined) {
    const read = 'submission' in found ? found.submission : undefined
    t.same(read ?? found, fitted(submission, read), 'submission')
  }
  if (acknowledgement) checkAcknowledgement(t, adapter, message, acknowledgement)
}

/** Bytes that mean nothing must be refused by name, whatever the adapter expects. */
export async function refusesGarbage(
  t: Checker,
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
): Promise<void> {
  const message = { ...messageOf(sample.incoming ?? {}), body: Buffer.from([0xff, 0x00, 0x7b, 0xfe]) }
  const found = await readingOf(manifest.create(settings), message)
  const kind = 'failure' in found ? found.failure.kind : 'none'
  t.ok(kind === 'unauthorised' || kind === 'unrecognised', `garbage is refused by name, not with ${kind}`)
}

function checkAcknowledgement(
  t: Checker,
  adapter: Adapter,
  message: InboundMessage,
  wanted: { status: number; body?: unknown },
): void {
  const answer = adapter.incoming?.acknowledge({ ok: true, duplicate: false }, message)
  t.same(answer?.status, wanted.status, 'status of the acknowledgement')
  const text = answer?.body.toString() ?? ''
  const body = typeof wanted.body === 'string' ? text : JSON.parse(text || 'null')
  if (wanted.body !== undefined) t.same(body, fitted(wanted.body, body), 'acknowledgement')
}

type Found = Reading | { failure: Record<string, unknown> }

export async function readingOf(adapter: Adapter, message: InboundMessage): Promise<Found> {
  if (!adapter.incoming) throw new Error('the adapter reads nothing in')
  try {
    return await adapter.incoming.read(message)
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    const { kind, code, message: summary } = error
    return { failure: { kind, code, summary } }
  }
}

export function messageOf(scripted: ScriptedMessage): InboundMessage {
  const headers = Object.entries(scripted.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  return {
    method: scripted.method ?? 'POST',
    path: scripted.path ?? '/',
    query: scripted.query ?? {},
    headers: Object.fromEntries(headers),
    body: bytesOf(scripted),
    receivedAt: scripted.receivedAt ? new Date(scripted.receivedAt) : GIVEN_NOW,
  }
}
