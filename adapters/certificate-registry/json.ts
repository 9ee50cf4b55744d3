// Careful reading of JSON in which registries write numbers for strings and the other way round.
// Must not decide what a value means.

/** True for an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A string, or a number as a string; undefined for anything else and for the empty string. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The first of the named fields that holds text. */
export function firstText(record: Record<string, unknown>, names: readonly string[]): string | undefined {
  return names.map((name) => text(record[name])).find((value) => value !== undefined)
}
