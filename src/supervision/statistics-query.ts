// ?from=&to=&by=&format= of statistics, and the same words of the command: read whole, every fault at once.

import { isSaneYear } from '../domain/calendar.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { unknownParameters } from '../http/query-parameters.ts'
import { type Grouping, groupings, type Span } from './statistics.ts'

export const formats = ['json', 'csv'] as const
type Format = (typeof formats)[number]

interface StatisticsQuery extends Span {
  by: Grouping
  format: Format
}

const LONGEST_DAYS = 3_660
const DAY_MS = 86_400_000
const names = ['from', 'to', 'by', 'format'] as const

/** This year until today by theme, unless said otherwise. A month (2026-11) stands for its first and its last day. */
export function readStatisticsQuery(
  query: Readonly<Record<string, unknown>>,
  today: string,
): StatisticsQuery | { errors: FieldError[] } {
  const errors: FieldError[] = []
  const wrong = (name: string, en: string, zh: string): void =>
    void errors.push(fieldError(`/query/${name}`, 'invalid-value', en, zh))
  errors.push(...unknownParameters(query, names))
  const from = edgeDay(query.from ?? `${today.slice(0, 4)}-01-01`, 'first')
  const to = edgeDay(query.to ?? today, 'last')
  if (from === null)
    wrong(
      'from',
      'must be a day such as 2026-11-01 or a month such as 2026-11, of the years 2000 to 2299',
      '须为 2000 至 2299 年的日期（如 2026-11-01）或月份（如 2026-11）',
    )
  if (to === null)
    wrong(
      'to',
      'must be a day such as 2026-11-30 or a month such as 2026-11, of the years 2000 to 2299',
      '须为 2000 至 2299 年的日期（如 2026-11-30）或月份（如 2026-11）',
    )
  if (from !== null && to !== null && from > to) wrong('to', 'must not be before from', '不能早于 from')
  if (from !== null && to !== null && daysFrom(from, to) > LONGEST_DAYS)
    wrong('from', 'must be within ten years of to', '与 to 相距不能超过十年')
  const by = groupings.find((one) => one === (query.by ?? 'theme'))
  if (!by) wrong('by', `must be one of ${groupings.join(', ')}`, `只能为：${groupings.join('、')}`)
  const format = formats.find((one) => one === (query.format ?? 'json'))
  if (!format) wrong('format', 'must be json or csv', '只能为 json 或 csv')
  if (errors.length > 0) return { errors }
  return { from: from!, to: to!, by: by!, format: format! }
}

function edgeDay(given: unknown, edge: 'first' | 'last'): string | null {
  if (typeof given !== 'string' || !/^\d{4}-\d{2}(-\d{2})?$/.test(given)) return null
  const isMonth = given.length === 7
  const at = new Date(`${isMonth ? `${given}-01` : given}T00:00:00Z`)
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(given) || !isSaneYear(given)) return null
  if (isMonth && edge === 'last') at.setUTCMonth(at.getUTCMonth() + 1, 0)
  return at.toISOString().slice(0, 10)
}

const daysFrom = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS
