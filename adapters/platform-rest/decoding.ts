// Bytes that a platform sent, to members: charset, JSON, XML or a form, JSON within fields, values that stand for nothing.
// Whatever cannot be read is named 'unrecognised', and nothing of it reaches a failure's summary.

import { charsetOf, decode } from '../../src/adapter-kit/charset.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { type AdapterFailure, unreadable } from '../../src/adapter-kit/failures.ts'
import { formCharset, formFields } from '../../src/adapter-kit/form-fields.ts'
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
    const members =
      format === 'form' ? formMembers(message, charset) : parse(textOf(message, format, charset))
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
    throw unreadable({
      code: 'unsupported-media-type',
      zh: '消息注明的字符集不受支持，请用 UTF-8、GBK 或 GB18030',
      en: 'The message names a charset that we do not read: send UTF-8, GBK or GB18030',
    })
  const read = named ?? fallback
  const text = decode(message.body, read)
  if (text !== undefined) return text
  throw wrongBytes(read)
}

function wrongBytes(charset: Charset): AdapterFailure {
  const told = { zh: `消息不是合法的 ${charset} 文本`, en: `The message is not ${charset} text` }
  return unreadable({
    code: 'invalid-encoding',
    ...told,
    faults: [{ pointer: '', code: 'invalid-bytes', ...told }],
  })
}

/** The fields of a form, a repeated one as a list; in the charset that Content-Type names, where it can be read so. */
function formMembers({ headers, body }: InboundMessage, fallback: Charset): Members {
  const type = headers['content-type']
  const charset = formCharset(body, typeof type === 'string' ? type : undefined, fallback)
  const fields = formFields(body, charset)
  if (!fields) throw wrongBytes(charset)
  const values = new Map<string, string[]>()
  for (const [name, value] of fields) {
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]))
}

function parseObject(text: string): Members {
  const value = parseStrictJson(text)
  if (isMembers(value)) return value
  const told = { zh: '消息须为 JSON 对象', en: 'The message must be a JSON object' }
  throw unreadable({
    code: 'invalid-request',
    ...told,
    faults: [{ pointer: '', code: 'invalid-type', ...told }],
  })
}
