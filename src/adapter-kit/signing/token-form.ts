// How a token is asked for and shown where that is not as RFC 6749 has it: other names, JSON or a query, a token
// somewhere inside the answer, a header of its own. Pure.

import { AdapterFailure } from '../failures.ts'
import type { HttpRequest } from '../http.ts'
import { unknownPlaceholder } from './canonical.ts'

export interface TokenForm {
  /** How the fields travel; default `form`. */
  as?: 'form' | 'json' | 'query'
  /** All that is sent, with `{key}` and `{secret}` filled in. */
  fields: Readonly<Record<string, string>>
  /** Where the answer holds it, dotted; default access_token and expires_in. */
  answer?: { token?: string; seconds?: string }
}

/** @throws AdapterFailure 'unrecognised' for a placeholder that would be sent as it stands */
export function checkFields({ fields }: TokenForm): void {
  for (const [name, text] of Object.entries(fields)) refuseOthers(`fields.${name}`, text, ['key', 'secret'])
}

/** @param where the setting @param known what its text may hold */
export function refuseOthers(where: string, text: string, known: readonly string[]): void {
  for (const [, name = ''] of text.matchAll(/\{(\w+)\}/g))
    if (!known.includes(name)) throw unknownPlaceholder(where, name, known)
}

type Credentials = { clientId: string; clientSecret: string; tokenUrl: string }

export function tokenRequest({ as = 'form', fields }: TokenForm, credentials: Credentials): HttpRequest {
  const filled = Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [name, fill(text, credentials)]),
  )
  const common = { url: credentials.tokenUrl, accept: [400] }
  const headers = { accept: 'application/json' }
  if (as === 'query') return { ...common, method: 'GET', headers, query: filled }
  const [type, body] =
    as === 'json'
      ? ['application/json', JSON.stringify(filled)]
      : ['application/x-www-form-urlencoded', new URLSearchParams(filled).toString()]
  return { ...common, method: 'POST', headers: { ...headers, 'content-type': type }, body }
}

const fill = (text: string, { clientId, clientSecret }: Credentials): string =>
  text.replaceAll(/\{(key|secret)\}/g, (_all, name) => (name === 'key' ? clientId : clientSecret))

/**
 * As RFC 6749 would have answered. @throws AdapterFailure 'unauthorised' where there is no token: nobody else tells
 * how such an endpoint refuses
 */
export function tokenIn(answer: unknown, { answer: at = {} }: TokenForm): Record<string, unknown> {
  const { token = 'access_token', seconds = 'expires_in' } = at
  const access_token = memberOf(answer, token)
  if (typeof access_token === 'string' && access_token !== '')
    return { access_token, expires_in: memberOf(answer, seconds) }
  throw new AdapterFailure(
    'unauthorised',
    `令牌服务的应答中没有 ${token}：多为凭证被拒，也可能是 token.answer 写错 (its answer holds no ${token}: mostly the client was refused, or token.answer is wrong)`,
  )
}

const memberOf = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (found, name) =>
        typeof found === 'object' && found !== null && Object.hasOwn(found, name)
          ? (found as Record<string, unknown>)[name]
          : undefined,
      value,
    )

/** What a rehearsal pretends that such an endpoint answers. */
export function madeUpAnswer({ answer: { token = 'access_token' } = {} }: TokenForm): string {
  const nested = token
    .split('.')
    .reduceRight<unknown>((inner, name) => ({ [name]: inner }), 'pretended-token')
  return JSON.stringify(nested)
}
