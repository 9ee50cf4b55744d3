// The signing schemes an adapter may choose from, in one place to import.

export { basic } from './signing/basic.ts'
export { bearer } from './signing/bearer.ts'
export { type HmacScheme, hmacSigner, hmacVerifier, signedForms } from './signing/hmac.ts'
export type { Signable, Signer, Verifier } from './signing/scheme.ts'
export { type StandardWebhooks, standardWebhooks } from './signing/standard-webhooks.ts'
