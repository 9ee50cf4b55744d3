// Looks after the files: clears what uploads of dead processes left behind, collects files that nothing in
// the ledger names (those of refused forms, of submissions that were never committed), and reads a share of
// all again to find damage.
//
// A file is collected when its bytes were last stored more than a day ago and no row names it. Between that judgement and
// its removal the same bytes may come again, and be named by a submission that is just being recorded. Whoever stores
// bytes that are there already renews their time before its row is committed (materials/objects.ts), and a file is only
// removed if its time is still old when it is out of everyone's reach. So the newcomer has either renewed the file, which
// then stays, or finds none and stores its own.

import type { Pool } from '../ledger/database.ts'
import { takeOutNamed } from '../ledger/named-files.ts'
import type { MaterialStore } from '../materials/store.ts'
import { type Rounds, startRounds } from './rounds.ts'

export interface FileObserver {
  /** Half a file each, of an upload whose process died. */
  leftoversCleared(facts: { files: number }): void
  filesCollected(facts: { files: number; bytes: number }): void
  /** So many files without a name that rather the ledger is the wrong one: none was removed. */
  filesUnnamed(facts: { files: number; of: number }): void
  /** The bytes of a file are not those it is named by: it was put there, and is missing until it is stored again. */
  fileDamaged(facts: { sha256: string; aside: string }): void
  /** Told hourly while it is so. */
  diskFilling(facts: { usedPercent: number }): void
}

interface FileWatchDeps {
  store: MaterialStore
  readers: Pool
  observer: FileObserver
  /** By the clock that files are dated with, ms. */
  now?: () => number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ROUNDS_A_DAY = 24
/** Half a file that nobody has written to for this long. */
const LEFT_MS = HOUR_MS
/** No request takes this long from its first file to its commit. */
const SETTLED_MS = DAY_MS
/** What one round holds in memory; the next begins elsewhere. */
const MOST_SUSPECTS = 200_000
/** More than both at once means that ledger and files do not belong together. */
const STRANGE_COUNT = 100
const STRANGE_SHARE = 0.5
/** A tenth before uploads are refused. */
const FILLING_SHARE = 0.8
/** All files are read again in as many days. */
const SHARES = 32

/** Hourly and daily work, done by the process that leads. The first round is an hour after the start, the disk apart. */
export function watchFiles(
  deps: FileWatchDeps & { leads(): Promise<boolean>; fault(message: string, error: unknown): void },
): Rounds {
  let round = 0
  lookAtDisk(deps).catch((error) => deps.fault('looking at the disk', error))
  return startRounds({
    leads: deps.leads,
    everyMs: HOUR_MS,
    what: 'looking after files',
    fault: deps.fault,
    async round(signal) {
      await lookAtDisk(deps)
      await clearLeftovers(deps)
      if (round++ % ROUNDS_A_DAY !== 0) return
      await collectUnnamed(deps, signal)
      await readAgain(deps, signal)
    },
  })
}

export async function lookAtDisk({ store, observer }: FileWatchDeps): Promise<void> {
  const { freeBytes, totalBytes } = await store.space()
  const used = 1 - freeBytes / totalBytes
  if (used >= FILLING_SHARE) observer.diskFilling({ usedPercent: Math.floor(used * 100) })
}

export async function clearLeftovers({ store, observer }: FileWatchDeps): Promise<void> {
  const files = await store.sweepTemp(LEFT_MS)
  if (files > 0) observer.leftoversCleared({ files })
}

/** Removes files that are older than a day and named by nothing. */
export async function collectUnnamed(deps: FileWatchDeps, signal: AbortSignal): Promise<void> {
  const storedBefore = new Date((deps.now ?? Date.now)() - SETTLED_MS)
  const { sizes, seen } = await oldFiles(deps.store, storedBefore, signal)
  const unnamed = new Set(sizes.keys())
  await takeOutNamed(deps.readers, unnamed, signal)
  if (unnamed.size > STRANGE_COUNT && unnamed.size > seen * STRANGE_SHARE)
    return deps.observer.filesUnnamed({ files: unnamed.size, of: seen })
  let [files, bytes] = [0, 0]
  for (const sha256 of unnamed) {
    signal.throwIfAborted()
    if (!(await deps.store.collect(sha256, storedBefore))) continue
    files++
    bytes += sizes.get(sha256)!
  }
  if (files > 0) deps.observer.filesCollected({ files, bytes })
}

async function oldFiles(
  store: MaterialStore,
  storedBefore: Date,
  signal: AbortSignal,
): Promise<{ sizes: Map<string, number>; seen: number }> {
  const sizes = new Map<string, number>()
  let seen = 0
  for await (const { sha256, size, storedAt } of store.list()) {
    signal.throwIfAborted()
    seen++
    if (storedAt < storedBefore) sizes.set(sha256, size)
    if (sizes.size === MOST_SUSPECTS) break
  }
  return { sizes, seen }
}

/** Reads today's share of all files; one whose bytes have changed is set aside and told of. */
export async function readAgain(deps: FileWatchDeps, signal: AbortSignal): Promise<void> {
  const share = Math.floor((deps.now ?? Date.now)() / DAY_MS) % SHARES
  for await (const { sha256 } of deps.store.list()) {
    signal.throwIfAborted()
    if (Number.parseInt(sha256.slice(0, 2), 16) % SHARES !== share) continue
    if ((await deps.store.verify(sha256)) === 'damaged') await putAside(deps, sha256)
  }
}

/** Read once more there: memory may have been at fault, not the disk. */
export async function putAside(
  { store, observer }: Pick<FileWatchDeps, 'store' | 'observer'>,
  sha256: string,
): Promise<void> {
  const aside = await store.setAside(sha256)
  if (aside !== null) observer.fileDamaged({ sha256, aside })
}
