// Keeps uploads from filling the disk that the ledger needs too: below a share of free space no file is taken.
// Asks the file system at most once in five seconds; a write that still runs out of room is refused as well.

import { statfs } from 'node:fs/promises'
import { materialFailure } from './failures.ts'

const SECOND = 1000
const KNOWN_FOR_MS = 5 * SECOND

export interface Space {
  freeBytes: number
  totalBytes: number
}

export interface RoomOptions {
  /** Share of the file system that must stay free, 0 to 1. */
  minFreeShare: number
  measure: () => Promise<Space>
  now?: () => number
}

/** `check` throws the MaterialFailure `storage-full` when `bytes` more would leave less than the share. */
export function watchRoom({ minFreeShare, measure, now = Date.now }: RoomOptions) {
  let known: Promise<Space> | undefined
  let knownAt = 0

  function latest(): Promise<Space> {
    if (known === undefined || now() - knownAt >= KNOWN_FOR_MS) {
      knownAt = now()
      known = measure()
      known.catch(() => (known = undefined))
    }
    return known
  }

  return {
    async check(bytes: number): Promise<void> {
      const { freeBytes, totalBytes } = await latest()
      if (freeBytes - bytes < totalBytes * minFreeShare) throw materialFailure('storage-full')
    },
  }
}

export async function spaceOf(folder: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
