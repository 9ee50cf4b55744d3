// tongban migrate

import { places, readCommandLine } from './command-line.ts'
import { migrateAll, openDatabase, whyNotThroughPooler } from './database.ts'
import { readDatabasePlace } from './settings.ts'

const help = `tongban migrate [--config folder] [--data folder]

Brings the ledger's tables and BullMQ's (schema "bullmq") to this version. Forward only, safe to repeat and to run
from several machines at once. Run it before starting a new version against DATABASE_URL; it needs no other secret.
While a backup or another session uses its tables it says so, lets the gateway go on, and tries again.
`

const tell = (sentence: string): void => void process.stderr.write(`tongban: ${sentence}\n`)

export async function migrateCommand(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, places)
  if (!line) return 0
  const { values } = line
  const database = await openDatabase(await readDatabasePlace(values))
  try {
    const pooler = database.embedded ? null : await whyNotThroughPooler(database.url)
    if (pooler) throw new Error(pooler)
    const applied = database.embedded ? database.applied : await migrateAll(database.url, tell)
    process.stdout.write(
      applied.length > 0
        ? `applied: ${applied.join(', ')}\n`
        : 'nothing to apply: the database is at this version\n',
    )
    return 0
  } finally {
    await database.close()
  }
}
