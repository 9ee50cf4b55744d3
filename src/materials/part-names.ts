// File names of form parts that are encoded, or not UTF-8. Of the latter the parser keeps only replacement characters, so
// their bytes are looked up in what it has just read.

import type { Readable } from 'node:stream'
import { plainName, textOf } from './file-name.ts'

/** More than the headers of any part with a name worth keeping. */
const LOOK_BACK_BYTES = 4096
const LOST = '\ufffd'

export interface PartNames {
  /** Told of a part while the parser is at its headers. */
  seen(part: string | undefined, decoded: string | undefined): void
  /** The file name of the part as it was meant. */
  meant(part: string, decoded: string | undefined): string | undefined
}

/** Watches the source of a form; call before the parser is put to it, so that each chunk is seen here first. */
export function watchPartNames(source: Readable): PartNames {
  const names = new Map<string, string>()
  let before: Buffer = Buffer.alloc(0)
  let chunk: Buffer = Buffer.alloc(0)
  let readBytes = 0
  /** Where the last name found ended: those before it belong to earlier parts. */
  let from = 0

  source.on('data', (next: Buffer) => {
    const held = chunk.length >= LOOK_BACK_BYTES ? chunk : Buffer.concat([before, chunk])
    before = held.subarray(-LOOK_BACK_BYTES)
    chunk = next
    readBytes += next.length
  })

  function find(decoded: string): string | null {
    const bytes = Buffer.concat([before, chunk])
    const start = readBytes - bytes.length
    for (const name of namesIn(bytes, Math.max(0, from - start))) {
      // The parser has taken escapes off.
      if (!name.bytes.toString('utf8').endsWith(decoded)) continue
      from = start + name.end
      return textOf(name.bytes)
    }
    return null
  }

  return {
    seen(part, decoded) {
      if (part === undefined || !decoded?.includes(LOST) || names.has(part)) return
      const name = find(decoded)
      if (name !== null) names.set(part, name)
    },
    meant: (part, decoded) => names.get(part) ?? (decoded === undefined ? undefined : plainName(decoded)),
  }
}

function* namesIn(bytes: Buffer, from: number): Generator<{ bytes: Buffer; end: number }, void> {
  const text = bytes.toString('latin1')
  const name = /;[ \t]*filename=(?:"([^"\r\n]*)"|([^;\s"]+))/gi
  name.lastIndex = from
  for (let it = name.exec(text); it !== null; it = name.exec(text))
    yield { bytes: Buffer.from(it[1] ?? it[2] ?? '', 'latin1'), end: name.lastIndex }
}
