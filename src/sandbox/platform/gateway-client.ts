// The gateway's public API as a platform calls it: bearer token, idempotency key, and every write repeated with
// the same key and the same bytes until it is answered. Must not decide what is sent.

import { randomBytes } from 'node:crypto'
import type { Answer, Caller } from '../caller.ts'
import type { MadeFile } from '../files/index.ts'

export interface GatewayClient {
  get(path: string): Promise<Answer>
  /** `key` is the Idempotency-Key; the answer is whatever is neither 408, 429 nor 5xx. */
  post(path: string, key: string, content: Content): Promise<Answer>
  /** The material's id; rejects when the gateway refuses the file. */
  upload(file: MadeFile, key: string, form: 'raw' | 'multipart'): Promise<string>
}

export interface Content {
  type: string
  body: Buffer | string
  headers?: Record<string, string>
}

export interface Part {
  name: string
  type: string
  fileName?: string
  body: Buffer | string
}

export function createGatewayClient(parts: {
  gatewayUrl: string
  token: string
  caller: Caller
  onRepeat(reason: string): void
}): GatewayClient {
  const authorization = `Bearer ${parts.token}`
  const post: GatewayClient['post'] = (path, key, content) => {
    const headers = {
      authorization,
      'idempotency-key': key,
      'content-type': content.type,
      accept: 'application/json',
      ...content.headers,
    }
    const call = { method: 'POST' as const, url: parts.gatewayUrl + path, headers, body: content.body }
    return parts.caller.untilAnswered(() => call, parts.onRepeat)
  }
  return {
    post,
    get(path) {
      const call = { method: 'GET' as const, url: parts.gatewayUrl + path, headers: { authorization } }
      return parts.caller.untilAnswered(() => call, parts.onRepeat)
    },
    async upload(file, key, form) {
      const answer = await post(
        '/v1/materials',
        key,
        form === 'raw' ? raw(file) : multipart([filePart('file', file)]),
      )
      const materialId = jsonOf(answer)?.materialId
      if (answer.status >= 300 || typeof materialId !== 'string') throw new Refused(answer)
      return materialId
    },
  }
}

/** The gateway understood and said no. */
class Refused extends Error {
  readonly status: number

  constructor(answer: Answer) {
    super(`${answer.status} ${answer.body.toString('utf8').slice(0, 600)}`)
    this.name = 'Refused'
    this.status = answer.status
  }
}

export function jsonOf(answer: Answer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(answer.body.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export function json(value: unknown): Content {
  return { type: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}

export function filePart(name: string, file: MadeFile): Part {
  return { name, type: file.mediaType, fileName: file.fileName, body: file.bytes }
}

/** multipart/form-data (RFC 7578), file names in plain UTF-8. */
export function multipart(parts: readonly Part[]): Content {
  const boundary = `tongban-${randomBytes(12).toString('hex')}`
  const chunks: Buffer[] = []
  for (const part of parts) {
    const fileName = part.fileName === undefined ? '' : `; filename="${part.fileName}"`
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"${fileName}\r\nContent-Type: ${part.type}\r\n\r\n`
    chunks.push(Buffer.from(head), Buffer.from(part.body), Buffer.from('\r\n'))
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(chunks) }
}

function raw(file: MadeFile): Content {
  const headers = { 'x-file-name': encodeURIComponent(file.fileName), 'x-content-sha256': file.sha256 }
  return { type: file.mediaType, body: file.bytes, headers }
}
