// One signed request with a JSON body: what every small JSON protocol does to be asked. What is asked and what the answer
// means is the adapter's.

import type { Attempt } from './contract.ts'
import type { HttpResponse } from './http.ts'
import type { Signer } from './signing/scheme.ts'

export interface JsonCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below baseUrl, with query. */
  path: string
  /** Sent as JSON; none when undefined. */
  body?: unknown
}

/** The attempt's key goes along as `Idempotency-Key`, the same however often it is sent. */
export function callJson(
  attempt: Attempt,
  { method, path, body }: JsonCall,
  sign: Signer,
): Promise<HttpResponse> {
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body))
  const target = attempt.http.target({ url: path })
  const headers = {
    ...sign({ method, target, body: bytes, at: attempt.now() }),
    'idempotency-key': attempt.key,
  }
  if (body === undefined) return attempt.http.request({ method, url: path, headers })
  const typed = { ...headers, 'content-type': 'application/json; charset=utf-8' }
  return attempt.http.request({ method, url: path, headers: typed, body: bytes })
}
