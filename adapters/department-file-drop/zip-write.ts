// A set as one zip archive, streamed: no material is in memory as a whole.

import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Part } from './set.ts'

/** All entries carry the same time, so that the archive tells nothing of when it was tried. */
const MTIME = new Date(Date.UTC(2000, 0, 1))

/** Pieces of the archive; ends with the error of a part that could not be read. */
export async function* zipOf(parts: readonly Part[]): AsyncGenerator<Buffer> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  for (const { name, bytes, open } of parts) {
    if (bytes) zip.addBuffer(bytes, name, { mtime: MTIME, forceDosTimestamp: true })
    else
      zip.addReadStreamLazy(name, { mtime: MTIME, forceDosTimestamp: true }, (give) => {
        open().then(
          (stream) => give(null, stream),
          (error: unknown) => output.destroy(error as Error),
        )
      })
  }
  zip.end()
  for await (const piece of output) yield piece as Buffer
}
