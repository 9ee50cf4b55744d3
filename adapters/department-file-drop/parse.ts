// The bytes of a file as plain data, within limits; XML as the kit reads it.
// @throws AdapterFailure 'unrecognised' from every function here, with a sentence that quotes nothing of the file

import { parse as parseCsv } from 'csv-parse/sync'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { parseKeepingDigits } from '../../src/adapter-kit/loose-json.ts'
import { readXml, type XmlElement } from '../../src/adapter-kit/xml.ts'
import { fileText } from './charsets.ts'
import { unrecognised } from './faults.ts'
import type { Format, Limits } from './settings.ts'

interface ParseRules {
  format: Format
  charset: Charset
  delimiter: string
  limits: Pick<Limits, 'depth' | 'events'>
}

export function parseFile(bytes: Buffer, rules: ParseRules): unknown {
  return parseText(fileText(bytes, rules.format, rules.charset), rules)
}

export function parseText(text: string, rules: Omit<ParseRules, 'charset'>): unknown {
  if (text.includes('\u0000')) throw unrecognised('文件含有 NUL 字符 (there is a NUL character in it)')
  if (rules.format === 'csv') return csvRecords(text, rules)
  return rules.format === 'xml'
    ? xmlDocument(text, rules.limits.depth)
    : jsonDocument(text, rules.limits.depth)
}

function jsonDocument(text: string, depth: number): unknown {
  let document: unknown
  try {
    document = parseKeepingDigits(text)
  } catch {
    throw unrecognised('文件不是 JSON，或不完整 (the file is not JSON, or not whole)')
  }
  if (isDeeper(document, depth)) throw unrecognised('JSON 层数过多 (JSON is nested too deeply)')
  return document
}

function isDeeper(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return left === 0 || Object.values(value).some((one) => isDeeper(one, left - 1))
}

/** What is below the root, as members without prefix; attributes say nothing here. Every value stays text. */
function xmlDocument(text: string, depth: number): unknown {
  // The bytes are limited already.
  return membersOf(
    readXml(text, { lenient: true, limits: { characters: text.length, tags: MOST_TAGS, depth } }),
  )
}

const MOST_TAGS = 500_000

function membersOf({ children, trimmed }: XmlElement): unknown {
  if (children.length === 0) return trimmed
  const members = new Map<string, unknown[]>()
  for (const child of children) {
    const known = members.get(child.name)
    if (known) known.push(membersOf(child))
    else members.set(child.name, [membersOf(child)])
  }
  const named = [...members].map(([name, values]) => [name, values.length > 1 ? values : values[0]])
  return { ...Object.fromEntries(named), ...(trimmed === '' ? {} : { '#text': trimmed }) }
}

function csvRecords(text: string, { delimiter, limits }: Omit<ParseRules, 'charset'>): unknown {
  let rows: Record<string, string>[]
  try {
    rows = parseCsv(text, {
      columns: (names: string[]) => names.map((name) => name.trim()),
      bom: true,
      delimiter,
      skip_empty_lines: true,
      to: limits.events + 1,
      max_record_size: 65_536,
    })
  } catch {
    throw unrecognised('文件不是 CSV，或行列不齐 (the file is not CSV, or its rows are uneven)')
  }
  return rows.map(nested)
}

const ownMembers = /^(?!__proto__$|constructor$|prototype$)/

/** `result.name` becomes a member of `result`. */
function nested(row: Record<string, string>): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  for (const [column, value] of Object.entries(row)) {
    const [first = '', second, ...rest] = column.split('.')
    if (!ownMembers.test(first) || (second !== undefined && !ownMembers.test(second)) || rest.length > 0)
      throw unrecognised('CSV 列名无法识别 (a column of the CSV has no usable name)')
    if (second === undefined) record[first] = value
    else record[first] = { ...(record[first] as object | undefined), [second]: value }
  }
  return record
}
