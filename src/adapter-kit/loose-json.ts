// Careful reading of JSON whose shape the other side does not keep: numbers for strings, JSON inside strings.
// Must not decide what a value means.

/** True for an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object, or an empty one. */
export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

/** A string, or a number as a string; undefined for anything else and for the empty string. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The value, or what is inside when it is JSON written as a string; undefined for a string that is none. */
export function nested(value: unknown): unknown {
  return typeof value === 'string' ? parsed(value) : value
}

/** Longer than what a double holds exactly: the numbers of other systems' 64-bit ids. */
const MANY_DIGITS = /\d{16}/

/** A whole number that would lose digits, as the text it was written as. */
function withAllDigits(_name: string, value: unknown, context?: { source?: string }): unknown {
  const isLossy = typeof value === 'number' && !Number.isSafeInteger(value)
  return isLossy && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value
}

/** As JSON.parse reads it, but no whole number loses digits. @throws SyntaxError */
export function parseKeepingDigits(json: string): unknown {
  return MANY_DIGITS.test(json) ? JSON.parse(json, withAllDigits) : JSON.parse(json)
}

/** Parsed JSON, or undefined when it is none. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
