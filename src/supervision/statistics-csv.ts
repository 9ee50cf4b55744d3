// Statistics as a table that opens in Excel: RFC 4180 with a byte order mark, for without it Chinese is garbled there. A
// text that a spreadsheet would take for a formula gets an apostrophe before it.

import type { Statistics, StatisticsItem } from './statistics.ts'
import { definitions, figureNames } from './statistics-definitions.ts'

const BOM = '\ufeff'
/** Stands where a number is not shown; an empty cell has nothing to show. */
const SUPPRESSED = '*'

export function statisticsCsv({ items, total, by }: Statistics): string {
  const head = [`${by}`, '名称 name', ...figureNames.map((name) => both(definitions[name].name))]
  const rows = items.map((item) => [item.key, item.name.zh, ...numbersOf(item)])
  const sum = ['', '合计 total', ...numbersOf(total)]
  return BOM + [head, ...rows, sum].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

const both = ({ zh, en }: { zh: string; en: string }): string => `${zh} ${en}`

function numbersOf({ figures, suppressed }: Pick<StatisticsItem, 'figures' | 'suppressed'>): string[] {
  return figureNames.map((name) =>
    suppressed.includes(name) ? SUPPRESSED : figures[name] === null ? '' : String(figures[name]),
  )
}

/** One field of RFC 4180 that no spreadsheet runs. */
export function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
