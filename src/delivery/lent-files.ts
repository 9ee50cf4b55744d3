// Files as one attempt may open them. What it opened ends with it, read or not: a stream that nobody reads to
// its end would keep its file open until the collector finds it. And what it reads is proved: bytes that changed on
// the disk are handed to nobody as if they were the applicant's.

import { createHash } from 'node:crypto'
import { pipeline, type Readable, Transform } from 'node:stream'
import type { Attempt } from '../adapter-kit/contract.ts'
import { damaged } from '../materials/failures.ts'

interface LentFiles {
  files: Attempt['files']
  /** Ends what is still open, and whatever is opened afterwards. */
  takeBack(): void
}

export function lendFiles(files: Attempt['files']): LentFiles {
  const open: Readable[] = []
  let over = false
  return {
    files: {
      link: files.link,
      store: files.store,
      async open(sha256) {
        const stream = await files.open(sha256)
        if (over) stream.destroy()
        else open.push(stream)
        return proved(stream, sha256)
      },
    },
    takeBack() {
      over = true
      for (const stream of open) stream.destroy()
    },
  }
}

/** The same bytes; fails in place of their end where they are not those that the file is named by. */
function proved(source: Readable, sha256: string): Readable {
  const hash = createHash('sha256')
  const proof = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
    flush: (done) => done(hash.digest('hex') === sha256 ? null : damaged(sha256)),
  })
  // Whoever reads hears of a failure from the stream itself.
  return pipeline(source, proof, () => undefined)
}
