// Which systems are stopped, for every process to see.

import type { Pool } from './database.ts'

export interface Pause {
  system: string
  reason: string
  by: string
  since: string
}

export const readPauses = async (readers: Pool): Promise<Pause[]> =>
  (await readers.query<Pause>('select system, reason, by, since from pauses')).rows

export const writePause = async (writers: Pool, system: string, reason: string, by: string): Promise<void> =>
  void (await writers.query(
    'insert into pauses (system, reason, by) values ($1, $2, $3) on conflict (system) do nothing',
    [system, reason, by],
  ))

/** What was tried before is tried anew, as long as if it never had been. */
export const removePause = async (writers: Pool, system: string): Promise<void> =>
  void (await writers.query(
    `with lifted as (delete from pauses where system = $1 returning system)
     insert into resumptions (system) select system from lifted on conflict (system) do update set at = now()`,
    [system],
  ))
