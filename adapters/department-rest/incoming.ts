// A department's own message: signature first, then bytes to text, text to JSON, JSON to events; and its answer.

import { charsetSaid, decodeFrom } from '../../src/adapter-kit/charset.ts'
import type { InboundMessage, Incoming } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { formCharset } from '../../src/adapter-kit/form-fields.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import type { SmEnvelope } from '../../src/adapter-kit/signing.ts'
import { acknowledgementOf } from './acknowledgement.ts'
import type { MessageReader } from './dialect.ts'
import { type EventRules, eventsOf } from './events.ts'
import { readForm, readMessageText } from './read-text.ts'
import type { IncomingSettings } from './settings.ts'
import type { Signing } from './signing.ts'

interface IncomingParts {
  reader: MessageReader
  signing: Signing
  rules: EventRules
  charset: Charset
  settings: IncomingSettings
}

export function incomingOf({ reader, signing, rules, charset, settings }: IncomingParts): Incoming {
  const acknowledge = acknowledgementOf(settings, charset)
  const as = settings.as ?? 'json'
  return {
    async read(message) {
      signing.verify?.(message)
      if (signing.verify && settings.verify !== false) message.proved?.()
      const content = parseMessage(message, charset, as)
      const reports = await reader(signing.envelope ? opened(signing.envelope, content, message) : content)
      return { events: eventsOf(reports, { ...rules, proof: signing.proof }, message.receivedAt) }
    },
    acknowledge: (outcome, message) =>
      acknowledge(outcome, () => {
        try {
          const content = parseMessage(message, charset, as)
          return signing.envelope ? signing.envelope.open(content) : content
        } catch {
          // What cannot be read has no members to tell back.
          return undefined
        }
      }),
  }
}

/** The signature is inside the message, so it can only be checked once the message was read. */
function opened(envelope: SmEnvelope, content: unknown, message: InboundMessage): unknown {
  if (!envelope.isSealed(content))
    throw new AdapterFailure('unauthorised', '消息未加密签名 (the message is not sealed)')
  const inside = envelope.open(content, message.receivedAt)
  message.proved?.()
  return inside
}

function parseMessage(
  { headers, body }: InboundMessage,
  charset: Charset,
  as: NonNullable<IncomingSettings['as']>,
): unknown {
  const type = headers['content-type']
  const contentType = typeof type === 'string' ? type : undefined
  if (charsetSaid(contentType) === null) throw unreadable()
  if (as === 'form') return readForm(body, formCharset(body, contentType, charset))
  const text = decodeFrom(body, contentType, charset)
  if (text === undefined) throw unreadable()
  return readMessageText(text, as)
}

function unreadable(): AdapterFailure {
  return new AdapterFailure('unrecognised', '消息编码无法识别 (the charset of the message cannot be read)')
}
