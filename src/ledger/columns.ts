// What sql/write.sql is given: for each list of rows one parameter per column, so that PostgreSQL takes
// values apart only once and no name is repeated in every row (a JSON list per table cost a quarter of its
// time). The statement says `{{list}} as r`, and gets a subquery of that list's columns, which with their
// types stand here alone. A column of texts is one text with a record separator between its values: quoted as
// elements of an array they cost half as much again here and there. JSON holds no record separator (RFC
// 7464); the few batches of which a text does are quoted.

/** `word`: an id or a word of ours, or what was looked through before: never empty, and without control characters. */
type ColumnType = 'word' | 'text' | 'json' | 'integer' | 'real' | 'boolean' | 'date' | 'timestamptz'

/** The lists of one commit, with the columns of each. */
export const lists = {
  newSubmissions: {
    id: 'word',
    platform: 'text',
    external_id: 'text',
    client: 'text',
    theme: 'text',
    division: 'word',
    home_division: 'word',
    state: 'word',
    source: 'text',
    message_key: 'text',
    counts: 'json',
    data: 'json',
  },
  messages: {
    source: 'text',
    key: 'text',
    submission_id: 'word',
    sha256: 'word',
    media_type: 'text',
    encoding: 'word',
    body: 'text',
    document: 'json',
    outcome: 'word',
    answer: 'json',
  },
  submissions: { id: 'word', version: 'integer', state: 'word', counts: 'json', data: 'json' },
  newCases: {
    id: 'word',
    submission_id: 'word',
    matter: 'text',
    system: 'text',
    state: 'word',
    reference: 'text',
    rings_on: 'date',
    data: 'json',
  },
  cases: { id: 'word', state: 'word', reference: 'text', rings_on: 'date', data: 'json' },
  materials: { submission_id: 'word', code: 'text', data: 'json' },
  parcels: {
    id: 'word',
    submission_id: 'word',
    system: 'text',
    state: 'word',
    reference: 'text',
    data: 'json',
  },
  entries: {
    id: 'word',
    submission_id: 'word',
    case_id: 'word',
    number: 'integer',
    type: 'text',
    at: 'timestamptz',
    data: 'json',
  },
  attempts: {
    transfer_id: 'word',
    number: 'integer',
    started_at: 'timestamptz',
    duration_ms: 'real',
    outcome: 'word',
    summary: 'text',
  },
  newTransfers: {
    id: 'word',
    submission_id: 'word',
    case_id: 'word',
    system: 'text',
    operation: 'word',
    lane: 'text',
    sequence: 'integer',
    state: 'word',
    lease_ms: 'integer',
    reason: 'text',
    about: 'json',
  },
  transfers: {
    id: 'word',
    system: 'text',
    state: 'word',
    lease_ms: 'integer',
    attempted: 'integer',
    receipt: 'json',
    failure: 'json',
    look: 'boolean',
    revived: 'boolean',
    reason: 'text',
  },
} as const satisfies Record<string, Record<string, ColumnType>>

export type ListName = keyof typeof lists
export type Row = Readonly<Record<string, unknown>>

/** How the texts of a batch are handed over. */
export type Form = 'joined' | 'quoted'

/** Those of the columns `of` a list. */
export const columnsOf = (of: ListName): [string, ColumnType][] => Object.entries(lists[of])

/** `parameter` as an array. */
export function arrayOf(parameter: string, type: ColumnType, form: Form): string {
  if (type === 'json') return `string_to_array(${parameter}::text, E'\\x1e', '')::json[]`
  if (type !== 'word' && type !== 'text') return `${parameter}::${type}[]`
  return form === 'joined'
    ? `string_to_array(${parameter}::text, E'\\x1e', E'\\x1f')`
    : `${parameter}::text[]`
}

const RECORD_SEPARATOR = '\x1e'
const NULL = '\x1f'

/** The parameter that `arrayOf` reads; null for texts that cannot be joined. */
export function columnOf(list: readonly Row[], column: string, type: ColumnType, form: Form): string | null {
  if (type === 'json') return records(list, column)
  if (type !== 'word' && type !== 'text') return literal(list, column, plain)
  if (form === 'quoted') return literal(list, column, quoted)
  return type === 'text' && !canBeJoined(list, column) ? null : joined(list, column)
}

/** None holds a separator, and none is empty and alone, which would be no text at all. */
function canBeJoined(list: readonly Row[], column: string): boolean {
  if (list.length === 1 && list[0]![column] === '') return false
  let before: unknown
  for (const row of list) {
    const value = row[column]
    // Most columns of a batch say the same again and again: one platform, one system, one type.
    if (value === before || typeof value !== 'string') continue
    if (value.includes(RECORD_SEPARATOR) || value.includes(NULL)) return false
    before = value
  }
  return true
}

function joined(list: readonly Row[], column: string): string {
  return list.map((row) => row[column] ?? NULL).join(RECORD_SEPARATOR)
}

/** JSON texts; nothing for null, which no JSON text is. */
function records(list: readonly Row[], column: string): string {
  return list.map((row) => (row[column] == null ? '' : JSON.stringify(row[column]))).join(RECORD_SEPARATOR)
}

/** A one-dimensional array as PostgreSQL reads it (manual, 8.15.2). */
function literal(list: readonly Row[], column: string, written: (value: unknown) => unknown): string {
  return `{${list.map((row) => (row[column] == null ? 'NULL' : written(row[column]))).join(',')}}`
}

const plain = (value: unknown): unknown => value
const quoted = (text: unknown): string => `"${String(text).replace(/["\\]/g, '\\$&')}"`
