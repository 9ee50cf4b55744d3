// application/x-www-form-urlencoded (WHATWG URL, 5.1), read in the charset of whoever wrote it: departments escape the
// bytes of GBK. Strict, as charset.ts is: a wrong byte is an error, never a replacement character.

import { charsetSaid, decode } from './charset.ts'
import type { Charset } from './http.ts'

/** Names and values in order, or undefined when the bytes are no form in that charset. */
export function formFields(bytes: Buffer, charset: Charset): [string, string][] | undefined {
  const fields: [string, string][] = []
  for (const pair of bytes.toString('latin1').split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const name = unescaped(at === -1 ? pair : pair.slice(0, at), charset)
    const value = unescaped(at === -1 ? '' : pair.slice(at + 1), charset)
    if (name === undefined || value === undefined) return undefined
    fields.push([name, value])
  }
  return fields
}

/** What a form's Content-Type says, or, where it cannot be read so, what we know of who wrote it (as `decodeFrom`). */
export function formCharset(bytes: Buffer, contentType: string | undefined, charset: Charset): Charset {
  const named = charsetSaid(contentType)
  return named && formFields(bytes, named) ? named : charset
}

/** @param written one character a byte */
function unescaped(written: string, charset: Charset): string | undefined {
  const plain = written
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return decode(Buffer.from(plain, 'latin1'), charset)
}
