// Chooses the kit's signing scheme by the settings. Must not keep a secret anywhere but inside the scheme.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import {
  basic,
  bearer,
  type HmacScheme,
  hmacSigner,
  hmacVerifier,
  type Signable,
  signedForms,
  standardWebhooks,
  type Verifier,
} from '../../src/adapter-kit/signing.ts'
import type { DepartmentSettings, SigningSettings } from './settings.ts'

export interface Signing {
  /** `id` is the message's id where the scheme signs one. */
  sign(request: Signable, id: string): Record<string, string>
  verify: Verifier
}

/** @throws AdapterFailure 'unrecognised' when the scheme lacks what it needs */
export function signingOf({ signing = {}, preset }: DepartmentSettings): Signing {
  const scheme = signing.scheme ?? preset ?? 'none'
  if (scheme === 'none') return { sign: () => ({}), verify: () => {} }
  const secrets = [
    needed(signing.secret, 'secret'),
    ...(signing.previousSecret ? [signing.previousSecret] : []),
  ]
  if (scheme === 'bearer') return bearer(secrets)
  if (scheme === 'basic') return basic(needed(signing.key, 'key'), secrets[0] ?? '')
  if (scheme === 'standard-webhooks') return webhooks(secrets)
  const hmac = hmacScheme(scheme, signing, secrets)
  return { sign: hmacSigner(hmac), verify: hmacVerifier(hmac) }
}

function webhooks(secrets: readonly string[]): Signing {
  const scheme = standardWebhooks(secrets)
  return {
    sign: ({ at, body }, id) => scheme.sign(id, at, body),
    verify: (message) => {
      scheme.verify(message)
    },
  }
}

function hmacScheme(
  name: keyof typeof signedForms | 'hmac',
  given: SigningSettings,
  secrets: readonly string[],
): HmacScheme {
  const form = name === 'hmac' ? signedForms.house : signedForms[name]
  const { algorithm, digest, encoding, time, canonical } = { ...form, ...given }
  return {
    ...form,
    algorithm,
    digest,
    encoding,
    time,
    canonical,
    headers: { ...form.headers, ...given.headers },
    key: needed(given.key, 'key'),
    secrets,
  }
}

function needed(value: string | undefined, name: string): string {
  if (value) return value
  throw new AdapterFailure('unrecognised', `signing.${name} 缺失 (is missing)`, { sent: false })
}
