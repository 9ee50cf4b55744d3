// Tells a file's media type from its first bytes. It reads only those, never a name or a header, and answers null
// rather than guess.

import { activeText, type Signature, signatures, zipEntries } from './signatures.ts'

const LOOK_AT_BYTES = 4096
const ZIP_NAMES_WITHIN_BYTES = 64 * 1024
const LOCAL_HEADER = Buffer.from('PK\x03\x04', 'latin1')
const LOCAL_HEADER_BYTES = 30

/**
 * The media type (IANA name, lower case) of a file that starts with `firstBytes`; 4 KiB are enough for all but
 * office files. A zip whose kind cannot be seen is `application/zip`, any plain text is `text/plain`; null is unknown.
 */
export function detectMediaType(firstBytes: Buffer): string | null {
  const look = firstBytes.subarray(0, LOOK_AT_BYTES)
  const found = signatures.find((it) => matches(look, it))
  if (found?.mediaType === 'application/zip') return kindOfZip(firstBytes.subarray(0, ZIP_NAMES_WITHIN_BYTES))
  if (found !== undefined) return found.mediaType
  const text = decoded(look).toLowerCase()
  return activeKind(text) ?? (isText(look) ? plainKind(text) : null)
}

function matches(bytes: Buffer, { magic, at = 0 }: Signature): boolean {
  if (bytes.length < at + magic.length) return false
  for (let i = 0; i < magic.length; i++) {
    if (magic[i] !== '?' && bytes[at + i] !== magic.charCodeAt(i)) return false
  }
  return true
}

function kindOfZip(bytes: Buffer): string {
  const names = [...entryNames(bytes)]
  if (names[0] === 'mimetype') return declaredInside(bytes) ?? 'application/zip'
  const kind = zipEntries.find(({ entry }) => names.some((name) => entry.test(name)))
  return kind?.mediaType ?? 'application/zip'
}

function* entryNames(bytes: Buffer): Generator<string, void> {
  let at = bytes.indexOf(LOCAL_HEADER)
  while (at !== -1 && at + LOCAL_HEADER_BYTES <= bytes.length) {
    const start = at + LOCAL_HEADER_BYTES
    yield bytes.toString('utf8', start, start + bytes.readUInt16LE(at + 26))
    at = bytes.indexOf(LOCAL_HEADER, at + LOCAL_HEADER.length)
  }
}

/** OpenDocument and EPUB keep their type as the first, uncompressed entry. */
function declaredInside(bytes: Buffer): string | null {
  const start = LOCAL_HEADER_BYTES + 'mimetype'.length + bytes.readUInt16LE(28)
  const size = bytes.readUInt32LE(18)
  const said = bytes.toString('latin1', start, start + Math.min(size, 100))
  return /^application\/(?:vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip)$/.test(said) ? said : null
}

/** A page starts with a tag; a letter that quotes one is no page. Odd bytes in between do not keep a browser from it. */
function activeKind(lower: string): string | null {
  if (!lower.trimStart().startsWith('<')) return null
  return activeText.find(({ mark }) => lower.includes(mark))?.mediaType ?? null
}

function plainKind(lower: string): string {
  return lower.trimStart().startsWith('<?xml') ? 'application/xml' : 'text/plain'
}

/** Latin-1 is enough to find ASCII marks in UTF-8 and GB18030 alike. */
function decoded(bytes: Buffer): string {
  const utf16 = utf16By(bytes)
  if (utf16 !== null) return new TextDecoder(utf16).decode(bytes)
  return bytes.toString('latin1', hasUtf8Mark(bytes) ? 3 : 0)
}

function isText(bytes: Buffer): boolean {
  return bytes.length > 0 && (utf16By(bytes) !== null || bytes.every(isTextByte))
}

function utf16By(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
}

function hasUtf8Mark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

function isTextByte(byte: number): boolean {
  return byte >= 0x20 ? byte !== 0x7f : (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b
}
