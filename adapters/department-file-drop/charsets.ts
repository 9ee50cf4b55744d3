// Which charset a file of the department is in: the settings say it, and XML may say it of itself. A file
// that contradicts what it says, or what it is taken for, is refused: read all the same it would be other
// characters, and nobody would see it. Pure.

import { isUtf8 } from 'node:buffer'
import { decode } from '../../src/adapter-kit/charset.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { declaredCharset } from '../../src/adapter-kit/xml-members.ts'
import { unrecognised } from './faults.ts'
import type { Format } from './settings.ts'

/** @throws AdapterFailure 'unrecognised' */
export function fileText(bytes: Buffer, format: Format, configured: Charset): string {
  const charset = fileCharset(bytes, format, configured)
  const text = textIn(bytes, charset)
  if (charset !== 'utf-8' && isChineseUtf8(bytes))
    throw unrecognised(
      `内容是 UTF-8 而不是 ${charset}，请核对 charset 设置 (this is UTF-8, not ${charset}; see the setting charset)`,
    )
  return text
}

/** @throws AdapterFailure 'unrecognised' */
function textIn(bytes: Buffer, charset: Charset | null): string {
  if (charset === null)
    throw unrecognised('XML 声明的编码不受支持 (the XML declares a charset that we do not read)')
  const text = decode(bytes, charset)
  if (text === undefined) throw unrecognised(`编码不是 ${charset} (the charset is not ${charset})`)
  return text
}

/** @throws AdapterFailure 'unrecognised' */
export const ackText = (bytes: Buffer, format: Format, configured: Charset): string =>
  textIn(bytes, ackCharset(bytes, format, configured))

/**
 * The one of the two that fits. An acknowledgement says little more than a code, and one that nobody can
 * read costs a delivered case.
 */
export function ackCharset(bytes: Buffer, format: Format, configured: Charset): Charset | null {
  if (isChineseUtf8(bytes)) return 'utf-8'
  const said = fileCharset(bytes, format, configured)
  return said === 'utf-8' && !isUtf8(bytes) ? configured : said
}

/** Null for one that XML declares and that we do not read. */
export function fileCharset(bytes: Buffer, format: Format, configured: Charset): Charset | null {
  const declared = format === 'xml' ? declaredCharset(bytes) : undefined
  return declared === undefined ? configured : declared
}

/** Han characters are three bytes of UTF-8. GBK may look like UTF-8 for a character or two, but hardly like those. */
const isChineseUtf8 = (bytes: Buffer): boolean => isUtf8(bytes) && /[\u0800-\uffff]/.test(bytes.toString())
