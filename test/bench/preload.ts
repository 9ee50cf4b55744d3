// Fills the ledger with finished cases, so that a rate can be measured on full books as well as on empty ones.
// It multiplies one case that the gateway itself has finished, so the rows are what the gateway writes, whatever that is.

import { Client } from 'pg'
import { names } from './bodies.ts'

const CHUNK = 25_000
const tables = ['submissions', 'messages', 'cases', 'transfers', 'attempts', 'entries'] as const
type Table = (typeof tables)[number]

interface Model {
  submissionId: string
  /** What all its ids grow from. */
  root: string
  externalId: string
}

/**
 * Adds `count` finished cases. The database must hold at least one finished case of the bench's theme; the
 * gateway should be stopped.
 */
export async function preloadLedger(databaseUrl: string, count: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const model = await findModel(client)
    const statements: string[] = []
    for (const table of tables) statements.push(await multiplication(client, table, model))
    for (let from = 1; from <= count; from += CHUNK) {
      const range = [from, Math.min(count, from + CHUNK - 1)]
      for (const statement of statements) await client.query(statement, range)
    }
    await client.query('VACUUM ANALYZE')
    // What filling left to be written is not the relay's to pay for.
    await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}

async function findModel(client: Client): Promise<Model> {
  const { rows } = await client.query<Model>(
    `SELECT s.id AS "submissionId", substr(s.id, 5) AS root, s.external_id AS "externalId"
       FROM submissions s
      WHERE s.theme = $1 AND s.state = 'completed'
        AND NOT EXISTS (SELECT FROM transfers t WHERE t.submission_id = s.id AND t.state <> 'delivered')
      ORDER BY s.id LIMIT 1`,
    [names.relayTheme],
  )
  const model = rows[0]
  if (model === undefined) throw new Error('no finished case to multiply: measure the empty ledger first')
  return model
}

/** INSERT of copies $1 to $2 of the model's rows in one table, every id grown from another root. */
async function multiplication(client: Client, table: Table, model: Model): Promise<string> {
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
    [table],
  )
  const values = columns.map(({ name, type }) => copied(name, type, model))
  return `
    INSERT INTO ${table} (${columns.map(({ name }) => `"${name}"`).join(', ')})
    SELECT ${values.join(', ')}
      FROM (${rowsOfModel(table, model)}) AS r CROSS JOIN generate_series($1::int, $2::int) AS i`
}

function rowsOfModel(table: Table, { submissionId }: Model): string {
  const theirs =
    table === 'attempts'
      ? `transfer_id IN (SELECT id FROM transfers WHERE submission_id = '${submissionId}')`
      : `${table === 'submissions' ? 'id' : 'submission_id'} = '${submissionId}'`
  return `SELECT * FROM ${table} WHERE ${theirs}`
}

function copied(column: string, type: string, model: Model): string {
  const value = `r."${column}"`
  if (type === 'text') return renamed(value, model)
  if (type === 'json' || type === 'jsonb') return `${renamed(`${value}::text`, model)}::${type}`
  return value
}

function renamed(value: string, { root, externalId }: Model): string {
  const number = "lpad(i::text, 25, '0')"
  const pairs = [
    [root, `'0' || ${number}`],
    [externalId, `'P' || ${number}`],
  ]
  return pairs.reduce((inner, [from, to]) => `replace(${inner}, '${from}', ${to})`, value)
}
