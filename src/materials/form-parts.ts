// Reads multipart/form-data (RFC 7578) as a stream of parts, each handed on as it arrives and never held. Every
// part is a stream of its exact bytes, text or file. It must not know what the parts are for.

import type { Readable } from 'node:stream'
import multipart, { type FastifyMultipartOptions } from '@fastify/multipart'
import type { FastifyInstance, FastifyPluginCallback, FastifyRequest } from 'fastify'
import type { FaultCode } from '../http/fault-codes.ts'
import { at, fieldError } from '../http/field-error.ts'
import { type ProblemCode, problem } from '../http/problems.ts'
import { announcedBy } from './announced.ts'
import { type PartNames, watchPartNames } from './part-names.ts'

const LONGEST_NAME = 200
const HEADER_PAIRS = 32

export interface FormPart {
  name: string
  /** As it was meant, however it was encoded; undefined when the part is no file. */
  fileName: string | undefined
  /** Undefined when it is text/plain, which is also what a part without a type counts as (RFC 7578 §4.4). */
  mediaType: string | undefined
  /** Must be read to its end, or the form stands still. */
  stream: Readable
  /** It has no more bytes than this; undefined when the form does not say how long it is. */
  atMostBytes: number | undefined
}

/**
 * Lets a scope's routes read forms. Once for each scope: wrap it in `app.register` so that other routes keep
 * refusing multipart bodies.
 */
export async function acceptMultipart(scope: FastifyInstance): Promise<void> {
  await scope.register(withoutHooks(multipart), { throwFileSizeLimit: false })
}

/**
 * The plugin with its parser and decorators alone. Its hooks look for temporary files after every request of
 * the scope, form or not; what is streamed leaves none, and with JSON they cost as much as reading it.
 */
function withoutHooks(plugin: typeof multipart): FastifyPluginCallback<FastifyMultipartOptions> {
  const meant: FastifyPluginCallback<FastifyMultipartOptions> = (scope, options, done) =>
    plugin(Object.create(scope, { addHook: { value: () => scope } }), options, done)
  // What fastify-plugin has marked it with: its decorators are the scope's.
  return Object.assign(meant, plugin)
}

/**
 * Calls `take` for each part in order and waits for it. Rejects with a problem that names the part: too many parts,
 * a name that is missing, too long or repeated; a form cut short; or whatever `take` rejects with. The request is
 * then detached from the parser.
 */
export async function readParts(
  request: FastifyRequest,
  limits: { maxParts: number },
  take: (part: FormPart) => Promise<void>,
): Promise<void> {
  const names = new Set<string>()
  const fileNames = watchPartNames(request.raw)
  const formBytes = announcedBy({ 'content-length': request.headers['content-length'] }).bytes
  let readBytes = 0
  try {
    for await (const part of request.parts(parserOptions(limits.maxParts, fileNames))) {
      if (part.type === 'field') continue
      part.file.on('error', () => {})
      const name = checkedName(part.fieldname, names, limits.maxParts)
      refuseEncoded(name, part.encoding)
      const mediaType = part.mimetype === 'text/plain' ? undefined : part.mimetype
      const fileName = fileNames.meant(name, part.filename)
      const atMostBytes = formBytes === undefined ? undefined : Math.max(0, formBytes - readBytes)
      await take({ name, fileName, mediaType, stream: part.file, atMostBytes })
      readBytes += part.file.bytesRead
    }
  } catch (error) {
    request.raw.unpipe()
    throw cutShort(error) ? truncated() : boundaryMissing(error) ? withoutBoundary() : error
  }
}

function parserOptions(maxParts: number, fileNames: PartNames) {
  return {
    isPartAFile: (part: string | undefined, _type?: string, fileName?: string) => {
      fileNames.seen(part, fileName)
      return true
    },
    // A backslash may be half a character of GBK; folders are cut off where the name is made safe.
    preservePath: true,
    // Sizes are limited where the bytes are taken; one part more than allowed is let through so that it can be named.
    limits: { parts: maxParts + 1, headerPairs: HEADER_PAIRS, fileSize: Number.MAX_SAFE_INTEGER },
  }
}

function checkedName(name: string | undefined, seen: Set<string>, maxParts: number): string {
  if (name === undefined || name === '' || name.length > LONGEST_NAME) {
    throw fault('invalid-request', '', 'part-unnamed', 'a part has no usable name', '某个部分缺少可用的名称')
  }
  if (seen.has(name)) {
    throw fault(
      'invalid-request',
      at('', name),
      'part-repeated',
      `two parts are named ${name}`,
      `部分名称重复：${name}`,
    )
  }
  if (seen.size === maxParts) {
    const message = `${name} is one part too many; ${maxParts} are allowed`
    throw fault('too-many-parts', at('', name), 'too-many-parts', message, `部分过多，最多 ${maxParts} 个`)
  }
  seen.add(name)
  return name
}

/** Forms over HTTP have no transfer encodings (RFC 7578 §4.7): the encoded text would be kept as the file. */
function refuseEncoded(name: string, encoding: string): void {
  if (!/^(?:base64|quoted-printable)$/.test(encoding.trim())) return
  throw fault(
    'unsupported-media-type',
    at('', name),
    'invalid-form',
    `${name} comes with Content-Transfer-Encoding ${encoding}: send its bytes as they are (RFC 7578)`,
    `${name} 部分使用了 Content-Transfer-Encoding ${encoding}，请直接发送原始字节（RFC 7578）`,
  )
}

const endings = ['FST_MP_PREMATURE_CLOSE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE']

function cutShort(error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string }
  return endings.includes(code ?? '') || /^Unexpected end of multipart|terminated early/.test(message)
}

const boundaryMissing = (error: unknown): boolean => /Boundary not found/.test((error as Error).message)

function withoutBoundary(): Error {
  const message = 'the Content-Type of the form names no boundary'
  return fault('invalid-request', '', 'boundary-missing', message, '表单的 Content-Type 未给出 boundary')
}

function truncated(): Error {
  const message = 'the form ended before its last boundary'
  return fault('truncated-upload', '', 'truncated', message, '表单未传完即中断')
}

function fault(
  code: ProblemCode,
  pointer: string,
  reason: FaultCode,
  message: string,
  messageZh: string,
): Error {
  return problem(code, {
    detail: message,
    detailZh: messageZh,
    errors: [fieldError(pointer, reason, message, messageZh)],
  })
}
