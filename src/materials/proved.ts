// Bytes on their way out, compared with the hash that they are named by: what changed on the disk is handed to nobody
// as if it were the applicant's.

import { createHash } from 'node:crypto'
import { pipeline, type Readable, Transform } from 'node:stream'
import { damaged } from './failures.ts'

/**
 * The same bytes, the last of them only once all are known to be right: where they are not, it fails in their place, with
 * `damaged` unless `otherwise` says more. So whoever was told how many come has too few, and takes them for nothing whole.
 */
export function proved(
  source: Readable,
  sha256: string,
  otherwise: () => Error = () => damaged(sha256),
): Readable {
  const hash = createHash('sha256')
  let last: Buffer | undefined
  const proof = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const before = last
      last = chunk
      hash.update(chunk)
      done(null, before)
    },
    flush: (done) => (hash.digest('hex') === sha256 ? done(null, last) : done(otherwise())),
  })
  // Whoever reads hears of a failure from the stream itself.
  return pipeline(source, proof, () => undefined)
}
