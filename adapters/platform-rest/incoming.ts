// What a platform sends in: bytes of its charset to text, JSON, and by configuration to a submission that intake can
// normalise. Nothing is validated here, and nothing of the message may reach a failure's summary.

import jsonata from 'jsonata'
import { charsetOf, decode, encode } from '../../src/adapter-kit/charset.ts'
import type {
  HttpAnswer,
  InboundMessage,
  Incoming,
  IncomingOutcome,
  Reading,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { standardWebhooks } from '../../src/adapter-kit/signing.ts'
import { countyPinyinAcknowledge, countyPinyinFields } from './county-pinyin.ts'
import { compileFields } from './field-map.ts'
import type { AcknowledgeSettings, IncomingSettings } from './settings.ts'
import { fill } from './template.ts'

type Mapping = (theirs: unknown) => unknown

/** Reads and answers one platform's messages. @throws AdapterFailure 'unrecognised' for settings that cannot work */
export function createIncoming(settings: IncomingSettings): Incoming {
  const map = mappingOf(settings)
  const charset = settings.charset ?? 'utf-8'
  const verify =
    settings.signature === 'standard-webhooks' ? standardWebhooks(settings.secrets ?? []).verify : undefined
  const preset = settings.preset === undefined ? {} : countyPinyinAcknowledge
  const templates = { ...preset, ...settings.acknowledge }
  return {
    async read(message): Promise<Reading> {
      verify?.(message)
      const theirs = parse(textOf(message, charset))
      return { submission: await mapped(map, theirs) }
    },
    acknowledge: (outcome) => acknowledge(outcome, templates, charset),
  }
}

function mappingOf(settings: IncomingSettings): Mapping {
  if (settings.jsonata !== undefined) return compileJsonata(settings.jsonata)
  const preset = settings.preset === undefined ? {} : countyPinyinFields
  const fields = { ...preset, ...settings.fields }
  return Object.keys(fields).length === 0 ? (theirs) => theirs : compileFields(fields)
}

function compileJsonata(text: string): Mapping {
  try {
    const expression = jsonata(text)
    return (theirs) => expression.evaluate(theirs)
  } catch (cause) {
    throw new AdapterFailure('unrecognised', 'The JSONata expression of incoming cannot be compiled', {
      cause,
    })
  }
}

async function mapped(map: Mapping, theirs: unknown): Promise<unknown> {
  try {
    return await map(theirs)
  } catch (cause) {
    throw new AdapterFailure('unrecognised', 'The message does not fit the mapping of this platform', {
      cause,
    })
  }
}

function textOf(message: InboundMessage, fallback: Charset): string {
  const type = message.headers['content-type']
  const named = charsetOf(typeof type === 'string' ? type : undefined)
  if (named === null)
    throw new AdapterFailure('unrecognised', 'The message names a charset that we do not read')
  const text = decode(message.body, named ?? fallback)
  if (text === undefined)
    throw new AdapterFailure('unrecognised', `The message is not ${named ?? fallback} text`)
  return text
}

function parse(text: string): unknown {
  let theirs: unknown
  try {
    theirs = JSON.parse(text)
  } catch {
    throw new AdapterFailure('unrecognised', 'The message is not JSON')
  }
  if (typeof theirs === 'object' && theirs !== null) return theirs
  throw new AdapterFailure('unrecognised', 'The message is not a JSON object')
}

function acknowledge(outcome: IncomingOutcome, templates: AcknowledgeSettings, charset: Charset): HttpAnswer {
  const template = outcome.ok ? templates.accepted : templates.refused
  if (template === undefined) return ourOwn(outcome)
  const status = outcome.ok ? (templates.acceptedStatus ?? 200) : (templates.refusedStatus ?? outcome.status)
  return {
    status,
    headers: { 'content-type': `application/json; charset=${charset}` },
    body: encode(JSON.stringify(fill(template, outcome)), charset),
  }
}

/** As POST /v1/submissions answers: the canonical form, or an RFC 9457 problem. */
function ourOwn(outcome: IncomingOutcome): HttpAnswer {
  if (outcome.ok) {
    return {
      status: outcome.duplicate ? 200 : 202,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(outcome.duplicate ? { 'idempotent-replayed': 'true' } : {}),
      },
      body: JSON.stringify(outcome.answer ?? {}),
    }
  }
  const { status, code, detail, errors } = outcome
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: JSON.stringify({ type: `/problems/${code}`, title: detail, status, code, detail, errors }),
  }
}
