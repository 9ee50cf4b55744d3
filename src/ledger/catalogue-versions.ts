// The catalogues that were ever brought into force, with the files they were made of. Append-only; which one counts on a
// day is the domain's rule.

import {
  type CatalogueFile,
  type CatalogueVersion,
  type Insistence,
  type Judgement,
  judge,
} from '../domain/catalogue-versions.ts'
import type { Client, Pool } from './database.ts'

export interface RecordedCatalogue extends CatalogueVersion {
  files: readonly CatalogueFile[]
}

type NewCatalogue = Pick<RecordedCatalogue, 'version' | 'effectiveFrom' | 'by' | 'files'>

export type CatalogueRecorded =
  | { verdict: 'recorded'; as: CatalogueVersion }
  | Exclude<Judgement, { verdict: 'new' }>

const COLUMNS = `number, version, effective_from::text as "effectiveFrom", activated_at as "activatedAt", by`

type Row = Omit<CatalogueVersion, 'activatedAt'> & { activatedAt: Date }

/** Those that were recorded after a number, in their order. */
export async function readCatalogues(readers: Pool, after: number): Promise<RecordedCatalogue[]> {
  const { rows } = await readers.query<Row & Pick<RecordedCatalogue, 'files'>>({
    name: 'catalogues-after',
    text: `select ${COLUMNS}, files from catalogue_versions where number > $1 order by number`,
    values: [after],
  })
  return rows.map((row) => ({ ...asVersion(row), files: row.files }))
}

/** Judged and recorded in one: of two processes that do so at once, the second sees what the first has recorded. */
export async function recordCatalogue(
  writers: Pool,
  candidate: NewCatalogue,
  insistence: Insistence,
): Promise<CatalogueRecorded> {
  const client = await writers.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    await client.query('lock table catalogue_versions in share row exclusive mode')
    const recorded = await judgeAndInsert(client, candidate, insistence)
    await client.query('commit')
    return recorded
  } catch (error) {
    broken = error as Error
    throw error
  } finally {
    // A connection that may be in the middle of a transaction is not used again.
    client.release(broken)
  }
}

async function judgeAndInsert(
  client: Client,
  candidate: NewCatalogue,
  insistence: Insistence,
): Promise<CatalogueRecorded> {
  const { rows } = await client.query<Row>(`select ${COLUMNS} from catalogue_versions order by number`)
  const judgement = judge(candidate, rows.map(asVersion), insistence)
  if (judgement.verdict !== 'new') return judgement
  const { version, effectiveFrom, by, files } = candidate
  const inserted = await client.query<Row>(
    `insert into catalogue_versions (version, effective_from, by, files) values ($1, $2, $3, $4) returning ${COLUMNS}`,
    [version, effectiveFrom, by, JSON.stringify(files)],
  )
  return { verdict: 'recorded', as: asVersion(inserted.rows[0]!) }
}

const asVersion = ({ number, version, effectiveFrom, activatedAt, by }: Row): CatalogueVersion => ({
  number,
  version,
  effectiveFrom,
  activatedAt: activatedAt.toISOString(),
  by,
})
