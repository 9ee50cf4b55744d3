// A moment in ISO 8601 as a caller writes it, with its offset, of a day that exists: JavaScript itself takes 31 February for
// 3 March, and the year 0 for one that PostgreSQL can keep.

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/
const FIRST_YEAR = 1970

/** ms since the epoch; null when it is no such moment. A day alone is its beginning in UTC. */
export function instantOf(value: unknown): number | null {
  const parts = typeof value === 'string' ? SHAPE.exec(value) : null
  if (!parts) return null
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  if (year < FIRST_YEAR || date.getUTCMonth() !== month - 1) return null
  const ms = Date.parse(parts[0])
  return Number.isNaN(ms) || ms < 0 ? null : ms
}
