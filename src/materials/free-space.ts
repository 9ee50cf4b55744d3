// Keeps uploads from filling the disk that the ledger needs too: below a share of free space no file is
// taken, and one that is being taken ends. What is under way is counted before it is written, so that many at
// once do not all see the same room. Asks the file system at most once in five seconds; a write that still
// runs out of room is refused as well.

import { statfs } from 'node:fs/promises'
import { materialFailure } from './failures.ts'

const SECOND = 1000
const MIB = 1024 * 1024
const KNOWN_FOR_MS = 5 * SECOND
/** A file is looked at again after each; one of unknown length is given room for as much at a time. */
export const STEP_BYTES = 16 * MIB

export interface Space {
  freeBytes: number
  totalBytes: number
}

interface RoomOptions {
  /** Share of the file system that must stay free, 0 to 1. */
  minFreeShare: number
  measure: () => Promise<Space>
  /** ms, by a clock that nobody sets. */
  now?: () => number
}

/** Room for one file. */
export interface Place {
  /** To be called with each size reached; null where nothing has to be waited for. Rejects with `storage-full`. */
  grown(size: number): Promise<void> | null
  /** Gives back what was not used. */
  leave(): void
}

interface Room {
  /**
   * Room for a file of so many bytes, or of unknown length. Rejects with `storage-full` when it would leave
   * less than the share.
   */
  enter(bytes: number | undefined): Promise<Place>
  space(): Promise<Space>
}

export function watchRoom({ minFreeShare, measure, now = () => performance.now() }: RoomOptions): Room {
  let known: Promise<Space> | undefined
  let knownAt = 0
  /** Given away and not written yet. */
  let promised = 0
  /** Written since the file system was asked, which does not know of it. */
  let written = 0

  function latest(): Promise<Space> {
    if (known === undefined || now() - knownAt >= KNOWN_FOR_MS) {
      knownAt = now()
      written = 0
      known = measure()
      known.catch(() => (known = undefined))
    }
    return known
  }

  async function promise(bytes: number): Promise<void> {
    promised += bytes
    try {
      const { freeBytes, totalBytes } = await latest()
      if (freeBytes - promised - written < totalBytes * minFreeShare) throw materialFailure('storage-full')
    } catch (error) {
      promised -= bytes
      throw error
    }
  }

  async function enter(bytes: number | undefined): Promise<Place> {
    /** Its part of what is promised. */
    let held = bytes ?? STEP_BYTES
    let [reached, lookAt] = [0, STEP_BYTES]
    await promise(held)

    async function lookAgain(): Promise<void> {
      const more = bytes === undefined ? STEP_BYTES - held : 0
      await promise(more)
      held += more
    }

    return {
      grown(size) {
        const grew = size - reached
        const used = Math.min(held, grew)
        held -= used
        promised -= used
        written += grew
        reached = size
        if (size < lookAt) return null
        lookAt = size + STEP_BYTES
        return lookAgain()
      },
      leave() {
        promised -= held
        held = 0
      },
    }
  }

  return { enter, space: latest }
}

export async function spaceOf(folder: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
