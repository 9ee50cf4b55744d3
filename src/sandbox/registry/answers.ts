// What the registry answers to each call, once the caller is known: `data` in, status and `data` out.
// Every call must give a reason (useCause); a record remembers that it was shown, so that it can be verified later.

import { createHash } from 'node:crypto'
import { ofdOf, pngOf } from './copies.ts'
import type { CertificateRecord, Question } from './records.ts'
import type { Register } from './register.ts'

export interface RegistryAnswer {
  status: string
  message: string
  data?: unknown
}

export interface Shelf {
  /** The record of a holder and type, as of today. */
  look(question: Question): CertificateRecord
  /** A record shown before. */
  shown(identifier: string): CertificateRecord | undefined
  count(what: string): void
  /** Path of a new temporary link to the plain copy. */
  link(record: CertificateRecord): string
  /** Whether this holder allowed it by this code; a download uses the code up. */
  authorised(holderCode: string, code: unknown, use: boolean): boolean
  /** Copies handed out, by SHA-256. */
  issued: Map<string, CertificateRecord>
  /** What others have put in. */
  register: Register
}

type Fields = Record<string, unknown>
type Call = (data: Fields, shelf: Shelf) => RegistryAnswer

const messages: Readonly<Record<string, string>> = {
  0: '成功',
  10: '未查询到证照信息',
  11: '身份校验失败',
  12: '必填参数为空',
  21: '证照已注销',
  22: '证照已过期',
  31: '证照已登记',
  100: '无此类证照的使用权限',
  102: '参数值错误',
  103: '持证者类型错误',
  110: '持证者代码为空',
  113: '证照类型代码错误',
}
const HOLDER_TYPES = /^(001|099|111|114|115|118|119|120|122|41[1-4]|511|516|999)$/
const CERTIFICATE_TYPE = /^[0-9A-Z]{18}\d{3}$/
const LONGEST_CAUSE = 200

export function status(code: string, data?: unknown): RegistryAnswer {
  return { status: code, message: messages[code] ?? '其他错误', data }
}

/** The calls of /CertShare by name. */
export const calls: Readonly<Record<string, Call>> = {
  queryCertInfoByHolderCode: withCause(query),
  queryCertInfo: withCause(queryByIdentifier),
  queryCertInfoByQRcode: withCause(queryByCode),
  downloadUrlsByHolderCode: withCause(linksByHolder),
  downloadUrl: withCause(linkByIdentifier),
  verifyCertInfo: withCause(verify),
  verifyFile: withCause(verifyFile),
  downloadFile: download,
  registerCertInfo: withCause(register),
  getCertRemarkInfo: remarks,
}

function withCause(call: Call): Call {
  return (data, shelf) => (isText(data.useCause, LONGEST_CAUSE) ? call(data, shelf) : status('12'))
}

function query(data: Fields, shelf: Shelf): RegistryAnswer {
  const record = ofHolder(data, shelf)
  if ('status' in record) return record
  shelf.count(record.standing)
  return shownAs(record)
}

function ofHolder(data: Fields, shelf: Shelf): CertificateRecord | RegistryAnswer {
  const { holderCode, holderTypeCode, certTypeCode } = data
  if (!isText(holderCode, 64)) return status('110')
  if (!isText(holderTypeCode, 3) || !HOLDER_TYPES.test(holderTypeCode)) return status('103')
  if (!isText(certTypeCode, 21) || !CERTIFICATE_TYPE.test(certTypeCode)) return status('113')
  const record = shelf.look({ holderCode, holderTypeCode, certTypeCode })
  return isAllowed(data, record, shelf) ? record : status('100')
}

/** 依授权: only with a code that this holder gave; 依职能 needs none. */
function isAllowed(data: Fields, { certData }: CertificateRecord, shelf: Shelf, use = false): boolean {
  if (data.grantType !== 'authorization') return true
  return shelf.authorised(String(certData.certificateHolderCode), data.authCode, use)
}

function queryByIdentifier(data: Fields, shelf: Shelf): RegistryAnswer {
  const record = shelf.shown(String(data.certIdentifier))
  return record ? shownAs(record) : status('10')
}

/** The QR code of a certificate holds its identifier. */
function queryByCode(data: Fields, shelf: Shelf): RegistryAnswer {
  const identifier = /1\.2\.156\.3005\.2\.[0-9A-Z.]+$/.exec(String(data.qrcode))?.[0]
  return identifier === undefined ? status('102') : queryByIdentifier({ certIdentifier: identifier }, shelf)
}

function linksByHolder(data: Fields, shelf: Shelf): RegistryAnswer {
  const record = ofHolder(data, shelf)
  if ('status' in record) return record
  return record.standing === 'valid' ? status('0', [linkTo(record, shelf)]) : shownAs(record)
}

function linkByIdentifier(data: Fields, shelf: Shelf): RegistryAnswer {
  const record = shelf.shown(String(data.certIdentifier))
  if (!record) return status('10')
  return isAllowed(data, record, shelf, true) ? status('0', linkTo(record, shelf)) : status('100')
}

function linkTo(record: CertificateRecord, shelf: Shelf): Fields {
  shelf.count('links')
  return { contentType: 'url', certIdentifier: record.identifier, content: shelf.link(record) }
}

function shownAs(record: CertificateRecord): RegistryAnswer {
  const { standing, identifier, certData } = record
  if (standing === 'not-found') return status('10')
  if (standing === 'revoked') return status('21')
  if (standing === 'expired') return status('22')
  return status('0', { cert_identifier: identifier, certData })
}

/** 0 correct and valid, 7 partly wrong, 2 suspended, 5 not found, 6 no parameters. */
function verify(data: Fields, shelf: Shelf): RegistryAnswer {
  const { certData, certTypeCode } = data
  if (!isFields(certData) || !isText(certTypeCode, 21)) return status('0', { result: '6' })
  const { certificateHolderCode: holderCode, certificateHolderType: holderTypeCode } = certData
  if (!isText(holderCode, 64) || !isText(holderTypeCode, 3)) return status('0', { result: '4' })
  const record =
    shelf.register.numbered(certTypeCode, certData.certificateNumber) ??
    shelf.look({ holderCode, holderTypeCode, certTypeCode })
  const results = { valid: '0', suspended: '2', revoked: '3', expired: '3', 'not-found': '5' } as const
  const same = JSON.stringify(record.certData) === JSON.stringify(certData)
  return status('0', { result: same || record.standing === 'not-found' ? results[record.standing] : '7' })
}

/** The annotated copy: says for what it was made, as real ones do. */
function download(data: Fields, shelf: Shelf): RegistryAnswer {
  const { fileType, certificateIdentifier, certificateCopyCause: cause } = data
  if (!isText(cause, LONGEST_CAUSE)) return status('12')
  if (fileType !== 'ofd' && fileType !== 'png') return status('102')
  const record = shelf.shown(String(certificateIdentifier))
  if (!record) return status('10')
  if (!isAllowed(data, record, shelf, true)) return status('100')
  shelf.count('copies')
  const { certificateCopyExpiringTime: until } = data
  const note = { cause, ...(isText(until, 32) ? { until } : {}) }
  const copy = fileType === 'ofd' ? ofdOf(record, note) : pngOf(record)
  shelf.issued.set(sha256(copy), record)
  return status('0', copy.toString('base64'))
}

/** A copy is known by its bytes, and stands as its certificate does. */
function verifyFile(data: Fields, shelf: Shelf): RegistryAnswer {
  const { content, contentType, certTypeCode } = data
  if (contentType !== 'base64' || typeof content !== 'string') return status('102')
  const record = shelf.issued.get(sha256(Buffer.from(content, 'base64')))
  if (!record || record.certData.certificateType !== certTypeCode) return status('10')
  return record.standing === 'valid' ? status('0', { result: '0' }) : status('23')
}

/** Taken once: the same again is said to be there, another record under its identifier is refused. */
function register(data: Fields, shelf: Shelf): RegistryAnswer {
  const taken = shelf.register.take(data.certIdentifier, data.certTypeCode, data.certData)
  if (taken === 'new') shelf.count('registered')
  if (taken === 'known') shelf.count('duplicates')
  return status({ new: '0', known: '31', other: '102', wrong: '12' }[taken])
}

function remarks(data: Fields): RegistryAnswer {
  if (!isText(data.certName, 512) || !isText(data.certTypeCode, 21)) return status('12')
  return status('0', { surface: [{ columnName: 'CZZT', name: '持证主体', valueType: 'string' }] })
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && [...value].length <= longest
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
