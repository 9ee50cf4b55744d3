// A department's own message: signature first, then bytes to text, text to JSON, JSON to events; and its answer.

import { charsetOf, decode, encode } from '../../src/adapter-kit/charset.ts'
import type { HttpAnswer, InboundMessage, Incoming, IncomingOutcome } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import type { SmEnvelope } from '../../src/adapter-kit/signing.ts'
import type { MessageReader } from './dialect.ts'
import { type EventRules, eventsOf } from './events.ts'
import { readMessageText } from './read-text.ts'
import type { IncomingSettings } from './settings.ts'
import type { Signing } from './signing.ts'

export interface IncomingParts {
  reader: MessageReader
  signing: Signing
  rules: EventRules
  charset: Charset
  settings: IncomingSettings
}

export function incomingOf({ reader, signing, rules, charset, settings }: IncomingParts): Incoming {
  const acknowledge = settings.acknowledge ?? {}
  return {
    async read(message) {
      signing.verify?.(message)
      const content = parseMessage(message, charset, settings.as ?? 'json')
      const reports = await reader(signing.envelope ? opened(signing.envelope, content, message) : content)
      return { events: eventsOf(reports, message.body, rules) }
    },
    acknowledge(outcome) {
      return outcome.ok
        ? answer(
            200,
            filled(acknowledge.ok ?? { code: '0', message: 'ok' }, { code: '0', detail: 'ok' }),
            charset,
          )
        : refusal(
            outcome,
            acknowledge.failed ?? { code: '{code}', message: '{detail}' },
            acknowledge.failedStatus,
            charset,
          )
    },
  }
}

/** The signature is inside the message, so it can only be checked once the message was read. */
function opened(envelope: SmEnvelope, content: unknown, { receivedAt }: InboundMessage): unknown {
  if (!envelope.isSealed(content))
    throw new AdapterFailure('unauthorised', '消息未加密签名 (the message is not sealed)')
  return envelope.open(content, receivedAt)
}

function parseMessage(
  { headers, body }: InboundMessage,
  charset: Charset,
  as: NonNullable<IncomingSettings['as']>,
): unknown {
  const type = headers['content-type']
  const named = charsetOf(typeof type === 'string' ? type : undefined)
  const text = named === null ? undefined : decode(body, named ?? charset)
  if (text === undefined)
    throw new AdapterFailure('unrecognised', '消息编码无法识别 (the charset of the message cannot be read)')
  return readMessageText(text, as)
}

function refusal(
  outcome: Extract<IncomingOutcome, { ok: false }>,
  template: unknown,
  status: number | undefined,
  charset: Charset,
): HttpAnswer {
  return answer(status ?? outcome.status, filled(template, outcome), charset)
}

function answer(status: number, content: unknown, charset: Charset): HttpAnswer {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const type = typeof content === 'string' ? 'text/plain' : 'application/json'
  return { status, headers: { 'content-type': `${type}; charset=${charset}` }, body: encode(text, charset) }
}

function filled(template: unknown, values: { code: string; detail: string }): unknown {
  if (typeof template === 'string')
    return template.replace('{code}', values.code).replace('{detail}', values.detail)
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, filled(value, values)]))
}
