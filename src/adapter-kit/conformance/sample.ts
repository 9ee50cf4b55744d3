// What a file in an adapter's samples/ may say. A sample is documentation, fixture and contract at once;
// a word it does not know is an error, so that no sample silently proves nothing.

import { readdir, readFile } from 'node:fs/promises'
import type { Operation } from '../contract.ts'
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
}

export interface Expectation {
  /** null: `find` must say that the system has not got it. */
  receipt?: Record<string, unknown> | null
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
  'settings',
  'request',
  'requests',
  'answer',
  'answers',
  'incoming',
  'expect',
  'failureQuestions',
])

export interface SampleFolder {
  /** samples/settings.json: what all samples of the folder are run with. Secrets are written plainly, invented. */
  settings: Record<string, unknown>
  samples: { file: string; sample: Sample }[]
}

/** @throws Error naming the file, for JSON that is broken or no sample */
export async function readSamples(adapter: URL): Promise<SampleFolder> {
  const folder = new URL('samples/', adapter)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  const found: SampleFolder = { settings: {}, samples: [] }
  for (const file of names) {
    const content = parse(await readFile(new URL(file, folder), 'utf8'), file)
    if (file === 'settings.json') found.settings = content
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

function asSample(content: Record<string, unknown>, file: string): Sample {
  const unknown = Object.keys(content).filter((word) => !words.has(word))
  if (unknown.length > 0)
    throw new Error(`samples/${file}: unknown ${unknown.join(', ')}; a sample knows ${[...words].join(', ')}`)
  const sample = content as unknown as Sample
  if (!sample.title || !sample.expect) throw new Error(`samples/${file}: a sample needs title and expect`)
  if (!sample.incoming && !sample.operation)
    throw new Error(`samples/${file}: a sample needs operation or incoming`)
  return sample
}

/** Settings of one sample. */
export function settingsOf(folder: SampleFolder, sample: Sample): Record<string, unknown> {
  return { ...folder.settings, ...sample.settings }
}
