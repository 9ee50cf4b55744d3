// Puts the failure questions to one operation of an adapter, and looks whether a summary tells what it must not.

import type { AdapterManifest } from '../contract.ts'
import { type GivenName, givens } from '../givens.ts'
import { personsIn } from '../masking.ts'
import type { Checker } from './checker.ts'
import { ask, type Outcome, outcomeOf } from './outgoing.ts'
import { type Question, questions } from './questions.ts'
import type { Sample } from './sample.ts'
import { answering, type ReceivedRequest, startServer } from './server.ts'
import { setStage } from './stage.ts'

/** No failure question may take longer: limits, not patience, must end them. */
const LONGEST_MS = 3_000

export async function askQuestions(
  t: Checker,
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
): Promise<void> {
  const excepted = typeof sample.failureQuestions === 'object' ? sample.failureQuestions.except : []
  const hidden = [...secretsIn(manifest.settings, settings), ...personsIn(givens[sample.given as GivenName])]
  for (const question of questions) {
    if (excepted.includes(question.name)) continue
    await t.test(question.rule, (t) => put(t, question, manifest, sample, settings, hidden))
  }
  if (!excepted.includes('same-key')) {
    await t.test('every resend carries the same idempotency key', (t) =>
      sendsTheSame(t, manifest, sample, settings),
    )
  }
}

async function put(
  t: Checker,
  question: Question,
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
  hidden: readonly string[],
): Promise<void> {
  const server = await startServer(question.behaviour)
  if (question.nobody) await server.close()
  const stage = setStage(manifest, settings, server.origin)
  const signal = question.stopAfterMs === undefined ? undefined : AbortSignal.timeout(question.stopAfterMs)
  try {
    const outcome = await outcomeOf(
      inTime(ask(stage.adapter, sample, stage.attempt(signal ? { signal } : {}))),
    )
    const failure: Record<string, unknown> = 'failure' in outcome ? outcome.failure : {}
    t.same(failure.kind, question.kind, `${question.kind} (${told(outcome)})`)
    if (question.retryAfterMs !== undefined)
      t.same(failure.retryAfterMs, question.retryAfterMs, 'how long to wait')
    if (question.sent !== undefined) t.same(failure.sent, question.sent, 'whether it was sent')
    t.ok(
      !hidden.some((text) => told(outcome).includes(text)),
      'the summary tells no secret and no personal data',
    )
    if (!question.nobody) t.same(server.received.length, 1, 'one request only')
  } finally {
    await stage.close()
    await server.close()
  }
}

/** An adapter that never ends must not hang the kit. */
async function inTime<T>(asked: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`not ended after ${LONGEST_MS} ms`)), LONGEST_MS)
  try {
    return await Promise.race([asked, promise])
  } finally {
    clearTimeout(timer)
  }
}

function told(outcome: Outcome): string {
  return 'failure' in outcome ? String(outcome.failure.summary) : 'a receipt'
}

async function sendsTheSame(
  t: Checker,
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
): Promise<void> {
  const server = await startServer(answering([{ status: 500 }]))
  const stage = setStage(manifest, settings, server.origin)
  try {
    for (const number of [1, 2]) await outcomeOf(ask(stage.adapter, sample, stage.attempt({ number })))
    const [first, second] = server.received.map(unchanging)
    t.same(second, first, 'the second try')
    t.ok(first, 'was sent')
  } finally {
    await stage.close()
    await server.close()
  }
}

function unchanging({ method, target, headers, body }: ReceivedRequest) {
  return { method, target, key: headers['idempotency-key'], body: body.toString('latin1') }
}

interface SchemaNode {
  writeOnly?: boolean
  properties?: Record<string, unknown>
  items?: unknown
}

/** Every value whose schema says `writeOnly`. */
export function secretsIn(schema: unknown, value: unknown): string[] {
  if (typeof schema !== 'object' || schema === null || value === undefined || value === null) return []
  const { writeOnly, properties, items } = schema as SchemaNode
  if (typeof value === 'string') return writeOnly ? [value] : []
  if (Array.isArray(value)) return value.flatMap((one) => (writeOnly ? [String(one)] : secretsIn(items, one)))
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, one]) => secretsIn(properties?.[name], one))
}
