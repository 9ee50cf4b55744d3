// What config/systems/*.yaml may say of a department that speaks REST, as types; settings-schema.ts is the
// same as schema. Must hold no default of a secret.

import type { ReportField } from '../../src/adapter-kit/case-report.ts'
import type { CaseEventType } from '../../src/adapter-kit/contract.ts'
import type { Charset, TlsOptions } from '../../src/adapter-kit/http.ts'
import type { SignatureSettings, SmEnvelopeForm, TokenForm } from '../../src/adapter-kit/signing.ts'
import type { AnswerForm, BodyForm, Codes, Speech, SpokenOperation } from './dialect.ts'
import type { Tables } from './expressions.ts'

export const presetNames = ['house', 'epoint-union', 'zfsoft'] as const
export type PresetName = (typeof presetNames)[number]

export interface DepartmentSettings {
  baseUrl: string
  preset?: PresetName
  charset?: Charset
  utcOffset?: string
  signing?: SigningSettings
  tls?: TlsOptions
  answer?: AnswerSettings
  codes?: Codes
  tables?: Tables
  operations?: { [K in SpokenOperation]?: OperationSettings }
  files?: 'link' | 'inline' | 'none'
  linkSeconds?: number
  statuses?: Readonly<Record<string, CaseEventType | null>>
  incoming?: IncomingSettings
  polling?: PollingSettings
  listing?: ListingSettings
  check?: AskedSettings
}

export const signingSchemes = [
  'none',
  'bearer',
  'basic',
  'oauth2',
  'standard-webhooks',
  'house',
  'guangdong-tif',
  'zhejiang-irs',
  'hmac',
  'sm2-sm4',
] as const

export interface SigningSettings extends SignatureSettings {
  scheme?: (typeof signingSchemes)[number]
  /** oauth2. */
  tokenUrl?: string
  clientAuthentication?: 'client_secret_basic' | 'client_secret_post'
  scope?: string
  resource?: string
  marginSeconds?: number
  /** A token beside what the scheme proves; not with oauth2, which is one. */
  token?: TokenSettings
  /** sm2-sm4. */
  envelope?: EnvelopeSettings
}

interface TokenSettings extends Partial<TokenForm> {
  url: string
  /** Default: those of the signature. */
  key?: string
  secret?: string
  marginSeconds?: number
  header?: string
  value?: string
}

interface EnvelopeSettings extends SmEnvelopeForm {
  privateKey?: string
  peerPublicKey?: string
  plainAnswers?: boolean
}

export const answerFields = ['code', 'message', 'reference', 'retryAfterMs', 'found'] as const

/** JSONata expressions over the answer, with `$status` and `$headers`. */
export type AnswerSettings = { [K in (typeof answerFields)[number]]?: string } & {
  as?: AnswerForm
  accept?: readonly number[]
}

export interface RequestSettings {
  method: Speech['method']
  path: string
  headers?: Record<string, string>
  query?: Record<string, string>
  as?: BodyForm
  body?: unknown
}

export type AskedSettings = RequestSettings & { answer?: AnswerSettings; codes?: Codes }

export interface OperationSettings {
  send?: RequestSettings
  answer?: AnswerSettings
  codes?: Codes
  find?: AskedSettings
  honoursKey?: boolean
}

type ReportSettings = { [K in ReportField]?: string }

/** How messages are answered; `{code} {detail} {duplicate} {message.…}` are filled in. */
export interface AcknowledgeSettings {
  as?: 'json' | 'xml' | 'form' | 'text'
  contentType?: string
  ok?: unknown
  failed?: unknown
  okStatus?: number
  failedStatus?: number
}

export type IncomingSettings = ReportSettings & {
  as?: AnswerForm | 'form'
  each?: string
  verify?: boolean
  signing?: SigningSettings
  acknowledge?: AcknowledgeSettings
}

export interface PageSettings {
  request?: AskedSettings
  /** JSONata over the answer: the list. */
  items: string
  /** JSONata over the answer, with `$items`: where to go on. */
  cursor?: string
  /** JSONata over the answer, with `$items`: true when there is more at once; absent: when the page was full. */
  more?: string
  pageSize?: number
  maxMebibytes?: number
}

type PollingSettings = Partial<PageSettings> & {
  first?: string
  event?: ReportSettings
  settle?: AskedSettings
}

export type ListingSettings = Partial<PageSettings> & { id?: string; reference?: string; status?: string }
