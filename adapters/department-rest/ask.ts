// One request of a dialect, signed, sent once, and its answer as data. After a 401, or an answer that says the same, a
// scheme that can prove us anew may do so, once: a request whose proof was refused had no effect.

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset, HttpRequest, HttpResponse } from '../../src/adapter-kit/http.ts'
import type { Digest } from '../../src/adapter-kit/signing.ts'
import { type Body, type BodyContext, bodyOf, type StreamedBody } from './bodies/body.ts'
import { type AnswerForm, type Asked, meaningOf, type Said, type Speech, type Told } from './dialect.ts'
import { readAnswer } from './read-text.ts'
import type { DepartmentSettings } from './settings.ts'
import type { Signing } from './signing.ts'
import { contextOf } from './speech-context.ts'

export interface Line {
  settings: DepartmentSettings
  charset: Charset
  signing: Signing
}

/** An answer as data, and what came beside it. */
interface Answered {
  content: unknown
  told: Told
  said: Said
}

/** @throws AdapterFailure as of the client, or 'unrecognised' for what can be neither said nor read */
export async function exchange<C>(
  line: Line,
  asked: Asked<C>,
  content: C,
  attempt: Attempt,
  maxBytes?: number,
): Promise<Answered> {
  const request = await prepared(line, asked, content, attempt)
  const headers = await headersOf(line, request, attempt)
  const send = async (proof: Record<string, string>): Promise<Answered> =>
    answerOf(line, asked, await attempt.http.request(wire(line, request, proof, maxBytes)))
  const { refused } = line.signing
  if (!refused) return send(headers)
  const answered = await unlessRefused(asked, () => send(headers))
  if (answered) return answered
  refused(headers)
  return send(await headersOf(line, request, attempt))
}

/** Undefined when our proof was refused, by 401 or by a code. */
async function unlessRefused<C>(
  { codes }: Asked<C>,
  send: () => Promise<Answered>,
): Promise<Answered | undefined> {
  try {
    const answered = await send()
    return meaningOf(codes, answered.said.code) === 'unauthorised' ? undefined : answered
  } catch (error) {
    if (error instanceof AdapterFailure && error.kind === 'unauthorised' && error.status === 401)
      return undefined
    throw error
  }
}

async function answerOf<C>(line: Line, asked: Asked<C>, response: HttpResponse): Promise<Answered> {
  const told = { status: response.status, headers: response.headers }
  const { answer, proved } = opened(line, readAnswer(response, asked.as ?? 'json'))
  const said = await asked.read(answer, told)
  if (!proved) refuseUnproved(asked, said)
  return { content: answer, told, said }
}

interface Prepared {
  speech: Speech
  body: Body | undefined
  as: AnswerForm
  accept: readonly number[] | undefined
}

/** Whatever fails here was surely not sent. */
async function prepared<C>(line: Line, asked: Asked<C>, content: C, attempt: Attempt): Promise<Prepared> {
  try {
    const said = await asked.say(content, await contextOf(line.settings, content, attempt))
    const context = { charset: line.charset, key: attempt.key, content, files: attempt.files }
    const speech = await placed(line, said, attempt, context)
    const body = bodyOf(sealed(line, speech, attempt), context)
    return { speech, body, as: asked.as ?? 'json', accept: asked.accept }
  } catch (error) {
    if (!(error instanceof AdapterFailure) || !error.sent) throw error
    const { kind, message, code } = error
    throw new AdapterFailure(kind, message, { sent: false, cause: error, ...(code ? { code } : {}) })
  }
}

/** With its proof, where that travels in query or body. */
async function placed(
  { signing }: Line,
  speech: Speech,
  attempt: Attempt,
  context: BodyContext,
): Promise<Speech> {
  if (!signing.place) return speech
  return signing.place(speech, attempt.now(), async (stamped) => {
    const body = bodyOf(stamped, context)
    const bodyHash = await hashOf(signing, body)
    return {
      target: attempt.http.target({ url: stamped.path }),
      body,
      bytes: bytesOf(body),
      ...(bodyHash === undefined ? {} : { bodyHash }),
    }
  })
}

function sealed({ signing }: Line, speech: Speech, attempt: Attempt): Speech {
  if (!signing.envelope || speech.body === undefined) return speech
  if ((speech.as ?? 'json') !== 'json')
    throw new AdapterFailure('unrecognised', '加密报文只能是 JSON (only JSON can be sealed)', { sent: false })
  return { ...speech, body: signing.envelope.seal(speech.body, attempt.now()) }
}

function wire(
  { charset }: Line,
  { speech, body, accept }: Prepared,
  headers: Record<string, string>,
  maxBytes: number | undefined,
): HttpRequest {
  return {
    method: speech.method,
    url: speech.path,
    charset,
    headers,
    ...(accept ? { accept: [...accept] } : {}),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(body
      ? { body: 'bytes' in body ? body.bytes : Readable.from(body.open(), { objectMode: false }) }
      : {}),
  }
}

const NO_BODY = Buffer.alloc(0)
const accepted: Readonly<Record<AnswerForm, string>> = {
  json: 'application/json',
  xml: 'application/xml, text/xml',
  text: '*/*',
}

async function headersOf(
  { signing }: Line,
  { speech, body, as }: Prepared,
  attempt: Attempt,
): Promise<Record<string, string>> {
  const target = attempt.http.target({ url: speech.path })
  const bodyHash = await hashOf(signing, body)
  const headers = await signing.sign(
    {
      method: speech.method,
      target,
      body: bytesOf(body),
      contentType: body?.type,
      at: attempt.now(),
      ...(bodyHash === undefined ? {} : { bodyHash }),
    },
    attempt,
  )
  headers.accept = accepted[as]
  headers['idempotency-key'] = attempt.key
  if (body) headers['content-type'] = body.type
  if (body && 'length' in body) headers['content-length'] = String(body.length)
  if (speech.headers) Object.assign(headers, speech.headers)
  return headers
}

const bytesOf = (body: Body | undefined): Buffer => (body && 'bytes' in body ? body.bytes : NO_BODY)

/**
 * Of a streamed body, read once more for it; empty where no hash is needed, which tells that the bytes are
 * not at hand.
 */
async function hashOf({ bodyDigest }: Signing, body: Body | undefined): Promise<string | undefined> {
  if (!body || 'bytes' in body) return undefined
  return bodyDigest === undefined ? '' : hashOfStream(body, bodyDigest)
}

async function hashOfStream(body: StreamedBody, digest: Digest): Promise<string> {
  const hash = createHash(digest)
  for await (const piece of body.open()) hash.update(piece)
  return hash.digest('hex')
}

function opened({ signing }: Line, answer: unknown): { answer: unknown; proved: boolean } {
  const { envelope, plainAnswers } = signing
  if (!envelope) return { answer, proved: true }
  if (!envelope.isSealed(answer)) return { answer, proved: plainAnswers === true }
  try {
    return { answer: envelope.open(answer), proved: true }
  } catch (error) {
    if (!(error instanceof AdapterFailure) || error.kind !== 'unauthorised') throw error
    throw new AdapterFailure('unrecognised', '应答签名不符 (the signature of the answer does not fit)')
  }
}

/** A refusal may come unsealed from a proxy before the system; a good answer may not. */
function refuseUnproved<C>({ codes }: Asked<C>, said: Said): void {
  const meant = meaningOf(codes, said.code)
  if (meant === 'ok' || meant === 'duplicate' || meant === 'absent')
    throw new AdapterFailure('unrecognised', '应答未加密签名 (the answer is not sealed)')
}
