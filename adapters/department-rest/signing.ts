// Chooses the kit's signing scheme by the settings. Must not keep a secret anywhere but inside the scheme.

import type { Attempt } from '../../src/adapter-kit/contract.ts'
import {
  basic,
  bearer,
  clientCredentials,
  type Digest,
  type HmacScheme,
  hmacSigner,
  hmacVerifier,
  type Signable,
  type SmEnvelope,
  signatureScheme,
  smEnvelope,
  standardWebhooks,
  type TokenSource,
  type Verifier,
} from '../../src/adapter-kit/signing.ts'
import { below, wrongSetting } from '../../src/adapter-kit/wrong-setting.ts'
import { unfit } from './bodies/unfit.ts'
import type { Maybe } from './dialect.ts'
import { type Place, placerOf } from './placed.ts'
import type { DepartmentSettings, SigningSettings } from './settings.ts'

export interface Signing {
  /** Headers that prove who sends; a new object each time. */
  sign(request: Signable, attempt: Attempt): Maybe<Record<string, string>>
  /** Absent: the scheme proves nothing of those who send to us. */
  verify?: Verifier
  /** Set where new headers can be made once these were refused, by 401 or by a code. */
  refused?(headers: Readonly<Record<string, string>>): void
  /** Hash of the body that the signature needs. */
  bodyDigest?: Digest
  /** The proof travels in query or body: it is laid into the request before that is written. */
  place?: Place
  /** Members of a message that are others with every try. */
  proof?: readonly string[]
  /** Bodies travel sealed, both ways. */
  envelope?: SmEnvelope
  /** Answers that are not sealed are trusted. */
  plainAnswers?: boolean
}

/**
 * @param where the setting that says it
 * @throws AdapterFailure 'unrecognised' when the scheme lacks what it needs
 */
export function signingOf(
  signing: SigningSettings | undefined,
  settings: DepartmentSettings,
  where = 'signing',
): Signing {
  return below(where, () => schemeOf(signing ?? {}, settings))
}

function schemeOf(signing: SigningSettings, settings: DepartmentSettings): Signing {
  const { token, ...own } = signing
  if (!token) return proofOf(own, settings)
  if (own.scheme === 'oauth2')
    throw wrongSetting(
      'token',
      'oauth2 本身就是令牌，二者只能取一 (oauth2 is a token itself: take one of the two)',
      'scheme: none',
    )
  return withToken(
    proofOf(own, settings),
    below('token', () => tokensOf(own, token)),
  )
}

/** Both travel: a signature by its scheme, and a token in a header. */
function withToken(proof: Signing, tokens: TokenSource): Signing {
  return {
    ...proof,
    sign: async (request, attempt) => ({
      ...(await proof.sign(request, attempt)),
      ...(await tokens.authorise(attempt)),
    }),
    refused: tokens.refused,
  }
}

function tokensOf(signing: SigningSettings, token: NonNullable<SigningSettings['token']>): TokenSource {
  const { url, fields, as, answer, header, value, marginSeconds } = token
  if (!fields && (as || answer))
    throw wrongSetting(
      'fields',
      '缺失：as 与 answer 须与 fields 合用 (is missing: as and answer go with fields)',
      'fields: { appId: "{key}", appSecret: "{secret}" }',
    )
  return clientCredentials({
    tokenUrl: url,
    clientId: needed(token.key ?? signing.key, 'key'),
    clientSecret: needed(token.secret ?? signing.secret, 'secret'),
    header: { ...(header ? { name: header } : {}), ...(value ? { value } : {}) },
    ...(fields ? { form: { fields, ...(as ? { as } : {}), ...(answer ? { answer } : {}) } } : {}),
    ...(marginSeconds === undefined ? {} : { marginMs: marginSeconds * 1000 }),
  })
}

function proofOf(signing: SigningSettings, settings: DepartmentSettings): Signing {
  const { preset } = settings
  const scheme = signing.scheme ?? (preset === 'house' ? 'house' : 'none')
  if (scheme === 'none') return { sign: () => ({ ...signing.constant }) }
  if (scheme === 'oauth2') return oauth2(signing)
  const secret = needed(signing.secret, 'secret')
  if (scheme === 'sm2-sm4') return sealing(signing, secret)
  const secrets = [secret, ...(signing.previousSecret ? [signing.previousSecret] : [])]
  if (scheme === 'bearer') return { ...bearer(secrets) }
  if (scheme === 'basic') return { ...basic(needed(signing.key, 'key'), secret) }
  if (scheme === 'standard-webhooks') return webhooks(secrets, webhookDigest(signing))
  const { charset, utcOffset: offset } = settings
  return hmacSigning(signatureScheme(scheme, signing, { charset, offset }))
}

function hmacSigning(scheme: HmacScheme): Signing {
  const place = placerOf(scheme)
  const hashes = scheme.canonical.includes('{bodyHash}') || scheme.headers.bodyHash
  return {
    ...(place ? { place, sign: () => ({}) } : { sign: hmacSigner(scheme) }),
    verify: hmacVerifier(scheme),
    proof: Object.values(scheme.body ?? {}),
    ...(hashes ? { bodyDigest: scheme.bodyHash?.digest ?? scheme.digest } : {}),
  }
}

/** Who proves themselves to us: by a scheme of their own, or as we do to them. Undefined: nobody can. */
export function incomingSigning(ours: Signing, settings: DepartmentSettings): Signing | undefined {
  const { incoming } = settings
  const signing = incoming?.signing ? signingOf(incoming.signing, settings, 'incoming.signing') : ours
  if (incoming?.verify === false) return { ...signing, verify: () => {} }
  return signing.verify || signing.envelope ? signing : undefined
}

function oauth2({
  key,
  secret,
  tokenUrl,
  clientAuthentication,
  scope,
  resource,
  marginSeconds,
}: SigningSettings): Signing {
  const tokens = clientCredentials({
    tokenUrl: needed(tokenUrl, 'tokenUrl'),
    clientId: needed(key, 'key'),
    clientSecret: needed(secret, 'secret'),
    ...(clientAuthentication ? { method: clientAuthentication } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(resource === undefined ? {} : { resource }),
    ...(marginSeconds === undefined ? {} : { marginMs: marginSeconds * 1000 }),
  })
  return { sign: (_request, attempt) => tokens.authorise(attempt), refused: tokens.refused }
}

function sealing(signing: SigningSettings, secret: string): Signing {
  const { envelope = {}, windowSeconds, time } = signing
  const { plainAnswers = false, privateKey, peerPublicKey, ...rest } = envelope
  const keys = {
    key: needed(signing.key, 'key'),
    privateKey: needed(privateKey, 'envelope.privateKey'),
    peerPublicKey: needed(peerPublicKey, 'envelope.peerPublicKey'),
  }
  const sealed = {
    ...rest,
    ...keys,
    secret,
    ...(time === undefined ? {} : { time }),
    ...(windowSeconds === undefined ? {} : { windowMs: windowSeconds * 1000 }),
  }
  return {
    sign: () => ({ ...signing.constant }),
    plainAnswers,
    proof: [envelope.members?.timestamp ?? 'timestamp'],
    envelope: below('envelope', () => smEnvelope(sealed)),
  }
}

/** `digest: sm3` signs as `v1sm3`; a `whsk_` secret signs as `v1a`, and their `whpk_` proves them. */
function webhooks(secrets: readonly string[], digest: 'sha256' | 'sm3'): Signing {
  const scheme = standardWebhooks(secrets, { digest })
  return {
    sign: ({ at, body, bodyHash }, attempt) => {
      if (bodyHash !== undefined) throw unfit('standard-webhooks 与 multipart 不能合用 (do not go together)')
      return scheme.sign(attempt.key, at, body)
    },
    verify: (message) => {
      scheme.verify(message)
    },
    bodyDigest: 'sha256',
  }
}

function needed(value: string | undefined, name: string): string {
  if (value) return value
  throw wrongSetting(name, '缺失 (is missing)', examples[name])
}

const examples: Readonly<Record<string, string>> = {
  key: 'key: tongban',
  secret: 'secret: { env: DEPARTMENT_SECRET }',
  tokenUrl: 'tokenUrl: https://department.example/oauth2/token',
  'envelope.privateKey': 'privateKey: { env: DEPARTMENT_SM2_KEY }',
  'envelope.peerPublicKey': 'peerPublicKey: "04…" (65 bytes in hex)',
}

/** The standard has SHA-256; SM3 is for departments that ask for national algorithms. */
function webhookDigest({ digest = 'sha256' }: SigningSettings): 'sha256' | 'sm3' {
  if (digest === 'sha256' || digest === 'sm3') return digest
  throw wrongSetting(
    'digest',
    `standard-webhooks 只支持 sha256 与 sm3 (has no ${digest}: only sha256 and sm3)`,
    'digest: sha256',
  )
}
