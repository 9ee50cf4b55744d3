// What the log and Prometheus hear of the files.

import type { Logger } from 'pino'
import { Counter, Gauge, type Registry } from 'prom-client'
import { isMaterialFailure } from '../materials/failures.ts'
import type { MaterialStore } from '../materials/store.ts'
import type { FileObserver } from '../supervision/files.ts'
import { newsAfter } from './at-most-every.ts'

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
    diskFilling: (facts) =>
      log.warn(facts, 'disk.filling: from 90 % on no file is taken. Make room, or move MATERIALS_URL.'),
    fileDamaged(facts) {
      damaged.inc()
      log.error(
        facts,
        'file.damaged: its bytes have changed, so it was set aside and is sent to nobody. Put it back from a backup, or let whoever had it upload it again; then revive the dead letters that miss it.',
      )
    },
  }
}

/** An outage of the files is met by all who need one: one line tells of it, until none has met it for so long. */
const FILES_WELL_AFTER_MS = 60_000

/** The same store, whose outages are logged. */
export function loggedStore(store: MaterialStore, log: Logger): MaterialStore {
  const isNew = newsAfter(FILES_WELL_AFTER_MS)
  const told = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      if (isMaterialFailure(error) && error.materialFailure === 'unavailable' && isNew())
        log.error({ reason: error.message }, 'files.unreachable: uploads get 503, what needs a file waits.')
      throw error
    })
  return {
    ...store,
    put: (...asked) => told(store.put(...asked)),
    open: (...asked) => told(store.open(...asked)),
    stat: (sha256) => told(store.stat(sha256)),
  }
}

/** The gauge of the disk that files lie on; not a number while it cannot be read. */
export function watchDisk(registry: Registry, { space }: Pick<MaterialStore, 'space'>): void {
  new Gauge({
    name: 'tongban_files_disk_used_ratio',
    help: 'Share of the disk for files that is used; uploads are refused from 0.9 on',
    registers: [registry],
    async collect() {
      const facts = await space().catch(() => null)
      this.set(facts === null ? Number.NaN : 1 - facts.freeBytes / facts.totalBytes)
    },
  })
}
