// Papers that are overdue and have not moved since, for operators.

import type { KeeperKind } from '../domain/paper.ts'
import type { Pool } from './database.ts'

export interface OverduePaper {
  /** The entry that told it; ids grow with the submissions. */
  id: string
  submissionId: string
  caseId: string
  system: string
  division: string
  homeDivision: string
  at: Date
  /** As custody-watch.ts told it. */
  data: {
    material?: string
    result?: string
    name: string
    heldBy: KeeperKind
    since: string
    days: number
    dueOn: string
  }
}

/** At most `limit` after the given entry, in order of id. An alarm ends when the paper is handed over. */
export async function overduePapers(readers: Pool, after: string, limit: number): Promise<OverduePaper[]> {
  const { rows } = await readers.query<OverduePaper>({
    name: 'overdue-papers',
    text: `select e.id, e.submission_id as "submissionId", e.case_id as "caseId", c.system, s.division, s.home_division as "homeDivision",
             e.occurred_at as at, e.data
           from entries e
           join cases c on c.id = e.case_id
           join submissions s on s.id = e.submission_id
           where e.type = 'custody.overdue' and e.id > $1
             and exists (select from json_array_elements(c.data -> 'papers') p where p -> 'awaits' ->> 'alarm' = e.id)
           order by e.id limit $2`,
    values: [after, limit],
  })
  return rows
}
