// What sql/write.sql is given: for each list of rows one array per column, so that PostgreSQL takes values apart only
// once and no name is repeated in every row (a JSON list per table cost a quarter of its time). The statement says
// `{{list}} as r`, and gets `unnest($2::text[], …) as r(id, …)`: columns and their types stand here alone. A column of JSON is
// one text with a record separator between its values (as in RFC 7464), which no JSON text holds: quoted once more as
// elements of an array they would cost twice the time here and there.

/** `word`: an id or a word of ours, which needs no quoting. */
export type ColumnType = 'word' | 'text' | 'json' | 'integer' | 'real' | 'boolean' | 'date' | 'timestamptz'

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
type Row = Readonly<Record<string, unknown>>

const order = Object.entries(lists).map(
  ([name, columns]) => [name as ListName, Object.entries(columns)] as const,
)

/** The statement with every `{{list}} as r` spelt out; parameters are numbered from `first`, in the order of `lists`. */
export function spellOut(statement: string, first: number): string {
  let number = first
  const sources = new Map<string, string>()
  for (const [name, columns] of order) {
    const arrays = columns.map(([, type]) => arrayOf(`$${number++}`, type))
    sources.set(name, `unnest(${arrays.join(', ')}) as r(${columns.map(([column]) => column).join(', ')})`)
  }
  return statement.replace(/\{\{(\w+)\}\} as r\b/g, (_, name: string) => sources.get(name)!)
}

function arrayOf(parameter: string, type: ColumnType): string {
  if (type === 'json') return `string_to_array(${parameter}::text, E'\\x1e', '')::json[]`
  return `${parameter}::${type === 'word' ? 'text' : type}[]`
}

/** The parameters: an array literal per column, null for each column of an empty list. */
export function columnsOf(rows: Readonly<Record<ListName, readonly object[]>>): (string | null)[] {
  const values: (string | null)[] = []
  for (const [name, columns] of order) {
    const list = rows[name] as readonly Row[]
    for (const [column, type] of columns)
      if (list.length === 0) values.push(null)
      else values.push(type === 'json' ? records(list, column) : literal(list, column, type))
  }
  return values
}

const RECORD_SEPARATOR = '\x1e'

/** JSON texts; nothing for null, which no JSON text is. */
function records(list: readonly Row[], column: string): string {
  const texts: string[] = []
  for (const row of list) texts.push(row[column] == null ? '' : JSON.stringify(row[column]))
  return texts.join(RECORD_SEPARATOR)
}

/** A one-dimensional array as PostgreSQL reads it (manual, 8.15.2). */
function literal(list: readonly Row[], column: string, type: Exclude<ColumnType, 'json'>): string {
  const elements: unknown[] = []
  // Most columns of a batch say the same again and again: one platform, one system, one type.
  let before: unknown
  let written: unknown
  for (const row of list) {
    const value = row[column]
    if (value === null || value === undefined) elements.push('NULL')
    else if (type !== 'text') elements.push(value)
    else {
      if (value !== before) written = quoted(value as string)
      before = value
      elements.push(written)
    }
  }
  return `{${elements.join(',')}}`
}

const PLAIN = /^[\w:.-]+$/
const CONTROL = /\p{Cc}/u

/** JSON's quoting is PostgreSQL's as well, but for control characters, which PostgreSQL takes as they are and JSON text has none of. */
function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  return CONTROL.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : JSON.stringify(text)
}
