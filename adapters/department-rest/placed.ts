// A proof that travels in the query or among the members of the body: stamped before the request is written, signed, and
// completed by its signature. Where a request has no body, as a look-up by GET, what belongs there travels in the query.
// Must not know how a signature is made.

import { isRecord } from '../../src/adapter-kit/loose-json.ts'
import { type HmacScheme, hmacProof, type Names, named } from '../../src/adapter-kit/signing.ts'
import type { Body } from './bodies/body.ts'
import { unfit } from './bodies/unfit.ts'
import type { Speech } from './dialect.ts'

/** What the signature needs of a request that is stamped already. */
interface Written {
  target: string
  body: Body | undefined
  bytes: Buffer
  bodyHash?: string
}

/** The request with its proof, all of it. @param write how it goes over the wire */
export type Place = (speech: Speech, at: Date, write: (speech: Speech) => Promise<Written>) => Promise<Speech>

/** Undefined for a scheme whose proof is in headers alone. */
export function placerOf(scheme: HmacScheme): Place | undefined {
  if (!scheme.query && !scheme.body) return undefined
  const { stamp, signature, headers } = hmacProof(scheme)
  const put = (speech: Speech, values: Parameters<typeof named>[1]): Speech =>
    inBody(inQuery(speech, named(scheme.query, values)), scheme.body, values)
  return async (speech, at, write) => {
    const stamps = stamp(at)
    const stamped = put(speech, stamps)
    const { target, body, bytes, bodyHash } = await write(stamped)
    const request = {
      method: speech.method,
      target,
      body: bytes,
      contentType: body?.type,
      at,
      ...(bodyHash === undefined ? {} : { bodyHash }),
    }
    const signed = signature(request, stamps)
    return {
      ...put(stamped, { signature: signed }),
      headers: { ...headers(request, stamps, signed), ...speech.headers },
    }
  }
}

function inQuery(speech: Speech, values: Record<string, string>): Speech {
  const pairs = Object.entries(values).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  if (pairs.length === 0) return speech
  const path = `${speech.path}${speech.path.includes('?') ? '&' : '?'}${pairs.join('&')}`
  return { ...speech, path }
}

function inBody(speech: Speech, names: Names | undefined, values: Parameters<typeof named>[1]): Speech {
  const members = named(names, values)
  if (Object.keys(members).length === 0) return speech
  const { body, as = 'json' } = speech
  if (body === undefined) return inQuery(speech, members)
  const [root, ...others] = as === 'xml' && isRecord(body) ? Object.entries(body) : []
  if (root && others.length === 0 && isRecord(root[1]))
    return { ...speech, body: { [root[0]]: { ...root[1], ...members } } }
  const fits = as === 'json' || as === 'form' || as === 'multipart'
  if (!fits || !isRecord(body))
    throw unfit(
      'signing.body：正文须为 JSON 对象、表单或一层元素的 XML (the proof needs a body that is a JSON object, a form, or XML of one level)',
    )
  return { ...speech, body: { ...body, ...members } }
}
