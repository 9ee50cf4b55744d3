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
