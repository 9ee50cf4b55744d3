// The platform's own signature of a callback, wherever it travels: stamped, signed, completed by its signature. Must not
// know what is told.

import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { type HmacScheme, hmacProof, named, signatureScheme } from '../../src/adapter-kit/signing.ts'
import { below, wrongSetting } from '../../src/adapter-kit/wrong-setting.ts'
import type { Written } from './own-message.ts'
import type { Rendered } from './render.ts'
import type { CallbackSettings } from './settings.ts'

interface SignedCallback extends Rendered {
  url: string
  headers: Record<string, string>
}

/** @throws AdapterFailure 'unrecognised' for a signature that makes no sense, or has no place in the message */
export function callbackSigner(
  settings: CallbackSettings,
): (write: Written, attempt: Pick<Attempt, 'http' | 'now'>) => SignedCallback {
  const { url, signing, message } = settings
  if (!signing) return (write) => ({ url, headers: {}, ...write() })
  const { scheme: name = 'hmac', ...own } = signing
  const carries = message && (message.format !== 'xml' || message.formField !== undefined)
  if (own.body && !carries)
    throw wrongSetting(
      'callbacks.signing.body',
      '只能放入 JSON 或表单的 callbacks.message (goes into a callbacks.message of JSON or a form only)',
      'headers: { timestamp: X-Timestamp, signature: X-Sign }',
    )
  return below('callbacks.signing', () =>
    signerOf(url, signatureScheme(name, own, { charset: message?.charset })),
  )
}

function signerOf(
  url: string,
  scheme: HmacScheme,
): (write: Written, attempt: Pick<Attempt, 'http' | 'now'>) => SignedCallback {
  const { stamp, signature, headers } = hmacProof(scheme)
  return (write, { http, now }) => {
    const at = now()
    const stamps = stamp(at)
    const stamped = withQuery(url, named(scheme.query, stamps))
    const beside = named(scheme.body, stamps)
    const written = write(beside)
    const target = http.target({ url: stamped })
    const request = { method: 'POST', target, ...written, at }
    const last = { signature: signature(request, stamps) }
    return {
      url: withQuery(stamped, named(scheme.query, last)),
      headers: headers(request, stamps, last.signature),
      ...(scheme.body?.signature ? write({ ...beside, ...named(scheme.body, last) }) : written),
    }
  }
}

function withQuery(url: string, values: Readonly<Record<string, string>>): string {
  const query = Object.entries(values)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`
}
