// File names as people and programs send them: read from headers, made harmless, written back into headers.
// A name is only ever shown, never used as a path.

const LONGEST = 200
const FALLBACK = '材料'

/**
 * The name in `X-File-Name` (percent-encoded, RFC 8187 `UTF-8''…`, or raw) or else in `Content-Disposition`
 * (RFC 6266: `filename*` before `filename`); undefined when neither gives one. Bytes that are no UTF-8 are read as
 * GB18030, which older programs of halls send.
 */
export function fileNameFrom(headers: {
  'x-file-name'?: string | undefined
  'content-disposition'?: string | undefined
}): string | undefined {
  const raw = headers['x-file-name']
  if (raw !== undefined && raw !== '') return safeFileName(plainName(fromHeaderBytes(raw).trim()))
  const disposition = headers['content-disposition']
  if (disposition === undefined) return undefined
  // As text first: a byte of a character may look like a blank or a backslash.
  const text = fromHeaderBytes(disposition)
  const extended = /;\s*filename\*\s*=\s*"?([^;"\s]+)"?/i.exec(text)?.[1]
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(text)
  const name = extended ?? plain?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? plain?.[2]
  return name === undefined ? undefined : safeFileName(plainName(name.trim()))
}

/** Without folders, control and direction-changing characters; NFC; at most 200 characters with its ending kept. */
export function safeFileName(name: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const clean = base
    .replaceAll(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replace(/^[\s.]+/, '')
    .trim()
  return clean === '' ? FALLBACK : shortened(clean)
}

/** The value of `Content-Disposition` for a download, with an ASCII name for old clients (RFC 6266, RFC 8187). */
export function attachment(fileName: string): string {
  const ascii = fileName.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  return `attachment; filename="${ascii}"; filename*=UTF-8''${percentEncoded(fileName)}`
}

function shortened(name: string): string {
  const characters = [...name]
  if (characters.length <= LONGEST) return name
  const ending = /\.[^.]{1,10}$/.exec(name)?.[0] ?? ''
  return characters.slice(0, LONGEST - ending.length).join('') + ending
}

/**
 * The name in a text that may be percent-encoded (RFC 8187, or as programs in Java and Python send it in forms) or made of
 * encoded words (RFC 2047, as .NET and Spring send it).
 */
export function plainName(text: string): string {
  const encoded = /^(?:utf-8|gbk|gb2312|gb18030)'[^']*'(.*)$/i.exec(text)?.[1] ?? withoutWords(text)
  try {
    return decodeURIComponent(encoded)
  } catch {
    return withoutPercents(encoded) ?? encoded
  }
}

const ENCODED_WORD = /=\?([\w-]+)\?([bq])\?([^?\s]*)\?=/gi

function withoutWords(text: string): string {
  if (!text.includes('=?')) return text
  return text.replaceAll(/\?=\s+=\?/g, '?==?').replaceAll(ENCODED_WORD, (word, charset, kind, content) => {
    const bytes = kind.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : quotedBytes(content)
    try {
      return new TextDecoder(charset, { fatal: true }).decode(bytes)
    } catch {
      return word
    }
  })
}

const quotedBytes = (text: string): Buffer => bytesBehind('=', text.replaceAll('_', ' '))

/** Each `sign` with two hexadecimal digits is a byte. */
function bytesBehind(sign: string, text: string): Buffer {
  const coded = new RegExp(`${sign}([0-9a-f]{2})`, 'gi')
  const bytes = text.replaceAll(coded, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}

/** Percent-encoded bytes that are no UTF-8; null where a percent sign is just that. */
function withoutPercents(encoded: string): string | null {
  if (!/^(?:[\x20-\x24\x26-\x7e]|%[0-9a-f]{2})*$/i.test(encoded)) return null
  return textOf(bytesBehind('%', encoded))
}

/** Node reads header bytes as Latin-1; many clients send UTF-8, some GB18030. */
function fromHeaderBytes(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value) || /[^\0-\xff]/.test(value)) return value
  return textOf(Buffer.from(value, 'latin1')) ?? value
}

/** UTF-8, or else GB18030 (with GBK and GB2312 in it); null when the bytes are neither. */
export function textOf(bytes: Buffer): string | null {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {}
  }
  return null
}

/** `attr-char` of RFC 8187 stays, all else is percent-encoded. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
