// Transfers that were made already, newest first, for whoever compares what would be sent today (`tongban system
// shadow`). Reads only; attempts belong to leases.ts.

import type { Operation, Transfer, TransferSubject } from '../domain/submission.ts'
import type { Pool } from './database.ts'

export interface PastTransfer {
  transfer: Transfer
  submissionId: string
  createdAt: Date
}

interface Row {
  id: string
  submission_id: string
  case_id: string | null
  system: string
  operation: Operation
  lane: string
  sequence: number
  about: TransferSubject
  created_at: Date
}

const COLUMNS = 'id, submission_id, case_id, system, operation, lane, sequence, about, created_at'

/** The latest of a system, newest submission first. Ids grow with time, so the primary key is read backwards. */
export async function latestTransfers(readers: Pool, system: string, limit: number): Promise<PastTransfer[]> {
  const { rows } = await readers.query<Row>(
    `select ${COLUMNS} from transfers where system = $1 order by id desc limit $2`,
    [system, limit],
  )
  return rows.map(pastTransfer)
}

/**
 * Those made since `at`, oldest first: of submissions with a greater id than `afterId`, and of older ones as far as they
 * wait at this moment. One of an older submission that came and went between two calls is not seen.
 */
export async function transfersSince(
  readers: Pool,
  system: string,
  { afterId, at }: { afterId: string; at: Date },
  limit: number,
): Promise<PastTransfer[]> {
  const { rows } = await readers.query<Row>(
    `select ${COLUMNS} from transfers where id in (
       select id from transfers where id > $2 and system = $1 and created_at >= $3
       union select id from transfers where state = 'due' and system = $1 and created_at >= $3
       union select id from transfers where state = 'leased' and system = $1 and created_at >= $3)
     order by created_at, id limit $4`,
    [system, afterId, at, limit],
  )
  return rows.map(pastTransfer)
}

const pastTransfer = ({
  id,
  submission_id,
  case_id,
  system,
  operation,
  lane,
  sequence,
  ...row
}: Row): PastTransfer => ({
  submissionId: submission_id,
  createdAt: row.created_at,
  transfer: { id, caseId: case_id, system, operation, lane, sequence, state: 'due', about: row.about },
})
