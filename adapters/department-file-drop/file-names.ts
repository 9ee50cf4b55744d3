// Names of files between text and the bytes that lie on the disk or travel over SFTP, in the configured charset. Pure.

import { decode, encode } from '../../src/adapter-kit/charset.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'

/** @throws AdapterFailure 'rejected' where the charset lacks a character: with '?' it would be another file's name */
export function bytesOfName(path: string, fileNames: Charset): Buffer {
  const bytes = encode(path, fileNames)
  if (nameOfBytes(bytes, fileNames) === path) return bytes
  const sentence = `文件名有 ${fileNames} 无法表示的字符，请改用 gb18030 或 utf-8 (a file name holds characters that ${fileNames} cannot write; set fileNames to gb18030 or utf-8)`
  throw new AdapterFailure('rejected', sentence, { sent: false })
}

/** Undefined for bytes that are no text of the charset, or would come back as others. */
export function nameOfBytes(bytes: Buffer, fileNames: Charset): string | undefined {
  const name = decode(bytes, fileNames)
  return name !== undefined && encode(name, fileNames).equals(bytes) ? name : undefined
}
