// The dates of a certificate, in the forms that registries write them.
// Must not read any clock.

const DATE = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?$/
const OFFSET_MS = 8 * 60 * 60 * 1000

/** `yyyy-MM-dd`, or null where the certificate has no end (长期) or no date is given. */
export function dateOf(written: string | undefined): string | null {
  const parts = DATE.exec(written?.trim() ?? '')
  if (!parts) return null
  return [parts[1], parts[2]?.padStart(2, '0'), parts[3]?.padStart(2, '0')].join('-')
}

/** Whether the last day of validity is over in Beijing. A certificate without an end never expires. */
export function isExpired(validTo: string | null, now: Date): boolean {
  return validTo !== null && validTo < new Date(now.getTime() + OFFSET_MS).toISOString().slice(0, 10)
}
