// HTTP statuses and connection faults, named by what happens next (failures.ts).
// The table must stay pessimistic: 'unavailable, not sent' only where no byte can have left.

import { errors } from 'undici'
import { AdapterFailure, type FailureKind, type FailureOptions } from './failures.ts'

/** What a failure is about; `path` without query, since queries hold personal data. */
export interface About {
  method: string
  path: string
}

type Headers = Record<string, string | string[] | undefined>

/** The failure of a status, or undefined when the answer may be read. */
export function statusFailure(
  about: About,
  status: number,
  headers: Headers,
  accept: readonly number[] | undefined,
): AdapterFailure | undefined {
  if ((status >= 200 && status < 300) || accept?.includes(status)) return undefined
  const kind = kindOfStatus(status)
  const options: FailureOptions = { status }
  if (kind === 'throttled' || status === 503) {
    const retryAfterMs = retryAfter(headers, Date.now())
    if (retryAfterMs !== undefined) options.retryAfterMs = retryAfterMs
  }
  return new AdapterFailure(kind, summary(about, `answered ${status}`), options)
}

function kindOfStatus(status: number): FailureKind {
  if (status === 401 || status === 403) return 'unauthorised'
  if (status === 429) return 'throttled'
  if (status === 408 || status === 502 || status === 504) return 'uncertain'
  if (status >= 500 && status < 600) return 'unavailable'
  if (status >= 400 && status < 500) return 'rejected'
  return 'unrecognised'
}

const LONGEST_WAIT_MS = 24 * 3600 * 1000

/** RFC 9110 Retry-After in ms: seconds, or a date measured against the answer's own Date. */
export function retryAfter(headers: Headers, nowMs: number): number | undefined {
  const value = headers['retry-after']
  if (typeof value !== 'string') return undefined
  if (/^\s*\d+\s*$/.test(value)) return Math.min(Number(value) * 1000, LONGEST_WAIT_MS)
  const until = Date.parse(value)
  if (Number.isNaN(until)) return undefined
  const theirs = typeof headers.date === 'string' ? Date.parse(headers.date) : Number.NaN
  return Math.min(Math.max(until - (Number.isNaN(theirs) ? nowMs : theirs), 0), LONGEST_WAIT_MS)
}

/**
 * TLS alerts that refuse a client's certificate (RFC 8446, 6.2: 41 to 46, 48, 49, 116), as OpenSSL names
 * them. In TLS 1.3 they come only after our side of the handshake is done and the request is under way; but
 * whoever sends one never finished its own (or, asking later, has not let the request pass), so the request
 * had no effect.
 */
export const refusesCertificate = (code: string): boolean =>
  /^ERR_SSL_.*_ALERT_(?:NO_CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN|REQUIRED)|UNKNOWN_CA|ACCESS_DENIED)$/.test(
    code,
  )

/** @param started whether the request had been handed to a connection */
export function connectionFailure(about: About, error: Error, started: boolean): AdapterFailure {
  if (error instanceof AdapterFailure) return error
  const code = codeOf(error)
  if (refusesCertificate(code)) {
    return new AdapterFailure(
      'unauthorised',
      summary(
        about,
        `was refused with our certificate (${code}): absent, ended, revoked or of an unknown authority`,
      ),
      { sent: false, cause: error },
    )
  }
  if (!started) {
    return new AdapterFailure('unavailable', summary(about, `was not sent (${code})`), {
      sent: false,
      cause: error,
    })
  }
  if (notHttp(error)) {
    return new AdapterFailure(
      'unrecognised',
      summary(about, `answered something that is not HTTP (${code})`),
      { cause: error },
    )
  }
  return new AdapterFailure('uncertain', summary(about, `got no whole answer (${code})`), { cause: error })
}

export function unrecognised(about: About, what: string, status: number): AdapterFailure {
  return new AdapterFailure('unrecognised', summary(about, what), { status })
}

export function summary(about: About, what: string): string {
  return `${about.method} ${about.path} ${what}`
}

/** A cut answer is not garbage: the parser's end-of-input errors mean that the connection closed. */
function notHttp(error: Error): boolean {
  if (error instanceof errors.HeadersOverflowError) return true
  return error instanceof errors.HTTPParserError && !/EOF|CLOSED/.test(codeOf(error))
}

function codeOf(error: Error): string {
  const code = (error as { code?: unknown }).code
  if (typeof code === 'string') return code
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  return inner instanceof Error ? codeOf(inner) : error.name
}
