// The failure questions as rules of one operation; each also looks whether a summary tells what it must not.

import type { AdapterManifest } from '../contract.ts'
import { personsIn } from '../masking.ts'
import { secretsIn } from '../secrets.ts'
import type { Checker } from './checker.ts'
import { ask, contentOf, type Outcome, outcomeOf } from './outgoing.ts'
import { type Question, questions } from './questions.ts'
import type { Rule } from './rules.ts'
import type { Sample } from './sample.ts'
import { answering, type Behaviour, type ReceivedRequest, startServer } from './server.ts'
import { setStage } from './stage.ts'

/** No failure question may take longer: limits, not patience, must end them. */
const LONGEST_MS = 3_000

const NONE =
  'one request only (none came by HTTP: an adapter that speaks otherwise says so in samples/conformance.json, "http": false)'

export interface FailureRule extends Rule {
  /** The question's name, by which a sample excepts it. */
  question: string
}

/** The questions of failure, each as a rule to be run with this sample. */
export function rulesOfFailure(manifest: AdapterManifest, sample: Sample, settings: unknown): FailureRule[] {
  const hidden = [...secretsIn(manifest.settings, settings), ...personsIn(contentOf(sample))]
  return questions.map((question) => ({
    question: question.name,
    name: question.rule,
    check: (t) => put(t, question, manifest, sample, settings, hidden),
  }))
}

export function resendRule(manifest: AdapterManifest, sample: Sample, settings: unknown): FailureRule {
  return {
    question: 'same-key',
    name: 'every resend carries the same idempotency key',
    check: (t) => sendsTheSame(t, manifest, sample, settings),
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
  const stop = new AbortController()
  const server = await startServer(stopping(question, stop))
  if (question.nobody) await server.close()
  const stage = setStage(manifest, settings, server.origin)
  try {
    const outcome = await outcomeOf(
      inTime(ask(stage.adapter, sample, stage.attempt({ signal: stop.signal }))),
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
    if (!question.nobody)
      t.same(server.received.length, 1, server.received.length === 0 ? NONE : 'one request only')
  } finally {
    await stage.close()
    await server.close()
  }
}

/** Counted from the request's arrival: a busy machine may take long to send it. */
function stopping({ behaviour, stopAfterMs }: Question, stop: AbortController): Behaviour {
  if (stopAfterMs === undefined) return behaviour
  return (...request) => {
    setTimeout(() => stop.abort(new DOMException('no answer', 'TimeoutError')), stopAfterMs)
    behaviour(...request)
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
