// Decides under which media type a file is kept: what its bytes are, what was declared and what its name ends in
// must agree. Pure; whoever receives the file turns a refusal into an answer.

import { detectMediaType } from './detect.ts'
import { refusedTypes, signatures, zipEntries } from './signatures.ts'

export { detectMediaType } from './detect.ts'

type MediaTypeDecision = { mediaType: string } | { refusal: Refusal }

interface Refusal {
  code: 'media-type-mismatch' | 'media-type-refused' | 'media-type-unreadable'
  message: string
  messageZh: string
}

/** `type/subtype` of RFC 9110 tokens: what can stand in a header again, and in a column. */
const PLAIN_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/
const LONGEST_TYPE = 127

const undeclared = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'application/x-www-form-urlencoded',
])

const aliases: Readonly<Record<string, string>> = {
  'application/x-pdf': 'application/pdf',
  'application/x-ofd': 'application/ofd',
  'application/vnd.ofd': 'application/ofd',
  'application/x-rar': 'application/vnd.rar',
  'application/x-rar-compressed': 'application/vnd.rar',
  'application/x-zip-compressed': 'application/zip',
  'image/heif': 'image/heic',
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/x-ms-bmp': 'image/bmp',
  'text/rtf': 'application/rtf',
  'text/xml': 'application/xml',
}

/** Types whose files start as the key's do: the declared one is the better name. */
const containers: Readonly<Record<string, RegExp>> = {
  'application/zip':
    /^application\/(?:ofd|epub\+zip|vnd\.openxmlformats-officedocument\..+|vnd\.oasis\.opendocument\..+)$/,
  'application/x-ole-storage':
    /^application\/(?:msword|vnd\.ms-(?:excel|powerpoint)|vnd\.ms-works|wps-office\..+)$/,
  'application/xml': /^(?:text\/plain|application\/.+\+xml)$/,
  'text/plain': /^(?:text\/.+|application\/(?:json|xml|.+\+json|.+\+xml))$/,
  'video/mp4': /^(?:video\/(?:quicktime|3gpp)|audio\/mp4)$/,
}

const OOXML = 'application/vnd.openxmlformats-officedocument'
const extensions: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  webp: 'image/webp',
  heic: 'image/heic',
  ofd: 'application/ofd',
  zip: 'application/zip',
  rar: 'application/vnd.rar',
  '7z': 'application/x-7z-compressed',
  rtf: 'application/rtf',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  docx: `${OOXML}.wordprocessingml.document`,
  xlsx: `${OOXML}.spreadsheetml.sheet`,
  pptx: `${OOXML}.presentationml.presentation`,
  xml: 'application/xml',
  txt: 'text/plain',
  csv: 'text/csv',
  json: 'application/json',
}

const refusedExtensions =
  /\.(?:exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|jse?|mjs|wsf|hta|lnk|jar|apk|sh|php\d?|jspx?|aspx?|html?|xhtml|shtml|svgz?)$/i

const recognisable = new Set([...signatures, ...zipEntries].map((row) => row.mediaType))

/** `declared` is a Content-Type as it came, parameters and all; `firstBytes` at least 4 KiB, or the whole file. */
export function decideMediaType(
  declared: string | undefined,
  firstBytes: Buffer,
  fileName?: string,
): MediaTypeDecision {
  const detected = detectMediaType(firstBytes)
  const claimed = canonical(declared)
  if (claimed !== '' && !isPlain(claimed)) return unreadable()
  if (refusedTypes.has(detected ?? '') || refusedTypes.has(claimed)) return refuse(detected ?? claimed)
  if (fileName !== undefined && refusedExtensions.test(fileName)) return refuse(extensionOf(fileName))
  const mediaType = undeclared.has(claimed)
    ? (detected ?? 'application/octet-stream')
    : agreed(claimed, detected)
  if (mediaType === null) return mismatch(claimed, detected)
  return withName(mediaType, fileName)
}

/** A name that ends in nothing we know is as good as none; one that says something else than the bytes is not. */
function withName(mediaType: string, fileName: string | undefined): MediaTypeDecision {
  const ending = extensionOf(fileName ?? '')
  const implied = Object.hasOwn(extensions, ending) ? extensions[ending] : undefined
  if (implied === undefined) return { mediaType }
  const better = agreed(implied, mediaType)
  return better === null ? mismatch(implied, mediaType) : { mediaType: better }
}

/** The one of two types that says more, or null when they contradict each other. */
function agreed(claimed: string, detected: string | null): string | null {
  if (claimed === detected) return claimed
  if (detected === null)
    return recognisable.has(claimed) || containers[claimed] !== undefined ? null : claimed
  return containers[detected]?.test(claimed) ? claimed : containers[claimed]?.test(detected) ? detected : null
}

function canonical(declared: string | undefined): string {
  const type = (declared ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return aliases[type] ?? type
}

const isPlain = (type: string): boolean => type.length <= LONGEST_TYPE && PLAIN_TYPE.test(type)

function extensionOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.')
  return dot === -1 ? '' : fileName.slice(dot + 1).toLowerCase()
}

function refuse(type: string): MediaTypeDecision {
  const message = `files of this kind are not taken: ${type}`
  return { refusal: { code: 'media-type-refused', message, messageZh: `不接收此类文件：${type}` } }
}

/** Not repeated in the answer: it may hold anything. */
function unreadable(): MediaTypeDecision {
  const message = `the Content-Type is not of the form type/subtype, of at most ${LONGEST_TYPE} characters; send one such as application/pdf, or none`
  const messageZh = `Content-Type 不是 type/subtype 形式（最多 ${LONGEST_TYPE} 个字符），请填写如 application/pdf，或不填`
  return { refusal: { code: 'media-type-unreadable', message, messageZh } }
}

function mismatch(claimed: string, found: string | null): MediaTypeDecision {
  const message = `said to be ${claimed}, but its bytes are ${found ?? 'something else'}`
  const messageZh = `声明的类型为 ${claimed}，实际内容为 ${found ?? '其他类型'}`
  return { refusal: { code: 'media-type-mismatch', message, messageZh } }
}
