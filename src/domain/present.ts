// The present as text, as every submission needs it: worked out once for all that come within the same
// millisecond or minute.

import { dayOf } from './calendar.ts'

/** ISO 8601 in UTC, to the millisecond. */
export const momentOf = oncePer(1, (now) => now.toISOString())

/** The day in China, yyyy-MM-dd. */
export const dayInChina = oncePer(60_000, (now) => dayOf(now.toISOString()))

function oncePer(unitMs: number, textOf: (now: Date) => string): (now: Date) => string {
  let unit = Number.NaN
  let text = ''
  return (now) => {
    const ofNow = Math.floor(now.getTime() / unitMs)
    if (ofNow !== unit) {
      unit = ofNow
      text = textOf(now)
    }
    return text
  }
}
