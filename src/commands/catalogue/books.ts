// The recorded versions, for commands: straight from the ledger, whether a gateway runs or not.

import { createShelf, type FoundVersion, type Shelf } from '../../catalogue/shelf.ts'
import { dayOf } from '../../domain/calendar.ts'
import { readCatalogues } from '../../ledger/catalogue-versions.ts'
import { openReaders, openWriters, type Pool } from '../../ledger/database.ts'
import { inspectDatabase } from '../../ledger/inspect.ts'
import type { Settings } from '../../settings/settings.ts'
import { openDatabase } from '../database.ts'

export interface Books {
  shelf: Shelf
  writers: Pool
  /** Today, in China. */
  day: string
}

export async function withBooks<T>(
  place: Pick<Settings, 'databaseUrl' | 'dataDir'>,
  use: (books: Books) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(place)
  try {
    const { missing } = await inspectDatabase(database.url)
    if (missing.length > 0)
      throw new Error(`the database lacks migrations (${missing.join(', ')}). Run "tongban migrate" first.`)
    const [readers, writers] = [openReaders(database.url, 1), openWriters(database.url, 1)]
    try {
      const shelf = createShelf()
      shelf.add(await readCatalogues(readers, 0))
      return await use({ shelf, writers, day: dayOf(new Date().toISOString()) })
    } finally {
      await Promise.all([readers.end(), writers.end()])
    }
  } finally {
    await database.close()
  }
}

/** @throws Error that says which there are */
export function versionOf({ shelf, day }: Books, reference: string): FoundVersion {
  const found = shelf.find(reference, day)
  if (found) return found
  const most = shelf.newest()
  throw new Error(
    most === 0
      ? 'no catalogue was recorded yet: start the gateway, or activate one · 尚无已记录的事项清单'
      : `there is no catalogue version ${reference}; versions are 1 to ${most} · 没有该版本，现有 1 至 ${most}`,
  )
}
