// Statistics for publication (及时公开工作进展及成效): counts of a span of days by what somebody asked for, with shares and
// means, and without what would tell of a person. Pure but for the ledger that it asks.

import { dayAfter, type WorkCalendar } from '../domain/calendar.ts'
import type { Catalogue, Names } from '../domain/catalogue.ts'
import type { Pool } from '../ledger/database.ts'
import {
  type DayCount,
  readStatistics,
  type StatisticsKey,
  type StatisticsRow,
} from '../ledger/statistics.ts'
import { definitions, type FigureName } from './statistics-definitions.ts'
import { type Hidden, hiddenIn } from './suppression.ts'

/** What a row is of. `division`: where it is decided; `submitted`: where it was handed in. */
export const groupings = ['theme', 'matter', 'department', 'division', 'submitted', 'month'] as const
export type Grouping = (typeof groupings)[number]

/** yyyy-MM-dd in China's time, both included. */
export interface Span {
  from: string
  to: string
}

export type Figures = { [K in FigureName]: number | null }

export interface StatisticsItem {
  key: string
  name: Names
  /** null: not shown (then it is named in `suppressed`), or nothing to divide by. */
  figures: Figures
  suppressed: FigureName[]
}

export interface Statistics extends Span {
  by: Grouping
  /** Counts below this are not shown. */
  smallestCount: number
  items: StatisticsItem[]
  total: Omit<StatisticsItem, 'key' | 'name'>
  definitions: typeof definitions
}

export interface StatisticsDeps {
  readers: Pool
  catalogue: Catalogue
  calendar: WorkCalendar
  smallestCount: number
  today: string
}

export async function statisticsOf(deps: StatisticsDeps, by: Grouping, span: Span): Promise<Statistics> {
  const key: StatisticsKey = by === 'department' ? 'matter' : by
  const found = await readStatistics(deps.readers, key, span, dayCount(deps.today, deps.calendar))
  const rows = by === 'department' ? byDepartment(found, deps.catalogue) : found
  const { items, total } = shown(rows, deps.smallestCount)
  const named = items.map((item, i) => {
    const code = rows[i]!.key
    return { key: code, name: nameOf(by, code, deps.catalogue), ...item }
  })
  return { ...span, by, smallestCount: deps.smallestCount, items: named, total, definitions }
}

const YEARS_BACK = 3

/** Enough of the calendar for any case that is decided now. */
export function dayCount(today: string, calendar: WorkCalendar): DayCount {
  const days: string[] = []
  const workingDays: number[] = []
  let counted = 0
  for (let day = dayAfter(today, -366 * YEARS_BACK); day <= dayAfter(today, 1); day = dayAfter(day)) {
    if (calendar.isWorkingDay(day)) counted++
    days.push(day)
    workingDays.push(counted)
  }
  return { days, workingDays }
}

/** A matter that the catalogue no longer has belongs to nobody known. */
function byDepartment(rows: readonly StatisticsRow[], { matters }: Catalogue): StatisticsRow[] {
  const sums = new Map<string, StatisticsRow>()
  for (const row of rows) {
    const key = matters.get(row.key)?.department ?? ''
    sums.set(key, added(sums.get(key) ?? { ...nothing, key }, row))
  }
  return [...sums.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

const nothing: StatisticsRow = {
  key: '',
  received: 0,
  crossDivision: 0,
  decided: 0,
  onTime: 0,
  workingDays: 0,
  corrections: 0,
  certificates: 0,
  parcelsCollected: 0,
  parcelsDelivered: 0,
  tripsSaved: 0,
  rated: 0,
  satisfied: 0,
}

type Count = Exclude<keyof StatisticsRow, 'key'>
const counts = Object.keys(nothing).filter((name) => name !== 'key') as Count[]

const added = (a: StatisticsRow, b: StatisticsRow): StatisticsRow =>
  Object.fromEntries([['key', a.key], ...counts.map((name) => [name, a[name] + b[name]])]) as never

/** Parts after their wholes. */
const columns: readonly { name: Exclude<Count, 'workingDays'>; of?: 'received' | 'decided' | 'rated' }[] = [
  { name: 'received' },
  { name: 'decided' },
  { name: 'rated' },
  { name: 'crossDivision', of: 'received' },
  { name: 'onTime', of: 'decided' },
  { name: 'satisfied', of: 'rated' },
  { name: 'corrections' },
  { name: 'certificates' },
  { name: 'parcelsCollected' },
  { name: 'parcelsDelivered' },
  { name: 'tripsSaved' },
]

type Shown = Pick<StatisticsItem, 'figures' | 'suppressed'>

export function shown(rows: readonly StatisticsRow[], smallest: number): { items: Shown[]; total: Shown } {
  const hidden = new Map<Count, Hidden>()
  const values = (name: Count): number[] => rows.map((row) => row[name])
  for (const { name, of } of columns) {
    const whole = of ? { whole: { values: values(of), hidden: hidden.get(of)! } } : {}
    hidden.set(name, hiddenIn({ values: values(name), ...whole }, smallest))
  }
  const total = rows.reduce(added, nothing)
  return {
    items: rows.map((row, i) => figuresOf(row, (name) => hidden.get(name)!.rows.has(i))),
    total: figuresOf(total, (name) => hidden.get(name)!.total),
  }
}

function figuresOf(row: StatisticsRow, isHidden: (name: Count) => boolean): Shown {
  const suppressed: FigureName[] = []
  const hide = (figure: FigureName): null => {
    suppressed.push(figure)
    return null
  }
  const count = (name: Exclude<Count, 'workingDays'>): number | null =>
    isHidden(name) ? hide(name) : row[name]
  const ratio = (figure: FigureName, part: Count, whole: Count, digits: number): number | null => {
    if (isHidden(whole) || (part !== 'workingDays' && isHidden(part))) return hide(figure)
    return row[whole] === 0 ? null : Number((row[part] / row[whole]).toFixed(digits))
  }
  const figures: Figures = {
    received: count('received'),
    crossDivision: count('crossDivision'),
    crossDivisionShare: ratio('crossDivisionShare', 'crossDivision', 'received', 4),
    decided: count('decided'),
    onTime: count('onTime'),
    onTimeShare: ratio('onTimeShare', 'onTime', 'decided', 4),
    meanWorkingDays: ratio('meanWorkingDays', 'workingDays', 'decided', 2),
    corrections: count('corrections'),
    certificates: count('certificates'),
    parcelsCollected: count('parcelsCollected'),
    parcelsDelivered: count('parcelsDelivered'),
    tripsSaved: count('tripsSaved'),
    rated: count('rated'),
    satisfied: count('satisfied'),
    satisfiedShare: ratio('satisfiedShare', 'satisfied', 'rated', 4),
  }
  return { figures, suppressed }
}

/** Codes of something that the catalogue no longer has stand for themselves. */
function nameOf(by: Grouping, code: string, catalogue: Catalogue): Names {
  const { themes, matters, departments, divisions } = catalogue
  const places = {
    theme: themes,
    matter: matters,
    department: departments,
    division: divisions,
    submitted: divisions,
  }
  if (by === 'month') return { zh: `${code.slice(0, 4)}年${Number(code.slice(5))}月`, en: code }
  return places[by].get(code)?.name ?? { zh: code || '其他', en: code || 'other' }
}
