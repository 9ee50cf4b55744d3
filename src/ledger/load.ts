// Whole submissions from their rows, as the domain sees them.

import type { Aggregate, Case, Transfer } from '../domain/submission.ts'
import type { Remembered } from './aggregates.ts'
import type { Client } from './database.ts'
import { statements } from './statements.ts'

type TransferFacts = Omit<Transfer, 'state' | 'reason'> & {
  state: Transfer['state'] | 'leased'
  reason: string | null
}

type CaseFacts = Pick<Case, 'id' | 'system' | 'state'> & {
  reference: string | null
  data: Omit<Case, 'id' | 'system' | 'state' | 'reference'>
}

const asCase = ({ data, reference, ...facts }: CaseFacts): Case => ({
  ...data,
  ...facts,
  ...(reference ? { reference } : {}),
})

/** Reads whole submissions as the domain sees them. */
export async function load(client: Pick<Client, 'query'>, ids: string[]): Promise<Remembered[]> {
  type Row = {
    version: number
    data: Partial<Aggregate['submission']>
    submission: Aggregate['submission']
    cases: CaseFacts[]
    transfers: TransferFacts[]
  } & Pick<Aggregate, 'materials' | 'parcels'>
  const { rows } = await client.query<Row>({ ...statements.load, values: [ids] })
  return rows.map(({ version, data, submission, cases, materials, parcels, transfers }) => ({
    version,
    aggregate: {
      submission: { ...data, ...submission },
      cases: cases.map(asCase),
      materials,
      parcels,
      transfers: transfers.map(asTransfer),
    },
  }))
}

/** Leases are the ledger's business: to the domain a leased transfer is due. */
const asTransfer = ({ reason, state, ...facts }: TransferFacts): Transfer => ({
  ...facts,
  state: state === 'leased' ? 'due' : state,
  ...(reason ? { reason } : {}),
})
