// The HTTP client of one system: its own connections, its own registered origins, no redirects, no retries.
// It must stay cheap: on the common path (a small JSON request and answer) nothing is parsed or copied needlessly.

import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import { Pool, FormData as UndiciForm } from 'undici'
import type { About } from './classify.ts'
import { connectorOf } from './connector.ts'
import { Exchange } from './exchange.ts'
import { AdapterFailure } from './failures.ts'
import type { HttpClient, HttpClientOptions, HttpRequest, HttpResponse, SystemHttpClient } from './http.ts'
import { dialGuard, guardedLookup, originOf } from './origins.ts'

const MEBIBYTE = 1024 * 1024
/** Shorter than common servers', so that a request rarely meets a connection just being closed. */
const KEEP_ALIVE_MS = 4_000

/** @throws AdapterFailure 'unrecognised' when an address is not an http(s) URL or may never be dialled */
export function createHttpClient(options: HttpClientOptions): SystemHttpClient {
  const { timeoutMs, maxBytes = MEBIBYTE } = options
  const pools = openPools(options)
  const base = options.baseUrl === undefined ? undefined : new URL(options.baseUrl)
  const basePath = base?.pathname.replace(/\/$/, '') ?? ''
  const basePool = base && pools.get(base.origin)

  const locate = (url: string): { pool: Pool; path: string } => {
    if (url.startsWith('/') && basePool) return { pool: basePool, path: basePath + url }
    const origin = originOf(url)
    const pool = pools.get(origin)
    if (!pool)
      throw new AdapterFailure('unrecognised', `The origin ${origin} is not registered for this system`, {
        sent: false,
      })
    const { pathname, search } = new URL(url)
    return { pool, path: pathname + search }
  }

  const request = (signal: AbortSignal, asked: HttpRequest) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const { pool, path } = locate(asked.url)
      const about: About = { method: asked.method, path: withoutQuery(path) }
      if (signal.aborted)
        return reject(
          new AdapterFailure('unavailable', `${about.method} ${about.path} was not sent (ABORTED)`, {
            sent: false,
          }),
        )
      const exchange = new Exchange(
        {
          about,
          maxBytes: asked.maxBytes ?? maxBytes,
          accept: asked.accept,
          charset: asked.charset ?? 'utf-8',
          signal,
        },
        resolve,
        reject,
      )
      pool.dispatch(
        {
          method: asked.method,
          path: asked.query ? withQuery(path, asked.query) : path,
          headers: asked.headers ?? null,
          body: bodyOf(asked.body),
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
        },
        exchange,
      )
    })

  const target: HttpClient['target'] = ({ url, query }) => {
    const { path } = locate(url)
    return query ? withQuery(path, query) : path
  }

  return {
    forAttempt: (signal) => ({ request: (asked) => request(signal, asked), target }),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

function openPools(options: HttpClientOptions): Map<string, Pool> {
  const mayDial = dialGuard(options.allowedNetworks)
  const pools = new Map<string, Pool>()
  const addresses = [
    ...(options.allowedOrigins ?? []),
    ...(options.baseUrl === undefined ? [] : [options.baseUrl]),
  ]
  for (const origin of new Set(addresses.map(originOf))) {
    const host = new URL(origin).hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) && !mayDial(host))
      throw new AdapterFailure('unrecognised', `The address ${host} may not be dialled`, { sent: false })
    pools.set(
      origin,
      new Pool(origin, {
        connections: options.connections,
        pipelining: 1,
        allowH2: false,
        keepAliveTimeout: KEEP_ALIVE_MS,
        keepAliveMaxTimeout: KEEP_ALIVE_MS,
        connect: connectorOf({ timeout: options.timeoutMs, lookup: guardedLookup(mayDial), ...options.tls }),
      }),
    )
  }
  return pools
}

function withoutQuery(path: string): string {
  const at = path.indexOf('?')
  return at === -1 ? path : path.slice(0, at)
}

export function withQuery(path: string, query: NonNullable<HttpRequest['query']>): string {
  let separator = path.includes('?') ? '&' : '?'
  let full = path
  for (const name in query) {
    const value = query[name]
    if (value === undefined) continue
    full += `${separator}${encodeURIComponent(name)}=${encodeURIComponent(value)}`
    separator = '&'
  }
  return full
}

type SentBody = string | Buffer | Readable | UndiciForm | null

function bodyOf(body: HttpRequest['body']): SentBody {
  if (body === undefined) return null
  if (typeof body === 'string' || Buffer.isBuffer(body) || body instanceof Readable) return body
  const form = new UndiciForm()
  for (const [name, value] of body.entries()) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, value.name)
  }
  return form
}
