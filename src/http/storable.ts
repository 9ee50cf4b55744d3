// Whether PostgreSQL can keep what an adapter read: its text holds neither NUL nor half a character. What we parse
// ourselves is checked by parse-json.ts; this is for messages that an adapter parsed.

/** Looks at every text of a value made of plain objects and lists, member names included. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isStorable)
  const members = value as Readonly<Record<string, unknown>>
  for (const name in members) if (!isStorable(name) || !isStorable(members[name])) return false
  return true
}
