// One transfer by its id, for the systems that come and fetch theirs.

import type { Transfer } from '../domain/submission.ts'
import { submissionOf } from '../domain/submission.ts'
import type { Leased } from './changes.ts'
import type { Pool } from './database.ts'

interface Row {
  id: string
  case_id: string | null
  operation: Transfer['operation']
  lane: string
  sequence: number
  state: string
  epoch: number
  attempts: number
  about: Transfer['about']
}

interface InboxTransfer {
  /** As it would be for whoever held its lease. */
  leased: Leased
  /** Handed out, or waiting to be: an answer to it still counts. */
  open: boolean
}

/** null when the system has no such transfer. */
export async function inboxTransfer(
  readers: Pool,
  system: string,
  id: string,
): Promise<InboxTransfer | null> {
  const submissionId = submissionOf(id)
  if (submissionId === null) return null
  const { rows } = await readers.query<Row>({
    name: 'inbox-transfer',
    text: `select id, case_id, operation, lane, sequence, state, epoch, attempts, about
           from transfers where id = $1 and system = $2`,
    values: [id, system],
  })
  const row = rows[0]
  if (!row) return null
  const { operation, lane, sequence, epoch, attempts, about } = row
  const transfer: Transfer = {
    id,
    caseId: row.case_id,
    system,
    operation,
    lane,
    sequence,
    state: 'due',
    about,
  }
  const leased = {
    transfer,
    submissionId,
    epoch,
    attempts,
    look: false,
    claims: 1,
    triedMs: 0,
  }
  return { leased, open: row.state === 'due' || row.state === 'leased' }
}
