// The inner document of a step: ExInfo with named fields, one standardInfo per record. Written and read, never judged.

import { readXml, refusedXml, type XmlElement } from '../../../src/adapter-kit/xml.ts'
import type { XmlWriter } from '../xml/text.ts'

export interface StepRecord {
  /** As written, e.g. EX_GDBS_SL. */
  process: string
  fields: Readonly<Record<string, string>>
}

type ItemAttributes = Readonly<Record<string, string | undefined>>

export interface Item {
  attributes: ItemAttributes
  /** Base64; empty when the file goes as a link. */
  content: string
}

const MAX_RECORDS = 100
const MAX_FIELDS = 200
const LONGEST_FIELD = 8_000

/** `<ExInfo><standardInfo process='…'><Field FieldName='…'>…</Field></standardInfo><ItemInfo …/></ExInfo>`. */
export function writeInfo({ element, text }: XmlWriter, record: StepRecord, items: readonly Item[]): string {
  const fields = Object.entries(record.fields).map(([name, value]) =>
    element('Field', text(value), { FieldName: name }),
  )
  const standard = element('standardInfo', fields.join(''), { process: record.process })
  const listed = items.map(({ attributes, content }) => element('ItemInfo', text(content), attributes))
  return element('ExInfo', standard + listed.join(''))
}

/** Records in order. @throws AdapterFailure 'unrecognised' */
export function readInfo(written: string): StepRecord[] {
  const root = readXml(written)
  if (root.name !== 'ExInfo') throw refusedXml('不是 ExInfo (is no ExInfo)')
  const records = root.children.filter(({ name }) => name === 'standardInfo')
  const strange = root.children.find(({ name }) => name !== 'standardInfo' && name !== 'ItemInfo')
  if (strange || records.length > MAX_RECORDS)
    throw refusedXml('ExInfo 内容无法识别 (ExInfo holds something else)')
  return records.map(recordOf)
}

function recordOf({ attributes, children }: XmlElement): StepRecord {
  const process = attributes.process?.trim()
  if (!process) throw refusedXml('standardInfo 缺少 process (lacks its process)')
  if (children.length > MAX_FIELDS) throw refusedXml('字段过多 (has too many fields)')
  const fields = new Map<string, string>()
  for (const { name, attributes: own, children: inner, text } of children) {
    const key = own.FieldName?.trim()
    if (name !== 'Field' || !key || inner.length > 0) throw refusedXml('字段不合格式 (a field is malformed)')
    if (fields.has(key)) throw refusedXml(`字段 ${key.slice(0, 40)} 重复 (a field is repeated)`)
    if (text.length > LONGEST_FIELD) throw refusedXml(`字段 ${key.slice(0, 40)} 过长 (a field is too long)`)
    fields.set(key, text.trim())
  }
  return { process, fields: Object.fromEntries(fields) }
}
