// The settings of one platform as code sees them. The schema that validates them is in settings-schema.ts.
// Must hold no secret: those are named in config/systems/*.yaml and resolved before `create`.

import type { Charset, TlsOptions } from '../../src/adapter-kit/http.ts'
import type { SignatureSettings, signedForms, WebhookDigest } from '../../src/adapter-kit/signing.ts'
import type { FieldMap } from './field-map.ts'

/** `settings:` of a system whose adapter is platform-rest. */
export interface PlatformSettings {
  /** Left out: the platform is not called back. */
  callbacks?: CallbackSettings
  /** Left out: the platform sends the canonical submission. */
  incoming?: IncomingSettings
  /** Given to the connection by the kit. */
  tls?: TlsOptions
}

export type PresetName = 'county-pinyin' | 'guangdong-sb'

export interface CallbackSettings {
  url: string
  /**
   * `whsec_<base64>` (HMAC, `v1`) or `whsk_<base64>` (Ed25519, `v1a`); while one is being rotated, the new
   * one first and the old one after it. Needed for CloudEvents.
   */
  secrets?: readonly string[]
  /** Of `whsec_` secrets; left out: sha256. `sm3` signs as `v1sm3`, `both` as both. */
  digest?: WebhookDigest
  token?: string
  /** The platform's own signature; `scheme` is a known form, left out: all is said. */
  signing?: CallbackSigning
  source?: string
  preset?: 'guangdong-sb'
  /** The platform's own form; left out: CloudEvents. */
  message?: MessageSettings
  answer?: AnswerSettings
  /** False for a platform that counts a repeated notification twice: an unanswered one then waits for a person. */
  repeatable?: boolean
}

type CallbackSigning = SignatureSettings & { scheme?: keyof typeof signedForms | 'hmac' }

/** How an event (CloudEvents members and `data`) becomes the platform's own notification. */
export interface MessageSettings {
  /** `form`: each field is one of a form. */
  format: 'json' | 'xml' | 'form'
  charset?: Charset
  /** Without charset; left out: as the format says. */
  contentType?: string
  /** The document travels as this field of a form. */
  formField?: string
  /**
   * By type: told only where the member at each path has one of these texts, or, with none, is not there;
   * else passed over.
   */
  only?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  fields?: FieldMap
  jsonata?: string
  /** Members that are sent as JSON text. */
  embedded?: readonly string[]
  xml?: XmlSettings
}

/** How XML and members correspond: attributes are `@name`, text beside attributes `#text`. */
export interface XmlSettings {
  /** Paths of elements that may come several times, with dots from the root. */
  lists?: readonly string[]
  named?: readonly NamedElements[]
}

/** Elements told apart by an attribute: `<Field FieldName="SBLSH">` at `ExInfo.standardInfo`. */
export interface NamedElements {
  /** Path of the element that holds them. */
  at: string
  element: string
  /** The attribute with the name. */
  by: string
}

/** For platforms that answer 200 to everything and say the truth in the body. */
export interface AnswerSettings {
  /** Left out: JSON. */
  format?: 'json' | 'xml' | 'text'
  /** JSON and XML: the member with the code, dotted. */
  field?: string
  /** Text: a regular expression whose first group is the code. */
  pattern?: string
  ok: readonly string[]
  duplicate?: readonly string[]
  unavailable?: readonly string[]
  rejected?: readonly string[]
}

export interface IncomingSettings {
  /** `form`: each field is a member, one that comes several times a list. */
  format?: 'json' | 'xml' | 'form'
  charset?: Charset
  signature?: 'none' | 'standard-webhooks'
  /** `whsec_<base64>`, or the platform's public key `whpk_<base64>`. */
  secrets?: readonly string[]
  digest?: WebhookDigest
  preset?: PresetName
  xml?: XmlSettings
  /** Members whose text is JSON itself, outer ones first. */
  embedded?: readonly string[]
  /** Texts that stand for nothing, such as `1753-1-1`. */
  absent?: readonly string[]
  fields?: FieldMap
  jsonata?: string
  acknowledge?: AcknowledgeSettings
}

export interface AcknowledgeSettings {
  /** Left out: the format of what comes in. */
  format?: 'json' | 'xml' | 'text'
  contentType?: string
  accepted?: unknown
  refused?: unknown
  acceptedStatus?: number
  /** Left out: the status of the refusal itself. */
  refusedStatus?: number
}
