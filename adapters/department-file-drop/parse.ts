// The bytes of a file as plain data, within limits. XML without DTD and entities of its own; every value stays text.
// @throws AdapterFailure 'unrecognised' from every function here, with a sentence that quotes nothing of the file

import { parse as parseCsv } from 'csv-parse/sync'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { decode } from '../../src/adapter-kit/charset.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { parseKeepingDigits } from '../../src/adapter-kit/loose-json.ts'
import { unrecognised } from './faults.ts'
import type { Format, Limits } from './settings.ts'

export interface ParseRules {
  format: Format
  charset: Charset
  delimiter: string
  limits: Pick<Limits, 'depth' | 'events'>
}

export function parseFile(bytes: Buffer, rules: ParseRules): unknown {
  const text = decode(bytes, rules.charset)
  if (text === undefined)
    throw unrecognised(`编码不是 ${rules.charset} (the charset is not ${rules.charset})`)
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

export function xmlDocument(text: string, depth: number): unknown {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw unrecognised('XML 不得含 DTD (XML must not have a DTD)')
  if (tagsIn(text) > MOST_TAGS) throw unrecognised('XML 元素过多 (the XML has too many elements)')
  const parser = new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    removeNSPrefix: true,
    parseTagValue: false,
    trimValues: true,
    maxNestedTags: depth,
    processEntities: {
      enabled: true,
      maxEntityCount: 1,
      maxTotalExpansions: 100_000,
      maxExpandedLength: 1_000_000,
    },
  })
  return rootOf(text, parser)
}

/** Depth is limited by the parser, so it goes first; it takes much for XML that is none, so the validator follows. */
function rootOf(text: string, parser: XMLParser): unknown {
  const broken = '文件不是 XML、不完整或层数过多 (the file is not XML, not whole, or nested too deeply)'
  try {
    const [root] = Object.values(parser.parse(text) as Record<string, unknown>)
    if (XMLValidator.validate(text) === true) return root
  } catch {
    throw unrecognised(broken)
  }
  throw unrecognised(broken)
}

const MOST_TAGS = 500_000

function tagsIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('<'); at >= 0 && count <= MOST_TAGS; at = text.indexOf('<', at + 1)) count++
  return count
}

function csvRecords(text: string, { delimiter, limits }: ParseRules): unknown {
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
