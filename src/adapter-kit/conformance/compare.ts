// Whether what was found is what a sample wants: exactly, but for members that are "<any>".

import { charsetOf, decode } from '../charset.ts'
import { isRecord } from '../loose-json.ts'
import type { WantedRequest } from './sample.ts'
import type { ReceivedRequest } from './server.ts'

const ANY = '<any>'

/** The wanted value with each "<any>" replaced by what was found there, so that a plain comparison shows the rest. */
export function fitted(wanted: unknown, found: unknown): unknown {
  if (wanted === ANY && found !== undefined && found !== null && found !== '') return found
  if (Array.isArray(wanted))
    return wanted.map((one, index) => fitted(one, Array.isArray(found) ? found[index] : undefined))
  if (isRecord(wanted)) {
    return Object.fromEntries(
      Object.entries(wanted).map(([name, one]) => [
        name,
        fitted(one, isRecord(found) ? found[name] : undefined),
      ]),
    )
  }
  return wanted
}

/** A received request, reduced to what the sample speaks of. */
export function spokenOf(
  wanted: WantedRequest,
  found: ReceivedRequest | undefined,
): Record<string, unknown> | undefined {
  if (!found) return undefined
  const url = new URL(found.target, 'http://any')
  return {
    method: found.method,
    path: wanted.path.includes('?') ? found.target : url.pathname,
    ...(wanted.query ? { query: Object.fromEntries(url.searchParams) } : {}),
    ...(wanted.headers
      ? {
          headers: Object.fromEntries(
            Object.keys(wanted.headers).map((name) => [name, found.headers[name.toLowerCase()]]),
          ),
        }
      : {}),
    ...('body' in wanted ? { body: readBody(wanted.body, found) } : {}),
  }
}

function readBody(wanted: unknown, { headers, body }: ReceivedRequest): unknown {
  const charset = charsetOf(headers['content-type']) ?? 'utf-8'
  const text = decode(body, charset) ?? body.toString('latin1')
  if (typeof wanted === 'string') return text
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
