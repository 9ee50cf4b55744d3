// Times as platforms write them, in China's time: by a pattern, or counted since 1970. Must not read any clock.

const OFFSET_MS = 8 * 60 * 60 * 1000
const parts = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss', 'SSS'] as const
type Part = (typeof parts)[number]
/** `M`, `d` and `H` are the same without a leading zero. */
const short: Readonly<Record<string, Part>> = { M: 'MM', d: 'dd', H: 'HH' }
const PART = new RegExp([...parts, ...Object.keys(short)].join('|'), 'g')
const countedMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
])

/** For JSON Schema: `ms`, `s`, or a pattern; any other letter would stand in the time as it is, and minutes without an hour are months. */
export const TIME_PATTERN = `^(?:ms|s|(?=.*yyyy)(?!(?!.*H).*m)(?:yyyy|MM?|dd?|HH?|mm|ss|SSS|T|[^A-Za-z'"])+)$`

/** An ISO 8601 time by such a pattern, or as the number that is counted; undefined when it is none. */
export function writeTime(iso: string, pattern: string): string | number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}T/.test(iso) ? Date.parse(iso) : Number.NaN
  if (Number.isNaN(ms)) return undefined
  const counted = countedMs.get(pattern)
  if (counted !== undefined) return Math.floor(ms / counted)
  const digits = new Date(ms + OFFSET_MS).toISOString().match(/\d+/g) ?? []
  return pattern.replace(PART, (part) => {
    const written = digits[parts.indexOf(short[part] ?? (part as Part))] ?? ''
    return part in short ? String(Number(written)) : written
  })
}

/** Their day or time, undefined for what is none of the pattern. */
type ReadTime = (given: unknown) => string | undefined

/**
 * Reads what is written by such a pattern: as `yyyy-MM-dd`, or with HH, and what is counted, as ISO 8601. It answers
 * undefined for what is not, and for a day that does not exist.
 */
export function timeReader(pattern: string): ReadTime {
  const counted = countedMs.get(pattern)
  if (counted !== undefined) return (given) => countedTime(given, counted)
  const order = (pattern.match(PART) ?? []).map((part) => short[part] ?? part)
  const shape = pattern
    .replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
    .replace(PART, (part) => (part in short ? '(\\d{1,2})' : `(\\d{${part.length}})`))
  const written = new RegExp(`^${shape}$`)
  const hasTime = order.includes('HH')
  return (given) => {
    const found = typeof given === 'string' ? written.exec(given.trim()) : null
    if (!found) return undefined
    const at = (part: Part, none: string) =>
      (order.includes(part) ? (found[order.indexOf(part) + 1] ?? none) : none).padStart(2, '0')
    const day = `${at('yyyy', '')}-${at('MM', '01')}-${at('dd', '01')}`
    const time = `${at('HH', '00')}:${at('mm', '00')}:${at('ss', '00')}`
    const ms = Date.parse(`${day}T${time}Z`)
    if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day) return undefined
    return hasTime ? `${day}T${time}+08:00` : day
  }
}

function countedTime(given: unknown, factor: number): string | undefined {
  const text = typeof given === 'number' || typeof given === 'string' ? String(given).trim() : ''
  if (!/^-?\d{1,13}$/.test(text)) return undefined
  const local = new Date(Number(text) * factor + OFFSET_MS)
  return Number.isNaN(local.getTime()) ? undefined : `${local.toISOString().slice(0, 19)}+08:00`
}
