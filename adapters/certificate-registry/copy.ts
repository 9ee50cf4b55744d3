// The certificate's copy as downloaded: Base64 -> bytes that really are what was asked for.
// Must not render or change it: a copy is evidence and is kept byte for byte.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, text } from './json.ts'
import type { FileType } from './settings.ts'

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const CENTRAL_ENTRY = Buffer.from('PK\x01\x02', 'latin1')
const END_OF_ZIP = Buffer.from('PK\x05\x06', 'latin1')
const LONGEST_ZIP_END = 22 + 0xffff

export const mediaTypes: Readonly<Record<FileType, string>> = { ofd: 'application/ofd', png: 'image/png' }

/**
 * Bytes of the copy, from `data` of downloadFile: the Base64 text itself, or `{content}`.
 * @throws AdapterFailure 'unrecognised' when it is no Base64, too large, or not of the kind asked for.
 */
export function readCopy(data: unknown, fileType: FileType, maxBytes: number): Buffer {
  const base64 = (text(data) ?? (isRecord(data) ? text(data.content) : undefined))?.replace(/\s+/g, '')
  if (!base64 || !BASE64.test(base64)) throw misfit('加注件不是 Base64 (the copy is no Base64)')
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > maxBytes) throw misfit('加注件超过大小上限 (the copy is too large)')
  const fits = fileType === 'ofd' ? isOfd(bytes) : bytes.subarray(0, PNG.length).equals(PNG)
  if (!fits) throw misfit(`加注件不是有效的 ${fileType} (the copy is no valid ${fileType})`)
  return bytes
}

/** Whether it is an OFD document (GB/T 33190): a ZIP whose directory lists OFD.xml at the root. */
export function isOfd(bytes: Buffer): boolean {
  const end = bytes.lastIndexOf(END_OF_ZIP)
  if (end < 0 || end < bytes.length - LONGEST_ZIP_END || end + 22 > bytes.length) return false
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > end || !bytes.subarray(at, at + 4).equals(CENTRAL_ENTRY)) return false
    const nameLength = bytes.readUInt16LE(at + 28)
    if (bytes.toString('utf8', at + 46, at + 46 + nameLength) === 'OFD.xml') return true
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return false
}

function misfit(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `证照登记系统：${what}`)
}
