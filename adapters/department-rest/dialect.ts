// What a department's dialect consists of: how each operation is asked, how its answers are read, how its own
// messages are read. The house preset is written by hand for speed, configured ones are JSONata; the adapter
// cannot tell them apart.

import type { CaseReport } from '../../src/adapter-kit/case-report.ts'
import type { Contents, StoredFile } from '../../src/adapter-kit/contract.ts'

export type Maybe<T> = T | Promise<T>

export const spokenOperations = ['submitCase', 'supplementCase', 'withdrawCase', 'notify'] as const
export type SpokenOperation = (typeof spokenOperations)[number]

export interface Dialect {
  operations: { [K in SpokenOperation]?: Spoken<Contents[K]> }
  incoming?: MessageReader
  polling?: PollingDialect
  listing?: ListingDialect
  /** A harmless question that proves address, credentials and clock. */
  check?: Asked<never>
}

/** One request and how its answer is read. */
export interface Asked<C> {
  say: Say<C>
  read: AnswerReader
  codes: Codes
  /** How the answer is written; default json. */
  as?: AnswerForm
  /** Statuses beside 2xx that are answers to be read. */
  accept?: readonly number[]
}

export type Spoken<C> = Asked<C> & { find?: Asked<C>; honoursKey: boolean }

export type Say<C> = (content: C, context: SpeechContext) => Maybe<Speech>

export const bodyForms = ['json', 'form', 'xml', 'multipart', 'text'] as const
export type BodyForm = (typeof bodyForms)[number]
export const answerForms = ['json', 'xml', 'text'] as const
export type AnswerForm = (typeof answerForms)[number]

/** One request, before charset and signature. */
export interface Speech {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query, encoded; appended to baseUrl. */
  path: string
  headers?: Record<string, string>
  /** Absent: a text goes as it is, anything else as JSON. */
  as?: BodyForm
  body?: unknown
}

export interface SpeechContext {
  key: string
  now: Date
  /** Percent-encodes what becomes part of a path or query, in the system's charset. */
  encode(text: string): string
  /** How a file travels: its link, its bytes in Base64, or not at all. */
  carry(file: StoredFile): { url?: string; base64?: string }
}

export type AnswerReader = (answer: unknown, told: Told) => Maybe<Said>

/** What came beside the answer's body. */
export interface Told {
  status: number
  headers: Readonly<Record<string, unknown>>
}

/** What an answer says, still in the department's own codes. */
export interface Said {
  code: string
  message?: string
  reference?: string
  retryAfterMs?: number
  /** find: false when the answer is good and says that the thing did not happen. */
  found?: boolean
}

/** What a request for a page is told. */
export interface PageAsked {
  cursor: string
  pageSize: number
}

export interface PollingDialect {
  asked: Asked<PageAsked>
  readPage: PageReader
  /** One item of a page to what it reports. */
  reader: MessageReader
  /** Tells the department what became of the items. */
  settle?: Asked<{ items: readonly unknown[] }>
  pageSize: number
  /** `cursor` of the very first request. */
  first: string
  maxBytes: number
}

export type PageReader = (answer: unknown, told: Told) => Maybe<Page>

export interface Page {
  /** Undefined when there is no list where one should be. */
  items: unknown
  cursor?: string
  more?: boolean
}

/** What a request for the cases of a day is told. */
export interface DayAsked {
  day: string
  page: number
  cursor: string
  pageSize: number
}

export interface ListingDialect {
  asked: Asked<DayAsked>
  readPage: PageReader
  read(item: unknown): Maybe<{ id?: unknown; reference?: unknown; status?: unknown }>
  pageSize: number
  maxBytes: number
}

/** Code (or a prefix such as '2*') -> what it means; a code that is not here is unrecognised. */
export type Codes = Readonly<Record<string, Meaning>>
export const meanings = [
  'ok',
  'duplicate',
  'absent',
  'refused',
  'unavailable',
  'throttled',
  'unauthorised',
] as const
export type Meaning = (typeof meanings)[number]

export function meaningOf(codes: Codes, code: string): Meaning | undefined {
  if (Object.hasOwn(codes, code)) return codes[code]
  for (let length = code.length; length >= 0; length--) {
    const prefix = `${code.slice(0, length)}*`
    if (Object.hasOwn(codes, prefix)) return codes[prefix]
  }
  return undefined
}

/** One message of the department may tell of several things. */
export type MessageReader = (message: unknown) => Maybe<ReadReport[]>

/** `itself` is set where an expression asks the clock or chance: what is read of it is another with every try. */
export type ReadReport = CaseReport & { itself?: unknown }
