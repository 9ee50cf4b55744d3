// multipart/form-data (RFC 7578) whose files are streamed from the material store: none is held in memory, and the
// length is told beforehand, because many older servers refuse chunked requests. The boundary follows from the key.

import { hash } from 'node:crypto'
import type { AttemptFiles, StoredFile } from '../../../src/adapter-kit/contract.ts'
import type { Charset } from '../../../src/adapter-kit/http.ts'
import type { BodyContext, StreamedBody } from './body.ts'
import { fieldsOf } from './fields.ts'
import { filesIn } from './files-in.ts'
import { written } from './form.ts'
import { wholeBytes } from './lacking.ts'
import { unfit } from './unfit.ts'

type Part = { head: Buffer; bytes: Buffer } | { head: Buffer; file: StoredFile }

const END = Buffer.from('\r\n')

/** A value with `sha256` is that file of the content; any other goes as text, objects as JSON. */
export function multipart(body: unknown, { charset, key, content, files }: BodyContext): StreamedBody {
  const known = new Map(filesIn(content).map((file) => [file.sha256, file]))
  const boundary = `----tongban-${hash('sha256', key, 'hex').slice(0, 32)}`
  const parts = fieldsOf(body).map(([name, value]) => partOf(name, value, boundary, charset, known))
  const tail = Buffer.from(`--${boundary}--\r\n`)
  const length = parts.reduce((sum, part) => sum + sizeOf(part), tail.length)
  return { type: `multipart/form-data; boundary=${boundary}`, length, open: () => pieces(parts, tail, files) }
}

const sizeOf = (part: Part): number =>
  part.head.length + END.length + ('file' in part ? part.file.size : part.bytes.length)

async function* pieces(parts: readonly Part[], tail: Buffer, files: AttemptFiles): AsyncGenerator<Buffer> {
  for (const part of parts) {
    yield part.head
    if ('file' in part) yield* await files.open(part.file.sha256)
    else yield part.bytes
    yield END
  }
  yield tail
}

function partOf(
  name: string,
  value: unknown,
  boundary: string,
  charset: Charset,
  known: ReadonlyMap<string, StoredFile>,
): Part {
  const file = fileOf(value, known)
  const lines = [`--${boundary}`, disposition(name, file?.fileName)]
  if (file) lines.push(`Content-Type: ${mediaType(file.mediaType)}`)
  else if (typeof value === 'object') lines.push(`Content-Type: application/json; charset=${charset}`)
  const head = wholeBytes(`${lines.join('\r\n')}\r\n\r\n`, charset)
  return file ? { head, file } : { head, bytes: wholeBytes(written(value), charset) }
}

/** The store's own facts; only the name may be another. */
function fileOf(value: unknown, known: ReadonlyMap<string, StoredFile>): StoredFile | undefined {
  const { sha256, fileName } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<StoredFile>
  if (sha256 === undefined) return undefined
  const file = known.get(sha256)
  if (!file) throw unfit('文件不属于此办件 (the file does not belong to the case)')
  return typeof fileName === 'string' ? { ...file, fileName } : file
}

function disposition(name: string, fileName: string | undefined): string {
  const named = fileName === undefined ? '' : `; filename="${quoted(fileName)}"`
  return `Content-Disposition: form-data; name="${quoted(name)}"${named}`
}

/** As browsers do (WHATWG HTML, 4.10.21.8): the three that would end the line or the quotes. */
function quoted(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}

function mediaType(type: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream'
}
