// Another platform's fields to ours, by a table instead of a program: compiled once, about a microsecond a field.
// A code that the table does not know is passed on as it is, so that validation names it; it is never guessed.

/** Our path (dotted) to theirs, or to a rule. Later entries overwrite earlier ones. */
export interface FieldMap {
  readonly [ours: string]: string | FieldRule
}

export interface FieldRule {
  /** Their member, dotted. */
  from?: string
  /** Their code to our word. */
  values?: Readonly<Record<string, unknown>>
  /** Taken where theirs is absent, null or ''. */
  default?: unknown
  /** Theirs is a list (or a single entry): the map of each entry. */
  each?: FieldMap
  /** Ours is a list: a single value of theirs becomes a list of one. */
  list?: boolean
}

type Members = Record<string, unknown>
type Setter = (theirs: unknown, ours: Members) => void

/** Makes the mapping; the function made is pure. */
export function compileFields(map: FieldMap): (theirs: unknown) => Members {
  const setters = Object.entries(map).map(([ours, rule]) => setter(ours.split('.'), rule))
  return (theirs) => {
    const made: Members = {}
    for (const set of setters) set(theirs, made)
    return made
  }
}

function setter(path: string[], given: string | FieldRule): Setter {
  const rule: FieldRule = typeof given === 'string' ? { from: given } : given
  const from = rule.from?.split('.') ?? []
  const each = rule.each === undefined ? undefined : compileFields(rule.each)
  return (theirs, ours) => {
    const found = rule.from === undefined ? undefined : valueAt(theirs, from)
    const value = isAbsent(found) ? rule.default : translate(found, rule, each)
    if (value !== undefined) put(ours, path, value)
  }
}

function translate(value: unknown, rule: FieldRule, each: ((one: unknown) => Members) | undefined): unknown {
  if (each !== undefined) return listOf(value).map(each)
  if (rule.list === true) return listOf(value)
  if (rule.values === undefined || typeof value === 'object') return value
  const code = String(value)
  return Object.hasOwn(rule.values, code) ? rule.values[code] : value
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

/** The value at a dotted path; undefined where the path ends early. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Members)[key]
  }
  return found
}

function put(target: Members, path: readonly string[], value: unknown): void {
  let place = target
  for (const key of path.slice(0, -1)) {
    const inner = place[key]
    if (typeof inner === 'object' && inner !== null) place = inner as Members
    else place = place[key] = {} as Members
  }
  place[path.at(-1)!] = value
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
