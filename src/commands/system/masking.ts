// What may be shown of a request: everything but secrets, whatever proves who we are, and (where asked) persons.

import { guisesOf } from '../../adapter-kit/secrets.ts'

export type Mask = (text: string) => string

const HIDDEN = '***'

/**
 * Hides secrets in every guise (plain, percent-encoded, in JSON, in XML, Base64, hex), at the price of other
 * text when one is very short.
 */
export function secretMask(secrets: readonly string[]): Mask {
  const guises = secrets
    .filter((secret) => secret !== '')
    .flatMap(guisesOf)
    .sort((a, b) => b.length - a.length)
  return (text) => guises.reduce((rest, guise) => rest.replaceAll(guise, HIDDEN), text)
}

/** Ends of names, however they are written: X-BG-HMAC-SIGNATURE, msgDigest, data_digest, app_secret. */
const proving =
  /(?:signature|digest|token|password|secret|authorization|cookie|nonce|hmac)(?:data|value|info)?$/
/** Whole words only, because others end so too: `design`, `webmac`. */
const provingWords = new Set(['sign', 'mac', 'pwd'])

/** Whether a header, member or field of this name proves who we are, or differs from try to try by its nature. */
export function proves(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  const whole = words.join('').replace(/sign(?=(?:data|value|info)$)/, 'signature')
  return proving.test(whole) || provingWords.has(words.at(-1) ?? '')
}

export type Proves = typeof proves

/** The same, and of names that settings themselves give to signatures, nonces and a token's header (`headers: { signature: X-Check }`). */
export function provesFor(...settings: unknown[]): Proves {
  const given = new Set(settings.flatMap(namesGiven))
  return (name) => given.has(name.toLowerCase()) || proves(name)
}

/** Members of settings that name where a proof travels. */
const naming = new Set(['signature', 'nonce', 'header'])

function namesGiven(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null) return []
  return Object.entries(settings).flatMap(([key, value]) =>
    naming.has(key) && typeof value === 'string' ? [value.toLowerCase()] : namesGiven(value),
  )
}

/** The length is told, because a signature of the wrong length is a common fault. */
export const hiddenValue = (value: string): string => `${HIDDEN} (${value.length} characters)`

/**
 * Hides persons, the same value always under the same number, so that a difference stays visible; and whatever looks like
 * an identity number or a mobile number, or is a long run of Base64.
 */
export function personMask(persons: readonly string[]): Mask {
  const known = [...new Set(persons)].filter((value) => value.length > 1).sort((a, b) => b.length - a.length)
  const numbers = new Map(known.map((value, index) => [value, index + 1]))
  return (text) => {
    let rest = text
    for (const value of known)
      for (const guise of new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]))
        rest = rest.replaceAll(guise, `‹person ${numbers.get(value)}›`)
    return rest
      .replace(/(?<!\d)\d{17}[\dXx](?!\d)/g, '‹id number›')
      .replace(/(?<!\d)1[3-9]\d{9}(?!\d)/g, '‹mobile›')
      .replace(/[A-Za-z0-9+/]{200,}={0,2}/g, (run) => `‹${run.length} characters of Base64›`)
  }
}
