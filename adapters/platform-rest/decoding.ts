// Bytes that a platform sent, to members: charset, JSON or XML, JSON within fields, values that stand for nothing.
// Whatever cannot be read is named 'unrecognised', and nothing of it reaches a failure's summary.

import { charsetOf, decode } from '../../src/adapter-kit/charset.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { parseStrictJson } from '../../src/adapter-kit/strict-json.ts'
import { declaredCharset } from '../../src/adapter-kit/xml-members.ts'
import { dropAbsent, unwrap } from './embedded.ts'
import { isMembers, type Members } from './members.ts'
import type { IncomingSettings } from './settings.ts'
import { xmlReader } from './xml-read.ts'

/** Made once per system. */
export function decoder(settings: IncomingSettings): (message: InboundMessage) => Members {
  const { format = 'json', charset = 'utf-8', embedded = [] } = settings
  const absent = new Set(settings.absent)
  const parse = format === 'xml' ? xmlReader(settings.xml ?? {}) : parseObject
  return (message) => {
    const members = parse(textOf(message, format, charset))
    unwrap(members, embedded)
    dropAbsent(members, absent)
    return members
  }
}

/** Content-Type names the charset, else the XML declaration (RFC 7303), else the settings. */
function textOf(message: InboundMessage, format: 'json' | 'xml', fallback: Charset): string {
  const type = message.headers['content-type']
  const byType = charsetOf(typeof type === 'string' ? type : undefined)
  const named = format === 'xml' && byType === undefined ? declaredCharset(message.body) : byType
  if (named === null)
    throw new AdapterFailure('unrecognised', 'The message names a charset that we do not read')
  const text = decode(message.body, named ?? fallback)
  if (text === undefined)
    throw new AdapterFailure('unrecognised', `The message is not ${named ?? fallback} text`)
  return text
}

function parseObject(text: string): Members {
  const value = parseStrictJson(text)
  if (isMembers(value)) return value
  throw new AdapterFailure('unrecognised', 'The message is not a JSON object')
}
