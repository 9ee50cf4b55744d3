// Files for whoever fetches them by a link. A whole one is compared with its hash while it leaves. Of a part that cannot
// be: the whole is read before it, unless it was found right a moment ago, as it is for whoever goes on with a
// download that broke off. Memory stays flat.

import type { Readable } from 'node:stream'
import { damaged } from './failures.ts'
import { proved } from './proved.ts'
import type { ByteRange, MaterialStore } from './store.ts'

export interface Proofs {
  /**
   * Fails in place of its last bytes where they are not the file's, with what `otherwise` makes; rejects with it where a
   * small one fails before its first.
   */
  whole(sha256: string, otherwise: () => Error): Promise<Readable>
  /** Rejects with `damaged` before the first byte. */
  part(sha256: string, range: ByteRange): Promise<Readable>
}

/** As long as a link is valid, unless it says otherwise. */
const GOOD_FOR_MS = 15 * 60_000
const REMEMBERED = 1_000

interface Proof {
  /** Of which state of the file: storing the same bytes again gives it another. */
  storedAt: number
  until: number
  intact: Promise<boolean>
}

export function openProofs(store: Pick<MaterialStore, 'open' | 'stat' | 'verify'>): Proofs {
  const proofs = new Map<string, Proof>()

  function keep(sha256: string, storedAt: number, intact: Promise<boolean>): void {
    proofs.delete(sha256)
    proofs.set(sha256, { storedAt, intact, until: performance.now() + GOOD_FOR_MS })
    const [oldest] = proofs.keys()
    if (proofs.size > REMEMBERED) proofs.delete(oldest!)
  }

  const storedAt = async (sha256: string): Promise<number> =>
    (await store.stat(sha256))?.storedAt.getTime() ?? 0

  /** Many who ask for parts of it at once wait for one reading. */
  async function mustBeIntact(sha256: string): Promise<void> {
    const at = await storedAt(sha256)
    const known = proofs.get(sha256)
    if (known?.storedAt !== at || known.until < performance.now())
      keep(
        sha256,
        at,
        store.verify(sha256).then((found) => found !== 'damaged'),
      )
    const { intact } = proofs.get(sha256)!
    try {
      if (await intact) return
    } catch (error) {
      forget(sha256, intact)
      throw error
    }
    forget(sha256, intact)
    throw damaged(sha256)
  }

  function forget(sha256: string, intact: Promise<boolean>): void {
    if (proofs.get(sha256)?.intact === intact) proofs.delete(sha256)
  }

  return {
    async whole(sha256, otherwise) {
      const at = await storedAt(sha256)
      const stream = proved(await store.open(sha256), sha256, otherwise)
      stream.once('end', () => keep(sha256, at, Promise.resolve(true)))
      await beginning(stream)
      return stream
    },
    async part(sha256, range) {
      await mustBeIntact(sha256)
      return store.open(sha256, range)
    },
  }
}

/** There is something to read, or nothing at all. */
const beginning = (stream: Readable): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.once('error', reject)
    stream.once('readable', () => {
      stream.off('error', reject)
      resolve()
    })
  })
