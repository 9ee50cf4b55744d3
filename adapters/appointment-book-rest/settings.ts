// The settings of a booking system, and what holds where they are silent.

import type { TlsOptions } from '../../src/adapter-kit/http.ts'
import { type HmacScheme, type SignedForm, signedForms } from '../../src/adapter-kit/signing.ts'
import type { Means } from './codes.ts'

/** `settings:` of a system whose adapter is appointment-book-rest. */
export interface BookSettings {
  baseUrl: string
  /** Given to the connection by the kit. */
  tls?: TlsOptions
  key: string
  secret: string
  /** How requests are signed; the house form by default. */
  form?: keyof typeof signedForms
  /** The code of our matter -> the system's own item. Without a row: the matter's taskCode, or else its code. */
  items?: Readonly<Record<string, string>>
  /** Codes beside those of codes.ts, or instead of them. */
  codes?: readonly { code: string; means: Means }[]
}

export const itemOf = ({ items = {} }: BookSettings, matter: { code: string; taskCode?: string }): string =>
  (Object.hasOwn(items, matter.code) ? items[matter.code] : undefined) ?? matter.taskCode ?? matter.code

export function schemeOf({ key, secret, form = 'house' }: BookSettings): HmacScheme {
  const known: Readonly<Record<string, SignedForm>> = signedForms
  return { ...known[form]!, key, secrets: [secret] }
}
