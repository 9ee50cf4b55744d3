// OAuth 2.0 client credentials (RFC 6749, section 4.4): a token is asked for once and kept until shortly before it ends.
// The only scheme that keeps anything: its token, in memory, for as long as the adapter lives. It never dials by itself.

import type { Attempt } from '../contract.ts'
import { AdapterFailure } from '../failures.ts'
import type { HttpRequest } from '../http.ts'
import {
  checkFields,
  madeUpAnswer,
  refuseOthers,
  type TokenForm,
  tokenIn,
  tokenRequest,
} from './token-form.ts'

export interface ClientCredentials {
  /** Absolute, of an origin registered for the system (`format: uri` in its settings). */
  tokenUrl: string
  clientId: string
  clientSecret: string
  /** How the client proves itself; default client_secret_basic. */
  method?: 'client_secret_basic' | 'client_secret_post'
  scope?: string
  /** RFC 8707: whom the token is for. */
  resource?: string
  /** Renewed this long before it ends, but not before half of its life; default 60 s. */
  marginMs?: number
  /** Where the endpoint does not speak as RFC 6749 has it. */
  form?: TokenForm
  /** The header that shows it; default `Authorization: Bearer {token}`. */
  header?: { name?: string; value?: string }
  /** Life of a token that does not say it; default 300 s. */
  usualLifeMs?: number
}

type TokenAttempt = Pick<Attempt, 'http' | 'signal' | 'now'>

export interface TokenSource {
  /**
   * `Authorization`, or the header that is agreed. Attempts that need a token at the same time share one request.
   * @throws AdapterFailure 'unauthorised' when the client is refused; whatever else it throws says that nothing was sent
   */
  authorise(attempt: TokenAttempt): Promise<Record<string, string>>
  /** The system refused these headers: their token is dropped, unless another came meanwhile. */
  refused(headers: Readonly<Record<string, string | undefined>>): void
}

interface Token {
  token: string
  renewAt: number
}

interface Asking {
  token: Promise<Token>
  signal: AbortSignal
}

const MARGIN_MS = 60_000
const USUAL_LIFE_MS = 300_000

export function clientCredentials(options: ClientCredentials): TokenSource {
  const { name = 'Authorization', value = 'Bearer {token}' } = options.header ?? {}
  if (options.form) checkFields(options.form)
  refuseOthers('value', value, ['token'])
  let kept: Token | undefined
  let asking: Asking | undefined

  const ask = (attempt: TokenAttempt): Asking => {
    const token = askForToken(options, attempt)
    const mine: Asking = { token, signal: attempt.signal }
    asking = mine
    token
      .then((fresh) => {
        kept = fresh
      })
      .catch(() => undefined)
      .finally(() => {
        if (asking === mine) asking = undefined
      })
    return mine
  }

  const tokenFor = async (attempt: TokenAttempt): Promise<Token> => {
    if (kept && attempt.now().getTime() < kept.renewAt) return kept
    const shared = asking ?? ask(attempt)
    try {
      return await untilStopped(shared.token, attempt.signal)
    } catch (error) {
      const leftAlone = shared.signal !== attempt.signal && shared.signal.aborted && !attempt.signal.aborted
      if (leftAlone) return tokenFor(attempt)
      throw error
    }
  }

  const shown = ({ token }: Token): string => value.replaceAll('{token}', () => token)

  return {
    authorise: async (attempt) => ({ [name]: shown(await tokenFor(attempt)) }),
    refused(headers) {
      if (kept && headers[name] === shown(kept)) kept = undefined
    },
  }
}

async function askForToken(options: ClientCredentials, attempt: TokenAttempt): Promise<Token> {
  const { form } = options
  try {
    const answer = await attempt.http.request(
      form ? { ...tokenRequest(form, options), forToken: madeUpAnswer(form) } : usualRequest(options),
    )
    const said = form ? tokenIn(answer.json(), form) : answer.json()
    return tokenOf(answer.status, said, options, attempt.now().getTime())
  } catch (error) {
    throw asUnsent(error)
  }
}

function usualRequest(options: ClientCredentials): HttpRequest {
  const { tokenUrl, method = 'client_secret_basic', scope, resource } = options
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  if (scope !== undefined) form.set('scope', scope)
  if (resource !== undefined) form.set('resource', resource)
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  }
  if (method === 'client_secret_basic') headers.Authorization = basicOf(options)
  else {
    form.set('client_id', options.clientId)
    form.set('client_secret', options.clientSecret)
  }
  return { method: 'POST', url: tokenUrl, headers, body: form.toString(), accept: [400] }
}

/** RFC 6749, 2.3.1: both parts are form-encoded first. */
function basicOf({ clientId, clientSecret }: ClientCredentials): string {
  const encoded = [clientId, clientSecret].map((text) =>
    new URLSearchParams([['', text]]).toString().slice(1),
  )
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`
}

/** RFC 6749, 5.2; some endpoints say them with status 200. */
const refusals: ReadonlySet<unknown> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
])

function tokenOf(status: number, answer: unknown, options: ClientCredentials, now: number): Token {
  const { access_token, token_type, expires_in, error } = (answer ?? {}) as Record<string, unknown>
  if (status === 400 || (!access_token && refusals.has(error)))
    throw new AdapterFailure(
      'unauthorised',
      '令牌服务拒绝了我方凭证 (the token endpoint refused our client)',
      typeof error === 'string' ? { status, code: error.slice(0, 32) } : { status },
    )
  if (typeof access_token !== 'string' || !/^[\x21-\x7e]+$/.test(access_token))
    throw new AdapterFailure('unrecognised', '令牌应答缺少 access_token (the token answer holds no token)')
  if (typeof token_type === 'string' && token_type.toLowerCase() !== 'bearer')
    throw new AdapterFailure('unrecognised', '令牌类型不是 Bearer (the token is not a bearer token)')
  const { marginMs = MARGIN_MS, usualLifeMs = USUAL_LIFE_MS } = options
  const seconds = Number(expires_in)
  const lifeMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : usualLifeMs
  return { token: access_token, renewAt: now + Math.max(lifeMs - marginMs, lifeMs / 2) }
}

/** Without a token nothing was sent to the system itself, so an unanswered token request may simply be made again. */
function asUnsent(error: unknown): unknown {
  if (!(error instanceof AdapterFailure)) return error
  const { kind, retryAfterMs, code, status } = error
  return new AdapterFailure(kind === 'uncertain' ? 'unavailable' : kind, `令牌 (token): ${error.message}`, {
    sent: false,
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
  })
}

function untilStopped<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () =>
      reject(
        new AdapterFailure('unavailable', '等待令牌时被中止 (stopped while waiting for a token)', {
          sent: false,
        }),
      )
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
