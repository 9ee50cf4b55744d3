// What a department's dialect consists of: how each operation is asked, how its answers are read, how its own messages
// are read. The house preset is written by hand for speed, configured ones are JSONata; the adapter cannot tell them apart.

import type { CaseEventType, Contents, StoredFile } from '../../src/adapter-kit/contract.ts'

export type Maybe<T> = T | Promise<T>

export const spokenOperations = ['submitCase', 'supplementCase', 'withdrawCase', 'notify'] as const
export type SpokenOperation = (typeof spokenOperations)[number]

export interface Dialect {
  operations: { [K in SpokenOperation]?: Spoken<Contents[K]> }
  incoming?: MessageReader
  /** A harmless question that proves address, credentials and clock. */
  check?: Speech
}

export interface Spoken<C> {
  say: Say<C>
  read: AnswerReader
  codes: Codes
  find?: { say: Say<C>; read: AnswerReader; codes: Codes }
  honoursKey: boolean
}

export type Say<C> = (content: C, context: SpeechContext) => Maybe<Speech>

/** One request, before charset and signature. */
export interface Speech {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query, encoded; appended to baseUrl. */
  path: string
  headers?: Record<string, string>
  /** A text goes as it is, anything else as JSON. */
  body?: unknown
}

export interface SpeechContext {
  key: string
  now: Date
  /** How a file travels: its link, its bytes in Base64, or not at all. */
  carry(file: StoredFile): { url?: string; base64?: string }
}

export type AnswerReader = (answer: unknown) => Maybe<Said>

/** What an answer says, still in the department's own codes. */
export interface Said {
  code: string
  message?: string
  reference?: string
  retryAfterMs?: number
  /** find: false when the answer is good and says that the thing did not happen. */
  found?: boolean
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
  const exact = codes[code]
  if (exact) return exact
  for (let length = code.length; length >= 0; length--) {
    const prefix = codes[`${code.slice(0, length)}*`]
    if (prefix) return prefix
  }
  return undefined
}

/** One message of the department may tell of several things. */
export type MessageReader = (message: unknown) => Maybe<ReportedEvent[]>

/** An event in the department's own words; texts and numbers are not trusted yet. */
export interface ReportedEvent {
  eventId?: unknown
  caseId?: unknown
  reference?: unknown
  status?: unknown
  time?: unknown
  reason?: unknown
  limitDays?: unknown
  materials?: unknown
  result?: unknown
}

/** Their status code -> our event type; null when it tells nothing that we track. */
export type Statuses = Readonly<Record<string, CaseEventType | null>>
