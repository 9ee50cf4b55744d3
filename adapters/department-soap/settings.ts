// What config/systems/*.yaml may say of a department that speaks SOAP. Its JSON Schema stands in settings-schema.ts.
// What public specifications leave open is a setting with a default, never a constant.

import type { CaseStatuses, ReportField } from '../../src/adapter-kit/case-report.ts'
import type { CaseEventType } from '../../src/adapter-kit/contract.ts'
import type { Charset, TlsOptions } from '../../src/adapter-kit/http.ts'
import type { SoapVersion } from './soap/envelope.ts'

export interface SoapSettings {
  /** The service's address, with its path. */
  baseUrl: string
  profile: 'ex-gdbs' | 'plain'
  version?: SoapVersion
  /** targetNamespace of its schema; may be left to a WSDL that is a file. */
  namespace?: string
  /** `{operation}` is filled in; may be empty. */
  soapAction?: string
  /** Name of the answer's element, `{operation}` is filled in; `*` is any. */
  answerElement?: string
  /** elementFormDefault of its schema; `unqualified` is RPC/literal too, `encoded` RPC/encoded. */
  parameters?: 'qualified' | 'unqualified' | 'encoded'
  charset?: Charset
  security?: SecuritySettings
  authFaults?: readonly string[]
  tls?: TlsOptions
  /** Its address, or the document itself. */
  wsdl?: string
  files?: 'link' | 'inline' | 'none'
  linkSeconds?: number
  maxInlineBytes?: number
  exGdbs?: ExGdbsSettings
  plain?: PlainSettings
  incoming?: IncomingSettings
}

export interface SecuritySettings {
  scheme: 'none' | 'username-text' | 'username-digest' | 'basic' | 'bearer'
  username?: string
  /** The password, or the token of `bearer`. */
  password?: string
}

export interface IncomingSettings {
  verify?: 'key' | 'username-token' | 'basic' | 'bearer' | 'none'
  username?: string
  password?: string
  previousPassword?: string
  /** Element in the body that the department sends us. */
  operation?: string
}

export interface ExGdbsSettings {
  deptCode: string
  identifyKey: string
  /** SBBMZZJGDM; default deptCode. */
  organisationCode?: string
  innerXml?: 'cdata' | 'escaped'
  set?: { operation?: string; parameters?: SetNames }
  query?: QuerySettings
  steps?: { submit?: string; supplement?: string; withdraw?: string }
  honoursKey?: boolean
  answers?: readonly AnswerRule[]
  applicantTypes?: { person: string; organisation: string }
  idTypes?: Readonly<Record<string, string>>
  submittedBy?: { online: string; agent: string; appointment: string }
  resultBy?: string
  divisionDigits?: 6 | 12
  /** Further fields of 申办: name -> JSONata over the case. */
  fields?: Readonly<Record<string, string>>
  withdrawal?: { reason?: string; time?: string }
  materialLists?: MaterialLists
  itemInfo?: ItemNames
  approvals?: Readonly<Record<string, CaseEventType>>
  resultType?: 'paper' | 'electronic'
}

/** Names of the arguments, in the order of the WSDL. */
interface SetNames {
  deptCode: string
  xml: string
  tableName: string
  identifyKey: string
}

interface QuerySettings {
  operation?: string
  parameters?: { deptCode: string; tableName: string; key: string; identifyKey?: string }
  /** Default: those of `exGdbs.answers`. */
  answers?: readonly AnswerRule[]
  /** An empty answer says that it has nothing. */
  emptyIsAbsent?: boolean
  /** Field that holds the department's own number. */
  referenceField?: string
}

export const answerMeanings = [
  'ok',
  'duplicate',
  'absent',
  'refused',
  'unavailable',
  'throttled',
  'unauthorised',
] as const
export type AnswerMeaning = (typeof answerMeanings)[number]

export interface AnswerRule {
  code: string
  /** Regular expression for the whole reason; a group named `reference` is the department's number. */
  reason?: string
  means: AnswerMeaning
}

interface MaterialLists {
  /** Between materials. */
  between?: string
  /** Between the parts of one. */
  within?: string
  sent?: readonly ('code' | 'name' | 'source' | 'certificate' | 'copies')[]
  asked?: readonly ('code' | 'name' | 'reason')[]
}

/** Attributes of ItemInfo; the names are not fixed by any public text. */
interface ItemNames {
  code: string
  name: string
  fileName: string
  mediaType: string
  size: string
  sha256: string
  link: string
}

export const plainOperations = ['submitCase', 'supplementCase', 'withdrawCase', 'notify'] as const
type PlainOperation = (typeof plainOperations)[number]

export interface PlainSettings {
  answer?: PlainAnswer
  codes?: Readonly<Record<string, AnswerMeaning>>
  /** A fault that tells a code of the department's own: JSONata over the fault's element. */
  fault?: PlainAnswer
  operations?: { [K in PlainOperation]?: PlainCall & { find?: PlainCall; honoursKey?: boolean } }
  statuses?: CaseStatuses
  incoming?: PlainIncoming
  polling?: PlainPolling
}

/** JSONata over the answer's element as an object. */
export interface PlainAnswer {
  code?: string
  message?: string
  reference?: string
  found?: string
}

export interface PlainCall {
  operation: string
  /** Name -> text, or JSONata when it begins with '='; in the order of the WSDL. */
  parameters: Readonly<Record<string, unknown>>
  answer?: PlainAnswer
  codes?: Readonly<Record<string, AnswerMeaning>>
}

/** Parameters see `cursor` and `pageSize`; all else is JSONata over the answer's element, with `$items`. */
export interface PlainPolling extends PlainCall {
  items: string
  cursor?: string
  more?: string
  pageSize?: number
  /** The cursor of the very first page. */
  first?: string
  /** Default: the fields of `incoming`. */
  event?: { readonly [K in ReportField]?: string }
}

export type PlainIncoming = { [K in ReportField]?: string } & {
  each?: string
  acknowledge?: { ok?: Readonly<Record<string, string>>; failed?: Readonly<Record<string, string>> }
}
