// Finds a circle in what waits for what. Pure.

/** The first circle found, its first member repeated at the end; undefined when there is none. */
export function findCycle(after: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  for (const start of after.keys()) {
    const found = follow(start, [], done, after)
    if (found) return found
  }
  return undefined
}

function follow(
  code: string,
  path: readonly string[],
  done: Set<string>,
  after: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const seen = path.indexOf(code)
  if (seen >= 0) return [...path.slice(seen), code]
  if (done.has(code)) return undefined
  for (const next of after.get(code) ?? []) {
    const found = follow(next, [...path, code], done, after)
    if (found) return found
  }
  done.add(code)
  return undefined
}
