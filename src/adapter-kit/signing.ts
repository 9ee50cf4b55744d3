// The signing schemes an adapter may choose from, in one place to import.

export { basic } from './signing/basic.ts'
export { bearer } from './signing/bearer.ts'
export { placeholders, type Stamps } from './signing/canonical.ts'
export { type Names, named } from './signing/carried.ts'
export { type HmacScheme, hmacProof, hmacSigner, hmacVerifier } from './signing/hmac.ts'
export { type Digest, digests } from './signing/keyed-hash.ts'
export { type ClientCredentials, clientCredentials, type TokenSource } from './signing/oauth2.ts'
export type { SortedForm } from './signing/parameters.ts'
export type { Signable, Signer, Verifier } from './signing/scheme.ts'
export {
  type SignatureSettings,
  signatureProperties,
  signatureScheme,
} from './signing/signature-settings.ts'
export { type SignedForm, signedForms } from './signing/signed-forms.ts'
export { smCanonical, smPlaceholders } from './signing/sm-canonical.ts'
export {
  type SmEnvelope,
  type SmEnvelopeForm,
  type SmEnvelopeOptions,
  smEnvelope,
} from './signing/sm-envelope.ts'
export { sm2Signer, sm2Verifier } from './signing/sm2.ts'
export { sm4, sm4KeyOf } from './signing/sm4.ts'
export { type StandardWebhooks, standardWebhooks, type WebhookDigest } from './signing/standard-webhooks.ts'
export { type SignedTime, signedTimes } from './signing/times.ts'
export type { TokenForm } from './signing/token-form.ts'
