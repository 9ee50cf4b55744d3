// The only way out of an adapter, as types: what it may ask and what it gets.
// How it is done is in http-client.ts; no adapter imports undici.

import type { Readable } from 'node:stream'

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /**
   * Absolute (of a registered origin), or starting with '/': then appended to the client's base URL, whose
   * path it keeps.
   */
  url: string
  headers?: Record<string, string>
  query?: Record<string, string | number | boolean | undefined>
  body?: string | Buffer | Readable | FormData
  /** Largest answer read, bytes. Default 1 MiB. */
  maxBytes?: number
  /** Statuses that are answers to be read, beside 2xx (e.g. [404, 409]). */
  accept?: number[]
  /** Charset of the answer when its Content-Type does not say; default utf-8. */
  charset?: Charset
  /** Set where it only asks for a token: what a rehearsal pretends to be answered. */
  forToken?: string
}

export type Charset = 'utf-8' | 'gbk' | 'gb18030'

export interface HttpResponse {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  /**
   * Decoded by the charset of Content-Type (UTF-8, GBK, GB18030), else by the system's own; where neither
   * fits 'unrecognised'.
   */
  text(): string
  /** Parsed JSON; HTML or broken JSON is AdapterFailure 'unrecognised'. */
  json(): unknown
}

export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>
  /**
   * Path with query as `request` will send it, for signatures that cover it.
   * The same `url` and `query` must then be given to `request`.
   */
  target(request: Pick<HttpRequest, 'url' | 'query'>): string
}

/** One per configured system. */
export interface HttpClientOptions {
  /** Where relative URLs go; its origin is registered by that. */
  baseUrl?: string
  /** Longest wait for a connection, for the answer's headers, and between pieces of its body, ms. */
  timeoutMs: number
  /** Largest answer read when the request does not say, bytes; default 1 MiB. */
  maxBytes?: number
  /** Further origins (scheme, host, port) it may call; anything else is refused before it is sent. */
  allowedOrigins?: readonly string[]
  /** CIDR ranges the dialled address must be in; absent, any but link-local and metadata addresses. */
  allowedNetworks?: readonly string[]
  /** Connections at once, per origin: the system's concurrency. */
  connections: number
  tls?: TlsOptions
}

export interface TlsOptions {
  /** PEM of the only authorities trusted. */
  ca?: string | string[]
  /** PEM of our certificate and key, for mutual TLS. */
  cert?: string
  key?: string
  passphrase?: string
  servername?: string
}

export interface SystemHttpClient {
  /** The client of one attempt: everything it does ends when the signal aborts. */
  forAttempt(signal: AbortSignal): HttpClient
  /** Ends the connections; what is still under way fails. */
  close(): Promise<void>
}

export { createHttpClient } from './http-client.ts'
