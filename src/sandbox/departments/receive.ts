// What a department accepts, field by field, as strict as a real intake form: a wrong field is named, never mended.
// Must not know the register.

import { isBeijingTime } from '../beijing-time.ts'
import { isIdNumber, isUscc } from '../world/numbers.ts'

export interface SentFile {
  name: string
  url: string
  size: number
  sha256: string
  type: string
}

export interface SentMaterial {
  code: string
  name: string
  form: 'upload' | 'certificate' | 'shared' | 'paper'
  licenseNo?: string
  files: SentFile[]
}

export interface Receive {
  outerNo: string
  submissionNo: string
  itemCode: string
  itemName: string
  materials: SentMaterial[]
}

export interface Supplement {
  outerNo: string
  projectNo: string
  round: number
  materials: SentMaterial[]
}

export interface Withdraw {
  outerNo: string
  projectNo: string
  reason: string
}

/** The message, or the name of the first field that is wrong. */
export type Read<T> = { ok: true; message: T } | { ok: false; field: string }
type Fields = Record<string, unknown>

const FORMS = new Set(['upload', 'certificate', 'shared', 'paper'])

export function readReceive(body: unknown): Read<Receive> {
  if (!isFields(body)) return wrong('$')
  const applicant = isFields(body.applicant) ? body.applicant : {}
  return firstWrong(body, [
    ['outerNo', isText(body.outerNo)],
    ['submissionNo', isText(body.submissionNo)],
    ['itemCode', isText(body.itemCode)],
    ['itemName', isText(body.itemName)],
    ['areaCode', isDivision(body.areaCode)],
    ['sourceArea', isDivision(body.sourceArea)],
    ['applyType', ['1', '2', '3'].includes(String(body.applyType))],
    ['applyTime', isBeijingTime(body.applyTime)],
    ['applicant.kind', applicant.kind === '1' || applicant.kind === '2'],
    ['applicant.name', isText(applicant.name)],
    ['applicant.certType', isText(applicant.certType)],
    ['applicant.certNo', isHolderNumber(applicant.certType, applicant.certNo)],
    ['applicant.phone', applicant.phone === undefined || applicant.phone === '' || isPhone(applicant.phone)],
    ['formData', isFields(body.formData)],
    ...materialChecks(body.materials),
  ])
}

export function readSupplement(body: unknown): Read<Supplement> {
  if (!isFields(body)) return wrong('$')
  return firstWrong(body, [
    ['outerNo', isText(body.outerNo)],
    ['projectNo', isText(body.projectNo)],
    ['round', Number.isInteger(body.round) && Number(body.round) >= 1],
    ...materialChecks(body.materials),
  ])
}

export function readWithdraw(body: unknown): Read<Withdraw> {
  if (!isFields(body)) return wrong('$')
  return firstWrong(body, [
    ['outerNo', isText(body.outerNo)],
    ['projectNo', isText(body.projectNo)],
    ['reason', isText(body.reason)],
  ])
}

type Check = [field: string, fits: boolean]

function firstWrong<T>(body: Fields, checks: readonly Check[]): Read<T> {
  const failed = checks.find(([, fits]) => !fits)
  return failed ? wrong(failed[0]) : { ok: true, message: body as T }
}

function wrong(field: string): { ok: false; field: string } {
  return { ok: false, field }
}

function materialChecks(materials: unknown): Check[] {
  if (!Array.isArray(materials)) return [['materials', false]]
  return materials.flatMap((material: unknown, i): Check[] => {
    const at = `materials[${i}]`
    if (!isFields(material) || !Array.isArray(material.files)) return [[at, false]]
    return [
      [`${at}.code`, isText(material.code)],
      [`${at}.name`, isText(material.name)],
      [`${at}.form`, FORMS.has(String(material.form))],
      [`${at}.files`, material.form !== 'upload' || material.files.length > 0],
      ...material.files.map((file: unknown, n): Check => [`${at}.files[${n}]`, isFile(file)]),
    ]
  })
}

function isFile(file: unknown): boolean {
  if (!isFields(file) || !isText(file.name) || !isText(file.type)) return false
  if (typeof file.url !== 'string' || !/^https?:\/\/\S+$/.test(file.url)) return false
  return /^[0-9a-f]{64}$/.test(String(file.sha256)) && Number.isInteger(file.size) && Number(file.size) > 0
}

function isHolderNumber(type: unknown, number: unknown): boolean {
  if (!isText(number)) return false
  if (type === '111') return isIdNumber(number)
  return type === '001' ? isUscc(number) : true
}

function isDivision(value: unknown): boolean {
  return typeof value === 'string' && /^41\d{4}$/.test(value)
}

function isPhone(value: unknown): boolean {
  return typeof value === 'string' && /^(1\d{10}|0\d{2,3}-?\d{7,8})$/.test(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 300 && value.isWellFormed()
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
