// A certificate's copy fetched and stored: inside the answer as Base64 (the annotated copy), or by a temporary link.
// A link leads to registered origins only (the HTTP client refuses others), is used at once and never kept.

import type { Attempt, CertificateContent, StoredFile } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, text } from '../../src/adapter-kit/loose-json.ts'
import { call, type Line } from './call.ts'
import { type CopyKind, kindOf, mediaTypes } from './file-kinds.ts'
import { linkOf, linksIn } from './links.ts'
import { misfit, refusal } from './records.ts'
import { holderData } from './translate.ts'
import { copyEnd } from './validity.ts'

const ENVELOPE_BYTES = 64 * 1024
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
/** What servers answer to a link that has lapsed: asking for a new one helps, pausing the system would not. */
const LAPSED = [401, 403, 404, 410]

/** The copy of a holder's certificate, as the settings say. */
export function copyFor(line: Line, identifier: string, content: CertificateContent): Promise<StoredFile> {
  const { by } = line.settings.copy
  if (by === 'file') return annotatedCopy(line, identifier, line.settings.fileType, content.certificateName)
  const ask = () => (by === 'link' ? linkFor(line, identifier) : holderLink(line, identifier, content))
  return linkedCopy(line, ask, content.certificateName)
}

/** downloadFile: the copy made for this purpose, which says so and when it lapses. */
export async function annotatedCopy(
  line: Line,
  identifier: string,
  fileType: 'ofd' | 'png',
  name: string,
): Promise<StoredFile> {
  const { maxFileBytes, copy } = line.settings
  const end =
    copy.validForDays === undefined
      ? {}
      : { certificateCopyExpiringTime: copyEnd(line.attempt.now(), copy.validForDays, copy.expiryForm) }
  const data = {
    fileType,
    certificateIdentifier: identifier,
    certificateCopyCause: line.cause,
    ...end,
  }
  const answer = await call(line, 'downloadFile', data, base64Length(maxFileBytes) + ENVELOPE_BYTES)
  const bytes = readBase64(answer, maxFileBytes)
  if ((await kindOf(bytes)) !== fileType)
    throw misfit(`加注件不是有效的 ${fileType} (the copy is no valid ${fileType})`)
  return keep(line.attempt, bytes, fileType, name, maxFileBytes)
}

/** The copy behind a temporary link, in whichever format the registry keeps it unless one is insisted on. */
export async function linkedCopy(
  line: Line,
  askLink: () => Promise<string>,
  name: string,
  wanted?: CopyKind,
): Promise<StoredFile> {
  const { settings, attempt } = line
  const askedAt = attempt.now().getTime()
  const url = linkOf(await askLink(), settings.url)
  if (attempt.now().getTime() - askedAt >= settings.copy.linkLivesSeconds * 1000) throw lapsed()
  const { status, body } = await attempt.http.request({
    method: 'GET',
    url,
    maxBytes: settings.maxFileBytes,
    accept: LAPSED,
  })
  if (LAPSED.includes(status)) throw lapsed(status)
  const kind = await kindOf(body)
  if (!kind) throw misfit('链接内容不是 OFD、PDF 或 PNG (behind the link is no OFD, PDF or PNG)')
  if (wanted !== undefined && kind !== wanted)
    throw refusal('format-not-offered', `没有 ${wanted} 格式的副本 (there is no copy as ${wanted})`)
  return keep(attempt, body, kind, name, settings.maxFileBytes)
}

/** downloadUrl: a link by identifier. */
export async function linkFor(line: Line, identifier: string): Promise<string> {
  const { linkExpiry } = line.settings.copy
  const data = {
    certIdentifier: identifier,
    ...(linkExpiry === undefined ? {} : { expiryTime: linkExpiry }),
  }
  return onlyLink(await call(line, 'downloadUrl', data), identifier)
}

async function holderLink(line: Line, identifier: string, content: CertificateContent): Promise<string> {
  const answer = await call(line, 'downloadUrlsByHolderCode', holderData(content, line.settings))
  return onlyLink(answer, identifier)
}

/** Links without an identifier are believed only where there is no other to choose. */
function onlyLink(data: unknown, identifier: string): string {
  const links = linksIn(data)
  const named = links.filter((one) => one.identifier === identifier)
  const fitting = named.length > 0 ? named : links.filter((one) => one.identifier === undefined)
  const [only] = fitting
  if (only && fitting.length === 1) return only.link
  if (only) throw refusal('certificate-ambiguous', '返回多个下载链接 (several links)')
  throw misfit('没有返回该证照的下载链接 (no link to this certificate)')
}

/** Bytes of the copy, from `data` of downloadFile: the Base64 text itself, or `{content}`. */
export function readBase64(data: unknown, maxBytes: number): Buffer {
  const base64 = (text(data) ?? (isRecord(data) ? text(data.content) : undefined))?.replace(/\s+/g, '')
  if (!base64 || !BASE64.test(base64)) throw misfit('加注件不是 Base64 (the copy is no Base64)')
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > maxBytes) throw misfit('加注件超过大小上限 (the copy is too large)')
  return bytes
}

const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4

function keep(attempt: Attempt, bytes: Buffer, kind: CopyKind, name: string, maxBytes: number) {
  const fileName = `${name}.${kind}`
  return attempt.files.store(bytes, { fileName, mediaType: mediaTypes[kind], maxBytes })
}

function lapsed(status?: number): AdapterFailure {
  return new AdapterFailure('unavailable', '证照登记系统：下载链接已失效 (the download link has lapsed)', {
    code: 'link-lapsed',
    ...(status === undefined ? {} : { status }),
  })
}
