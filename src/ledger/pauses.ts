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

export const removePause = async (writers: Pool, system: string): Promise<void> =>
  void (await writers.query('delete from pauses where system = $1', [system]))
