// Whether a file is what its manifest says. Pure.

import { decode } from '../../src/adapter-kit/charset.ts'
import type { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { checksumNames, sumOfBytes } from './checksum.ts'
import { unrecognised } from './faults.ts'
import type { Layout } from './layout.ts'
import { type ManifestLine, readManifest } from './manifest-file.ts'

/** None for a marker, whatever it holds. @throws AdapterFailure 'unrecognised' */
export function linesIn(manifest: Buffer, { incoming }: Layout): ManifestLine[] {
  if (incoming.complete === 'marker') return []
  const text = decode(manifest, 'utf-8') ?? decode(manifest, incoming.charset)
  if (text === undefined)
    throw unrecognised('清单文件编码无法识别 (the charset of the manifest cannot be read)')
  return readManifest(text, incoming.checksum)
}

export interface Measured {
  name: string
  /** Bytes. */
  size: number
  /** Null when it is too large to be read. */
  body: Buffer | null
}

/** How they are at odds; undefined when they are not. */
export function disagreement(
  { name, size, body }: Measured,
  lines: readonly ManifestLine[],
  { incoming: { checksum } }: Layout,
): AdapterFailure | undefined {
  if (lines.length === 0) return undefined
  const line = lineOf(name, lines)
  if (!line) return unrecognised('清单未列出该文件 (the manifest does not list the file)')
  if (line.size !== undefined && line.size !== (body?.length ?? size))
    return unrecognised('文件大小与清单不符 (the size of the file is not the manifest’s)')
  if (body && line.sum !== sumOfBytes(body, checksum))
    return unrecognised(
      `文件校验值与清单不符 (the ${checksumNames[checksum]} of the file is not the manifest’s)`,
    )
  return undefined
}

const lineOf = (name: string, lines: readonly ManifestLine[]): ManifestLine | undefined =>
  lines.find((one) => one.name === name || one.name === `./${name}`)
