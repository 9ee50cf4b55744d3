// How far each system that cannot push has been read.

import type { Pool } from './database.ts'

/** undefined before the first page was recorded. */
export async function readCursor(readers: Pool, system: string): Promise<string | undefined> {
  const { rows } = await readers.query<{ position: string }>({
    name: 'cursor',
    text: 'select position from cursors where system = $1',
    values: [system],
  })
  return rows[0]?.position
}

export async function saveCursor(writers: Pool, system: string, position: string): Promise<void> {
  await writers.query({
    name: 'save-cursor',
    text: `insert into cursors (system, position) values ($1, $2)
           on conflict (system) do update set position = excluded.position, updated_at = now()`,
    values: [system, position],
  })
}
