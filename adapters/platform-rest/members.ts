// Reading and writing members of plain data by dotted paths. Never reaches into a prototype.

export type Members = Record<string, unknown>

/** True for an object that is no array. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path; undefined where the path ends early. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Members)[key]
  }
  return found
}

/** The members that hold the last key of a path, when they are there. */
export function parentOf(value: unknown, path: readonly string[]): Members | undefined {
  const parent = valueAt(value, path.slice(0, -1))
  return isMembers(parent) ? parent : undefined
}

/** Writes a value at a path, making the members on the way. */
export function put(target: Members, path: readonly string[], value: unknown): void {
  let place = target
  for (const key of path.slice(0, -1)) {
    const inner = Object.hasOwn(place, key) ? place[key] : undefined
    if (isMembers(inner)) place = inner
    else place = place[key] = {} as Members
  }
  place[path.at(-1)!] = value
}

/** Not there at all, null, or an empty text. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
