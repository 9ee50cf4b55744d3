// The city's clock face: local time of Asia/Shanghai, which has had no summer time since 1991.

const OFFSET_MS = 8 * 3_600_000

/** `yyyy-MM-dd HH:mm:ss`. */
export function beijingTime(ms: number): string {
  return new Date(ms + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

/** ISO 8601 with +08:00. */
export function beijingIso(ms: number): string {
  return `${new Date(ms + OFFSET_MS).toISOString().slice(0, 19)}+08:00`
}

export function isBeijingTime(text: unknown): boolean {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return false
  const ms = Date.parse(`${text.replace(' ', 'T')}+08:00`)
  return !Number.isNaN(ms) && beijingTime(ms) === text
}
