// The signing schemes an adapter may choose from, in one place to import.

export { basic } from './signing/basic.ts'
export { bearer } from './signing/bearer.ts'
export { type HmacScheme, hmacSigner, hmacVerifier, signedForms } from './signing/hmac.ts'
export { type ClientCredentials, clientCredentials, type TokenSource } from './signing/oauth2.ts'
export type { Signable, Signer, Verifier } from './signing/scheme.ts'
export { type SmEnvelope, type SmEnvelopeOptions, smCanonical, smEnvelope } from './signing/sm-envelope.ts'
export { sm2Signer, sm2Verifier } from './signing/sm2.ts'
export { sm4, sm4KeyOf } from './signing/sm4.ts'
export { type StandardWebhooks, standardWebhooks } from './signing/standard-webhooks.ts'
