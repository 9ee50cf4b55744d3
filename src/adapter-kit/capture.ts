// An HTTP client that lets nothing out: it writes down what an adapter would send and stops the attempt there.
// Where answers are given it replies with them, so that the requests that follow are seen too; a request for an OAuth 2.0
// token is always answered, since nothing of what follows depends on which token it is. It must not dial.

import { Readable } from 'node:stream'
import { Answer } from './answer.ts'
import { charsetOf } from './charset.ts'
import { statusFailure } from './classify.ts'
import type { AdapterManifest } from './contract.ts'
import { AdapterFailure } from './failures.ts'
import type { Charset, HttpClient, HttpRequest, HttpResponse } from './http.ts'
import { withQuery } from './http-client.ts'
import { originOf, originsIn } from './origins.ts'

export interface CapturedRequest {
  method: string
  /** Absolute, with query. */
  url: string
  headers: Readonly<Record<string, string>>
  body: CapturedBody
  /** It only asks for a token of OAuth 2.0 client credentials (RFC 6749, section 4.4). */
  forToken?: true
}

export type CapturedBody =
  | { bytes: Buffer; whole: boolean }
  | { parts: readonly { name: string; value?: string; fileName?: string; bytes?: number }[] }
  | null

export interface CapturedAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

export interface Capture {
  http: HttpClient
  /** In the order in which they would have been sent. */
  readonly requests: readonly CapturedRequest[]
  /** Whether the attempt was stopped at the last of them, so that more may follow in truth. */
  readonly stopped: boolean
}

/** Of a streamed body no more is read. */
const MOST_BYTES = 256 * 1024

/** Thrown out of `request`: not a failure, so that no adapter takes it for an answer. */
export class Stopped extends Error {
  constructor() {
    super('the attempt was stopped before anything was sent')
    this.name = 'Stopped'
  }
}

/**
 * @param settings the system's own, with `baseUrl` and registered origins as for the real client
 * @param answers what the system is pretended to answer, in order; the attempt is stopped when there are no
 * more. A request for a token takes the next of them only if that holds one; else its answer is made up
 */
export function captureHttp(
  manifest: Pick<AdapterManifest, 'settings'>,
  settings: unknown,
  answers: readonly CapturedAnswer[] = [],
): Capture {
  const { baseUrl } = (settings ?? {}) as { baseUrl?: string }
  const known = new Set([
    ...originsIn(manifest.settings, settings),
    ...(baseUrl === undefined ? [] : [originOf(baseUrl)]),
  ])
  const requests: CapturedRequest[] = []
  const left = [...answers]
  let stopped = false
  const locate = (asked: Pick<HttpRequest, 'url' | 'query'>): Place => {
    const { origin, path } = placeOf(asked.url, baseUrl)
    if (!known.has(origin))
      throw new AdapterFailure('unrecognised', `The origin ${origin} is not registered for this system`, {
        sent: false,
      })
    return { origin, path: asked.query ? withQuery(path, asked.query) : path }
  }
  return {
    requests,
    get stopped() {
      return stopped
    },
    http: {
      target: (asked) => locate(asked).path,
      async request(asked) {
        const { origin, path } = locate(asked)
        if (stopped) throw new Stopped()
        const forToken = asked.forToken !== undefined || asksForToken(asked)
        const answer = forToken && !holdsToken(left[0]) ? madeUpToken(asked) : left.shift()
        stopped = answer === undefined
        requests.push({
          method: asked.method,
          url: origin + path,
          headers: { ...asked.headers },
          body: await bodyOf(asked.body),
          ...(forToken ? { forToken } : {}),
        })
        if (answer === undefined) throw new Stopped()
        return pretended(asked, path, answer)
      },
    },
  }
}

const madeUpToken = ({ forToken }: HttpRequest): CapturedAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(forToken ?? '{"access_token":"pretended-token","token_type":"Bearer","expires_in":3600}'),
})

/** By the form that RFC 6749 fixes, whoever asks; who asks otherwise says so. */
function asksForToken({ method, headers = {}, body }: HttpRequest): boolean {
  if (method !== 'POST' || (typeof body !== 'string' && !Buffer.isBuffer(body))) return false
  if (!contentTypeOf(headers)?.toLowerCase().startsWith('application/x-www-form-urlencoded')) return false
  return new URLSearchParams(body.toString()).get('grant_type') === 'client_credentials'
}

function holdsToken(answer: CapturedAnswer | undefined): boolean {
  if (!answer) return false
  try {
    return typeof JSON.parse(answer.body.toString()).access_token === 'string'
  } catch {
    return false
  }
}

const contentTypeOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]

interface Place {
  origin: string
  /** As on the request line: a relative URL is appended to the base's path as it is. */
  path: string
}

function placeOf(url: string, baseUrl: string | undefined): Place {
  if (url.startsWith('/') && baseUrl !== undefined) {
    const { origin, pathname } = new URL(baseUrl)
    return { origin, path: pathname.replace(/\/$/, '') + url }
  }
  const origin = originOf(url)
  const { pathname, search } = new URL(url)
  return { origin, path: pathname + search }
}

function pretended(
  asked: HttpRequest,
  path: string,
  { status, headers, body }: CapturedAnswer,
): HttpResponse {
  const about = { method: asked.method, path: path.split('?', 1)[0] ?? '' }
  const failure = statusFailure(about, status, headers, asked.accept)
  if (failure) throw failure
  return new Answer(about, status, headers, body, asked.charset ?? 'utf-8')
}

async function bodyOf(body: HttpRequest['body']): Promise<CapturedBody> {
  if (body === undefined) return null
  if (typeof body === 'string') return { bytes: Buffer.from(body), whole: true }
  if (Buffer.isBuffer(body)) return { bytes: body, whole: true }
  if (body instanceof Readable) return firstBytes(body)
  return {
    parts: [...body.entries()].map(([name, value]) =>
      typeof value === 'string' ? { name, value } : { name, fileName: value.name, bytes: value.size },
    ),
  }
}

async function firstBytes(source: Readable): Promise<CapturedBody> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of source) {
    const bytes = Buffer.from(piece)
    pieces.push(bytes)
    size += bytes.length
    if (size > MOST_BYTES) break
  }
  return { bytes: Buffer.concat(pieces).subarray(0, MOST_BYTES), whole: size <= MOST_BYTES }
}

export const typeOfRequest = ({ headers }: CapturedRequest): string => contentTypeOf(headers) ?? ''

/** The charset that a captured request names: undefined when it names none, null when it names one we do not read. */
export const charsetOfRequest = (request: CapturedRequest): Charset | null | undefined =>
  charsetOf(typeOfRequest(request))
