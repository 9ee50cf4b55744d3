// What the department takes of a step, field by field: a field too many, too few or wrong is named, never mended.
// Must not know the register.

import { isBeijingTime } from '../../beijing-time.ts'
import { isIdNumber, isUscc } from '../../world/numbers.ts'
import type { Read, Receive, SentFile, SentMaterial } from '../receive.ts'
import { isFields, parseXml } from './wire.ts'

export interface Step {
  process: string
  fields: Record<string, string>
  items: Record<string, string>[]
}

/** The step in the inner document, or undefined. */
export function readStep(xml: string): Step | undefined {
  const info = parseXml(xml)?.ExInfo
  if (!isFields(info)) return undefined
  const [standard, ...others] = Array.isArray(info.standardInfo) ? info.standardInfo : []
  if (!isFields(standard) || others.length > 0 || !Array.isArray(standard.Field)) return undefined
  const fields: Record<string, string> = {}
  for (const field of standard.Field as unknown[]) {
    const name = isFields(field) ? String(field['@FieldName'] ?? '') : ''
    if (!name || Object.hasOwn(fields, name)) return undefined
    fields[name] = String((field as Record<string, unknown>)['#text'] ?? '')
  }
  const items = (Array.isArray(info.ItemInfo) ? info.ItemInfo : []).map((item: unknown) =>
    Object.fromEntries(
      Object.entries(isFields(item) ? item : {}).map(([key, value]) => [key, String(value)]),
    ),
  )
  return { process: String(standard['@process'] ?? ''), fields, items }
}

type Checks = Readonly<Record<string, (value: string, fields: Record<string, string>) => boolean>>

const filled = (value: string) => value.trim() !== '' && value.length <= 300 && value.isWellFormed()
const anything = () => true

const submissionChecks: Checks = {
  SBLSH: filled,
  SXBM: filled,
  SXMC: filled,
  SQRLX: (value) => value === '1' || value === '2',
  SQRMC: filled,
  SQRZJLX: filled,
  SQRZJHM: (value, { SQRZJLX: type }) =>
    type === '111' ? isIdNumber(value) : type === '001' ? isUscc(value) : filled(value),
  LXRXM: filled,
  LXRSJ: (value) => value === '' || /^(1\d{10}|0\d{2,3}-?\d{7,8})$/.test(value),
  SBXMMC: filled,
  SBCLQD: anything,
  TJFS: (value) => ['0', '1', '8'].includes(value),
  SBHZH: filled,
  SBSJ: isBeijingTime,
  SBJTWD: filled,
  XZQHDM: (value) => /^41\d{4}(0{6})?$/.test(value),
  SBBMZZJGDM: filled,
  YSBLSH: filled,
  QDFS: (value) => ['0', '1', '8'].includes(value),
}
const supplementChecks: Checks = {
  SBLSH: filled,
  XH: (value) => /^[1-9]\d?$/.test(value),
  BJCLQD: anything,
  BJSJ: isBeijingTime,
}
const withdrawalChecks: Checks = { SBLSH: filled, CXYY: filled, CXSJ: isBeijingTime }

export function readSubmission(step: Step): Read<Receive> {
  const field = firstWrong(step.fields, submissionChecks)
  if (field) return { ok: false, field }
  const { SBLSH = '', YSBLSH = '', SXBM = '', SXMC = '', SBCLQD = '' } = step.fields
  const materials = materialsOf(SBCLQD, step.items)
  if (typeof materials === 'string') return { ok: false, field: materials }
  return {
    ok: true,
    message: { outerNo: SBLSH, submissionNo: YSBLSH, itemCode: SXBM, itemName: SXMC, materials },
  }
}

export function readSupplement(
  step: Step,
): Read<{ outerNo: string; round: number; materials: SentMaterial[] }> {
  const field = firstWrong(step.fields, supplementChecks)
  if (field) return { ok: false, field }
  const materials = materialsOf(step.fields.BJCLQD ?? '', step.items)
  if (typeof materials === 'string') return { ok: false, field: materials }
  return { ok: true, message: { outerNo: step.fields.SBLSH ?? '', round: Number(step.fields.XH), materials } }
}

export function readWithdrawal(step: Step): Read<{ outerNo: string; reason: string }> {
  const field = firstWrong(step.fields, withdrawalChecks)
  if (field) return { ok: false, field }
  return { ok: true, message: { outerNo: step.fields.SBLSH ?? '', reason: step.fields.CXYY ?? '' } }
}

function firstWrong(fields: Record<string, string>, checks: Checks): string | undefined {
  const unknown = Object.keys(fields).find((name) => !Object.hasOwn(checks, name))
  if (unknown) return unknown
  return Object.entries(checks).find(([name, fits]) => {
    const value = fields[name]
    return value === undefined || !fits(value, fields)
  })?.[0]
}

const forms: Readonly<Record<string, SentMaterial['form']>> = {
  '0': 'paper',
  '1': 'upload',
  '2': 'certificate',
  '3': 'shared',
}

/** The list and its files, or the name of what is wrong with them. */
function materialsOf(list: string, items: readonly Record<string, string>[]): SentMaterial[] | string {
  const materials: SentMaterial[] = []
  for (const written of list === '' ? [] : list.split(';')) {
    const [code = '', name = '', source = '', copies = '', certificate = ''] = written.split('|')
    const form = forms[source]
    const files = items.filter((item) => item['@CLBM'] === code).map(fileOf)
    if (!code || !name || !form || !files.every(isFile)) return 'SBCLQD'
    if (form === 'certificate' && files.length === 0 && !certificate) return 'SBCLQD'
    if (files.length !== Number(copies) || (form === 'upload' && files.length === 0)) return 'ItemInfo'
    materials.push({ code, name, form, files: files.filter(isFile) })
  }
  const listed = new Set(materials.map(({ code }) => code))
  return items.every((item) => listed.has(item['@CLBM'] ?? '')) ? materials : 'ItemInfo'
}

function fileOf(item: Record<string, string>): SentFile | undefined {
  const {
    '@WJMC': name = '',
    '@WJDZ': url = '',
    '@WJDX': size = '',
    '@WJZY': sha256 = '',
    '@WJLX': type = '',
  } = item
  const fits =
    name && type && /^https?:\/\/\S+$/.test(url) && /^[1-9]\d*$/.test(size) && /^[0-9a-f]{64}$/.test(sha256)
  return fits ? { name, url, size: Number(size), sha256, type } : undefined
}

const isFile = (file: SentFile | undefined): file is SentFile => file !== undefined
