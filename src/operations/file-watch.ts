// What the log and Prometheus hear of the files.

import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import type { FileObserver } from '../supervision/files.ts'

export function fileObserver(log: Logger, registry: Registry): FileObserver {
  const counter = (name: string, help: string) =>
    new Counter({ name: `tongban_${name}`, help, registers: [registry] })
  const collected = counter('files_collected_total', 'Files that nothing in the ledger named, removed')
  const damaged = counter(
    'files_damaged_total',
    'Files read again whose bytes are not those they are named by',
  )
  return {
    leftoversCleared: (facts) => log.info(facts, 'files.leftovers-cleared'),
    filesCollected(facts) {
      collected.inc(facts.files)
      log.info(facts, 'files.collected')
    },
    filesUnnamed: (facts) =>
      log.error(
        facts,
        'files.unnamed: nothing was removed, for the ledger names so few of these files that it may be another one. Check that DATABASE_URL and MATERIALS_URL belong together.',
      ),
    fileDamaged(facts) {
      damaged.inc()
      log.error(facts, 'file.damaged: its bytes have changed. Put it back from a backup.')
    },
  }
}
