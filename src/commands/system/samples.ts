// What `tongban system try` hands over: a canned content by its name, a content from a file, or one of an adapter's own
// samples, whose answers are then pretended so that every request of a flow is seen.

import { readFile, stat } from 'node:fs/promises'
import type { CapturedAnswer } from '../../adapter-kit/capture.ts'
import type { ScriptedAnswer, ScriptedMessage } from '../../adapter-kit/conformance/sample.ts'
import { bytesOf, typeOf } from '../../adapter-kit/conformance/server.ts'
import type { Contents, Operation } from '../../adapter-kit/contract.ts'
import { type GivenName, givens } from '../../adapter-kit/givens.ts'
import { nearest } from '../../domain/nearest.ts'
import { operations as transferred } from '../../domain/submission.ts'

/** A message of the system's own, to be read instead of sent. */
export interface TryMessage {
  incoming: ScriptedMessage
}

export interface TrySample {
  operation: Operation
  content: Contents[Operation]
  answers: readonly CapturedAnswer[]
}

const MOST_BYTES = 1024 * 1024
/** Reserving and cancelling are asked at once, and are no transfers. */
const operations: readonly Operation[] = [...transferred, 'reserve', 'cancel']

const operationOf: Partial<Record<GivenName, Operation>> = {
  'case-online': 'submitCase',
  'case-agent': 'submitCase',
  'case-organisation': 'submitCase',
  supplement: 'supplementCase',
  withdrawal: 'withdrawCase',
  notification: 'notify',
  certificate: 'obtainCertificate',
  'certificate-recheck': 'verifyCertificate',
  'certificate-registration': 'registerCertificate',
  'parcel-collect': 'createOrder',
  'parcel-deliver': 'createOrder',
  'parcel-cancel': 'cancelOrder',
  service: 'recordService',
  'service-denied': 'recordService',
  'service-rejected': 'recordService',
  reservation: 'reserve',
  'reservation-cancel': 'cancel',
  'reservation-cancel-unanswered': 'cancel',
}

/** @throws Error that says which samples or operations there are */
export async function readTrySample(
  sample: string,
  wanted: string | undefined,
): Promise<TrySample | TryMessage> {
  const asked = wanted === undefined ? undefined : knownOperation(wanted)
  if (isGiven(sample)) return given(sample, asked)
  const read = await readObject(sample)
  if (typeof read.incoming === 'object' && read.incoming !== null)
    return { incoming: read.incoming as ScriptedMessage }
  if (isGiven(read.given)) {
    const {
      operation,
      answer,
      answers = answer ? [answer] : [],
    } = read as {
      operation?: string
      answer?: ScriptedAnswer
      answers?: ScriptedAnswer[]
    }
    const own = asked ?? (operation === undefined ? undefined : knownOperation(operation))
    return { ...given(read.given, own), answers: answers.map(answerOf) }
  }
  const operation = asked ?? (typeof read.operation === 'string' ? knownOperation(read.operation) : undefined)
  if (!operation)
    throw new Error(
      `${sample} does not say what is to be done: add --operation ${operations.join('|')} · 请用 --operation 指明操作`,
    )
  return { operation, content: (read.content ?? read) as Contents[Operation], answers: [] }
}

const isGiven = (name: unknown): name is GivenName => typeof name === 'string' && Object.hasOwn(givens, name)

function given(name: GivenName, asked: Operation | undefined): TrySample {
  const operation = asked ?? operationOf[name]
  if (!operation)
    throw new Error(
      `What is to be done with ${name}? Add --operation ${operations.join('|')} · 请用 --operation 指明操作`,
    )
  return { operation, content: givens[name], answers: [] }
}

function knownOperation(text: string): Operation {
  const known = operations.find((one) => one === text)
  if (known) return known
  const near = nearest(text, operations)
  throw new Error(
    `There is no operation ${text}${near ? `; did you mean ${near}?` : ''}: ${operations.join(', ')} · 没有该操作`,
  )
}

async function readObject(path: string): Promise<Record<string, unknown>> {
  const facts = await stat(path).catch(() => undefined)
  if (!facts?.isFile()) {
    const near = nearest(path, Object.keys(givens))
    throw new Error(
      `There is neither a sample nor a file ${path}${near ? `; did you mean ${near}?` : ''}. Samples: ${Object.keys(givens).join(', ')} · 没有该样例或文件`,
    )
  }
  if (facts.size > MOST_BYTES) throw new Error(`${path} is larger than ${MOST_BYTES} bytes · 文件过大`)
  const found = parse(path, await readFile(path, 'utf8'))
  if (typeof found === 'object' && found !== null && !Array.isArray(found))
    return found as Record<string, unknown>
  throw new Error(`${path} is not a JSON object · 不是 JSON 对象`)
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${path} is not JSON: ${(cause as Error).message} · 不是合法的 JSON`, { cause })
  }
}

function answerOf(scripted: ScriptedAnswer): CapturedAnswer {
  const own = Object.entries(scripted.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  return {
    status: scripted.status ?? 200,
    headers: { 'content-type': typeOf(scripted), ...Object.fromEntries(own) },
    body: bytesOf(scripted),
  }
}
