// Carriers write `yyyy-MM-dd HH:mm:ss` in Beijing time (UTC+8, no summer time) without saying so.
// Must not read any clock.

import { toLocal as atOffset, CHINA_OFFSET } from './local-time.ts'

const LOCAL = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?$/

/** A moment as the carrier writes it. */
export const toLocal = (moment: Date): string => atOffset(moment, CHINA_OFFSET)

/** The carrier's local time as ISO 8601 with +08:00, or null when it is not one. */
export function fromLocal(text: string): string | null {
  const parts = LOCAL.exec(text.trim())
  if (!parts) return null
  const iso = `${parts[1]}T${parts[2]}+08:00`
  const moment = new Date(iso)
  return !Number.isNaN(moment.getTime()) && toLocal(moment) === `${parts[1]} ${parts[2]}` ? iso : null
}
