// The dates of a certificate, in the forms that registries write them.
// Must not read any clock.

const DATE = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?$/
const NO_END = /^(?:长期(?:有效)?|永久(?:有效)?|无期限|无|-+|\/+|null|9999[-/.年]?12[-/.月]?31日?.*)$/i
const OFFSET_MS = 8 * 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * `yyyy-MM-dd`; null where the certificate has no end (长期) or nothing is written; undefined for what is no date:
 * reading it as "no end" would make a certificate good for ever.
 */
export function dateOf(written: string | undefined): string | null | undefined {
  const text = written?.trim() ?? ''
  if (text === '' || NO_END.test(text)) return null
  const parts = DATE.exec(text)
  if (!parts) return undefined
  const day = [parts[1], parts[2]?.padStart(2, '0'), parts[3]?.padStart(2, '0')].join('-')
  return isCalendarDay(day) ? day : undefined
}

function isCalendarDay(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day)
}

/** Whether the last day of validity is over in Beijing. A certificate without an end never expires. */
export function isExpired(validTo: string | null, now: Date): boolean {
  return validTo !== null && validTo < beijingDay(now)
}

/** The end of a copy's life, in Beijing's time: the same text all day, so that a repeated call says the same. */
export function copyEnd(now: Date, days: number, form: 'date-time' | 'date' | 'compact'): string {
  const day = beijingDay(new Date(now.getTime() + days * DAY_MS))
  if (form === 'date') return day
  return form === 'date-time' ? `${day} 23:59:59` : `${day.replaceAll('-', '')}235959`
}

function beijingDay(time: Date): string {
  return new Date(time.getTime() + OFFSET_MS).toISOString().slice(0, 10)
}
