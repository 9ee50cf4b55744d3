// Times as platforms write them, in China's time and by a pattern. Must not read any clock.

const OFFSET_MS = 8 * 60 * 60 * 1000
const parts = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss'] as const
const PART = new RegExp(parts.join('|'), 'g')

/** An ISO 8601 time by a pattern of yyyy, MM, dd, HH, mm and ss; undefined when it is none. */
export function writeTime(iso: string, pattern: string): string | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}T/.test(iso) ? Date.parse(iso) : Number.NaN
  if (Number.isNaN(ms)) return undefined
  const digits = new Date(ms + OFFSET_MS).toISOString().match(/\d+/g) ?? []
  return pattern.replace(PART, (part) => digits[parts.indexOf(part as (typeof parts)[number])] ?? '')
}

/**
 * Reads what is written by such a pattern: as `yyyy-MM-dd`, or with HH as ISO 8601. It answers undefined for what is not,
 * and for a day that does not exist.
 */
export function timeReader(pattern: string): (text: string) => string | undefined {
  const order: readonly string[] = pattern.match(PART) ?? []
  const shape = pattern
    .replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
    .replace(PART, (part) => `(\\d{${part.length}})`)
  const written = new RegExp(`^${shape}$`)
  const hasTime = order.includes('HH')
  return (text) => {
    const found = written.exec(text.trim())
    if (!found) return undefined
    const at = (part: (typeof parts)[number], none: string) =>
      order.includes(part) ? (found[order.indexOf(part) + 1] ?? none) : none
    const day = `${at('yyyy', '')}-${at('MM', '01')}-${at('dd', '01')}`
    const time = `${at('HH', '00')}:${at('mm', '00')}:${at('ss', '00')}`
    const ms = Date.parse(`${day}T${time}Z`)
    if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day) return undefined
    return hasTime ? `${day}T${time}+08:00` : day
  }
}
