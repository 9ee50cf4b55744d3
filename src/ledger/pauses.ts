// Which systems are stopped, for every process to see; and who stopped them and started them again, for
// whoever asks later.

import type { Pool } from './database.ts'

export interface Pause {
  system: string
  reason: string
  /** An operator's id, or `gateway`. */
  by: string
  since: string
}

export interface PauseAct {
  at: Date
  act: 'paused' | 'resumed'
  by: string
  reason: string | null
}

export const readPauses = async (readers: Pool): Promise<Pause[]> =>
  (await readers.query<Pause>('select system, reason, by, since from pauses')).rows

/**
 * The pause that stands now, and whether it is this one: a system that is stopped already stays stopped by
 * whoever did it, for his reason.
 */
export async function writePause(
  writers: Pool,
  system: string,
  reason: string,
  by: string,
): Promise<{ pause: Pause; changed: boolean }> {
  // A row that was there has an xmax by now, as it was locked by the update that changes nothing.
  const { rows } = await writers.query<Pause & { changed: boolean }>(
    `with standing as (
       insert into pauses (system, reason, by) values ($1, $2, $3) on conflict (system) do update set system = excluded.system
       returning system, reason, by, since, xmax = 0 as changed),
     noted as (insert into pause_history (system, act, by, reason) select system, 'paused', by, reason from standing where changed)
     select * from standing`,
    [system, reason, by],
  )
  const { changed, ...pause } = rows[0]!
  return { pause, changed }
}

/** Whether there was a pause to lift. What was tried before is tried anew, as long as if it never had been. */
export async function removePause(
  writers: Pool,
  system: string,
  by: string,
  reason: string | null = null,
): Promise<boolean> {
  const { rowCount } = await writers.query(
    `with lifted as (delete from pauses where system = $1 returning system),
     noted as (insert into pause_history (system, act, by, reason) select system, 'resumed', $2, $3 from lifted),
     again as (insert into resumptions (system) select system from lifted on conflict (system) do update set at = now())
     select system from lifted`,
    [system, by, reason],
  )
  return rowCount === 1
}

/** Newest first. */
export const pauseHistory = async (readers: Pool, system: string, limit: number): Promise<PauseAct[]> =>
  (
    await readers.query<PauseAct>(
      'select at, act, by, reason from pause_history where system = $1 order by id desc limit $2',
      [system, limit],
    )
  ).rows
