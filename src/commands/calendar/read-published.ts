// A published calendar as people have it: the form of config/calendar, a list of days in JSON or YAML
// (`days: [{ date, name, isOffDay }]`, as holiday-cn publishes it), or CSV with the columns date, kind and name.
// Makes one form of them; whether its days make sense is checked afterwards.

import { parse as parseCsv } from 'csv-parse/sync'
import { parse as parseYaml } from 'yaml'
import type { CalendarFile } from '../../../schemas/types.ts'
import { isRecord } from '../../adapter-kit/loose-json.ts'
import { dayAfter } from '../../domain/calendar.ts'

export interface Given {
  text: string
  fileName: string
  /** Win over what the file says, and are needed where it says nothing. */
  year?: number
  source?: string
}

interface Day {
  date: string
  off: boolean
  name: string
  /** Where it was read, for a person. */
  place: string
}

/** The calendar, or what is wrong, a sentence a fault. */
export function readPublished(given: Given): { calendar: Record<string, unknown> } | { faults: string[] } {
  try {
    if (/\.csv$/i.test(given.fileName)) return fromDays(daysOfCsv(given.text), given, {})
    const data: unknown = parseYaml(given.text)
    if (!isRecord(data)) return { faults: ['the file holds no calendar · 文件内容不是日历'] }
    if (Array.isArray(data.days)) return fromDays(daysOfList(data.days), given, data)
    return {
      calendar: {
        ...data,
        ...(given.year === undefined ? {} : { year: given.year }),
        ...(given.source === undefined ? {} : { source: given.source }),
      },
    }
  } catch (error) {
    return { faults: [`the file cannot be read: ${(error as Error).message} · 文件无法解析`] }
  }
}

function daysOfList(list: readonly unknown[]): Day[] {
  return list.map((one, i) => {
    const { date, name, isOffDay } = isRecord(one) ? one : {}
    return {
      date: String(date ?? ''),
      off: isOffDay as boolean,
      name: String(name ?? ''),
      place: `days[${i}]`,
    }
  })
}

const kinds = new Map<string, boolean>([
  ['off', true],
  ['休', true],
  ['放假', true],
  ['work', false],
  ['班', false],
  ['上班', false],
])

function daysOfCsv(text: string): Day[] {
  const rows = parseCsv(text, { columns: true, bom: true, trim: true, skip_empty_lines: true }) as Record<
    string,
    string
  >[]
  return rows.map(({ date = '', kind = '', name = '' }, i) => ({
    date,
    off: kinds.get(kind.toLowerCase()) as boolean,
    name,
    place: `row ${i + 2}`,
  }))
}

function fromDays(
  days: readonly Day[],
  given: Given,
  said: Record<string, unknown>,
): { calendar: Record<string, unknown> } | { faults: string[] } {
  const papers = Array.isArray(said.papers) ? said.papers.map(String) : []
  const source = given.source ?? (papers.length > 0 ? papers.join(' ') : undefined)
  const year = given.year ?? (said.year as number | undefined) ?? Number(days[0]?.date.slice(0, 4))
  const faults = [
    ...days.flatMap((day) => dayFaults(day)),
    ...(days.length === 0 ? ['the file lists no day · 文件中没有日期'] : []),
    ...(source === undefined
      ? ['say where it was published: --source "…" · 请用 --source 注明公布文件']
      : []),
  ]
  if (faults.length > 0) return { faults }
  return { calendar: { year, source, daysOff: spans(days), workingDays: worked(days) } }
}

function dayFaults({ date, off, name, place }: Day): string[] {
  return [
    ...(/^\d{4}-\d\d-\d\d$/.test(date)
      ? []
      : [`${place}: "${date}" is no date such as 2027-01-01 · 日期格式应为 2027-01-01`]),
    ...(typeof off === 'boolean'
      ? []
      : [`${place}: say whether it is off or work · 须注明放假（off）或上班（work）`]),
    ...(off === true && name === '' ? [`${place}: the holiday has no name · 缺少节日名称`] : []),
  ]
}

const worked = (days: readonly Day[]): string[] =>
  days
    .filter(({ off }) => !off)
    .map(({ date }) => date)
    .sort()

/** Days of one name that follow one another are one holiday. */
function spans(days: readonly Day[]): CalendarFile['daysOff'] {
  const made: CalendarFile['daysOff'] = []
  for (const { date, name } of days.filter(({ off }) => off).toSorted((a, b) => (a.date < b.date ? -1 : 1))) {
    const last = made.at(-1)
    if (last && last.name.zh === name && dayAfter(last.to) === date) last.to = date
    else made.push({ name: { zh: name, en: english[name] ?? 'Holiday' }, from: date, to: date })
  }
  return made
}

const english: Record<string, string> = {
  元旦: 'New Year',
  春节: 'Spring Festival',
  清明节: 'Tomb-sweeping Day',
  劳动节: 'Labour Day',
  端午节: 'Dragon Boat Festival',
  中秋节: 'Mid-autumn Festival',
  国庆节: 'National Day',
  '国庆节、中秋节': 'National Day and Mid-autumn Festival',
}
