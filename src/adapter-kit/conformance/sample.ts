// What a file in an adapter's samples/ may say. A sample is documentation, fixture and contract at once;
// a word it does not know is an error, so that no sample silently proves nothing.

import { readdir, readFile } from 'node:fs/promises'
import type { Operation, Question } from '../contract.ts'
import type { FailureKind } from '../failures.ts'
import type { GivenName } from '../givens.ts'
import type { Charset } from '../http.ts'

export interface Sample {
  title: string
  /** Outgoing: what is asked of the adapter … */
  operation?: Operation
  /** … `send` unless it says `find`. */
  call?: 'send' | 'find'
  /** Name of a canned content in givens.ts. */
  given?: GivenName
  /** Or what it is asked without effect: to be polled, to track, to list a day, or a question by its name … */
  asks?: Question | 'poll' | 'track' | 'list'
  /** … with what: the cursor, the parcel, the day, or the question's own words. */
  asked?: unknown
  /** Laid over samples/settings.json, member by member. */
  settings?: Record<string, unknown>
  /** What the system must receive, in order; a single one may be written as `request`. */
  request?: WantedRequest
  requests?: WantedRequest[]
  /** What it answers, in order (the last is repeated); a single one may be written as `answer`. */
  answer?: ScriptedAnswer
  answers?: ScriptedAnswer[]
  /** Incoming: what the system sends us. */
  incoming?: ScriptedMessage
  /** Of adapters that exchange files: what lies in the folder, each by the file of samples/ that it is. */
  files?: Record<string, string>
  /** What was polled is then settled, as the gateway does. */
  settle?: true
  expect: Expectation
  /** false: the failure questions are not asked with this sample; or all but some, by name. */
  failureQuestions?: boolean | { except: string[] }
}

export interface WantedRequest {
  method: string
  /** As on the request line; compared with its query only when it has one. */
  path: string
  query?: Record<string, string>
  /** Only those named are compared. */
  headers?: Record<string, string>
  /** Object: parsed JSON or form. Text: the body as it is. `"<any>"` fits any value. */
  body?: unknown
}

export interface ScriptedAnswer {
  /** Default 200. */
  status?: number
  headers?: Record<string, string>
  /** Object: sent as JSON. Text: as it is. */
  body?: unknown
  bodyBase64?: string
  charset?: Charset
}

export interface ScriptedMessage {
  /** Default POST. */
  method?: string
  path?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: unknown
  bodyBase64?: string
  charset?: Charset
  /** ISO 8601; default the time of givens.ts. */
  receivedAt?: string
  /** What proves it, where something in the message does: it is then asked whether a forgery is noticed. */
  signed?: Signed
}

export interface Signed {
  /** The signature or token, word for word as it stands in the message. */
  by: string
  /** Words of the body that it covers. */
  body?: string
  /** It holds for a time only. */
  dated?: true
}

export interface Expectation {
  /** null: `find` must say that the system has not got it. */
  receipt?: Record<string, unknown> | null
  /** What comes of `asks`. */
  answer?: unknown
  /** Of adapters without HTTP: what they say they would do, line by line. */
  preview?: string[]
  /** All files that lie in the folder afterwards, each by the file of samples/ that it must equal. */
  files?: Record<string, string>
  failure?: {
    kind: FailureKind
    code?: string
    status?: number
    retryAfterMs?: number
    sent?: boolean
    summary?: string
  }
  events?: unknown[]
  submission?: unknown
  /** What the system is answered after its message was recorded. */
  acknowledgement?: { status: number; body?: unknown }
}

const words = new Set([
  'title',
  'operation',
  'call',
  'given',
  'asks',
  'asked',
  'settings',
  'request',
  'requests',
  'answer',
  'answers',
  'incoming',
  'files',
  'settle',
  'expect',
  'failureQuestions',
])

export interface SampleFolder {
  /** samples/settings.json: what all samples of the folder are run with. Secrets are written plainly, invented. */
  settings: Record<string, unknown>
  conformance: Conformance
  /** samples/ itself. */
  url: URL
  samples: { file: string; sample: Sample }[]
}

/** samples/conformance.json, where an adapter says that the kit's HTTP questions make no sense of it. */
type Conformance =
  | { http: true; why?: never; folder?: never }
  | { http: false; why: string; folder?: ExchangeFolder }

/** The folder of an adapter that exchanges files: the kit puts a temporary one in its place. */
interface ExchangeFolder {
  /** As it stands in samples/settings.json. */
  path: string
  /** Directories that are there before anything is exchanged. */
  holds: string[]
}

/** @throws Error naming the file, for JSON that is broken or no sample */
export async function readSamples(adapter: URL): Promise<SampleFolder> {
  const folder = new URL('samples/', adapter)
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  if (names.length === 0) throw new Error(`${folder.pathname} holds no samples: nothing can be proved`)
  const found: SampleFolder = { settings: {}, conformance: { http: true }, url: folder, samples: [] }
  for (const file of names) {
    const content = parse(await readFile(new URL(file, folder), 'utf8'), file)
    if (file === 'settings.json') found.settings = content
    else if (file === 'conformance.json') found.conformance = asConformance(content)
    else found.samples.push({ file, sample: asSample(content, file) })
  }
  return found
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`samples/${file} is not JSON: ${(cause as Error).message}`, { cause })
  }
}

function asConformance({ http, why, folder, ...rest }: Record<string, unknown>): Conformance {
  const fits = http === false && typeof why === 'string' && why !== '' && Object.keys(rest).length === 0
  if (fits && folder === undefined) return { http, why }
  if (fits && isFolder(folder)) return { http, why, folder }
  throw new Error(
    'samples/conformance.json says { "http": false, "why": "…" }, with "folder": { "path": "/…", "holds": ["…"] } ' +
      'where files are exchanged, or is left out',
  )
}

function isFolder(folder: unknown): folder is ExchangeFolder {
  if (typeof folder !== 'object' || folder === null) return false
  const { path, holds, ...rest } = folder as Record<string, unknown>
  const names = Array.isArray(holds) && holds.every((one) => typeof one === 'string')
  return typeof path === 'string' && path !== '' && names && Object.keys(rest).length === 0
}

function asSample(content: Record<string, unknown>, file: string): Sample {
  const unknown = Object.keys(content).filter((word) => !words.has(word))
  if (unknown.length > 0)
    throw new Error(`samples/${file}: unknown ${unknown.join(', ')}; a sample knows ${[...words].join(', ')}`)
  const sample = content as unknown as Sample
  if (!sample.title || !sample.expect) throw new Error(`samples/${file}: a sample needs title and expect`)
  if ([sample.incoming, sample.operation, sample.asks].filter((one) => one !== undefined).length !== 1)
    throw new Error(`samples/${file}: a sample needs one of operation, asks and incoming`)
  return sample
}

/** Settings of one sample. */
export function settingsOf(folder: SampleFolder, sample: Sample): Record<string, unknown> {
  return { ...folder.settings, ...sample.settings }
}
