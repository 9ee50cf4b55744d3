// The manifest that makes a set of files whole: one line per file, `<sum>  <bytes>  <name>`. Lines of sha256sum and its
// kind (without the size) are read too, and lines that begin with '#' are remarks. Pure.

import { hash } from 'node:crypto'
import { type Checksum, checksumLength, checksumNames } from './checksum.ts'
import { unrecognised } from './faults.ts'

export interface ManifestLine {
  /** In hexadecimal digits, by the checksum of the settings. */
  sum: string
  /** Bytes; absent in lines of sha256sum. */
  size?: number
  name: string
}

/** What tells whether a file is the same. */
export interface Identity {
  sha256: string
  size: number
  name: string
}

const CONTENT = '# content '
export const LARGEST_MANIFEST = 256 * 1024

/** @param content what tells whether two sets are the same, whatever their packaging */
export function manifestText(lines: readonly ManifestLine[], content: string): string {
  return `${CONTENT}${content}\n${lines.map(({ sum, size, name }) => `${sum}  ${size}  ${name}\n`).join('')}`
}

export function contentOf(text: string): string | undefined {
  const [first = ''] = text.split('\n', 1)
  return first.startsWith(CONTENT) ? first.slice(CONTENT.length).trim() : undefined
}

/** A hash over what the set holds: archives of the same things may differ in their bytes. */
export function fingerprint(files: readonly Identity[]): string {
  return hash('sha256', files.map(({ sha256, size, name }) => `${sha256} ${size} ${name}`).join('\n'), 'hex')
}

const written = /^([0-9a-fA-F]{32,128})[ \t]+[*]?(?:(\d{1,15})[ \t]+)?[*]?(\S.*)$/

/** @throws AdapterFailure 'unrecognised' for a line that is none, or whose sum is of another kind */
export function readManifest(text: string, checksum: Checksum): ManifestLine[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (line.trim() === '' || line.startsWith('#')) return []
    const [, sum, size, name] = written.exec(line.trim()) ?? []
    if (!sum || !name) throw unrecognised('清单文件无法识别 (the manifest cannot be read)')
    if (sum.length !== checksumLength[checksum]) throw otherKind(checksum)
    return [{ sum: sum.toLowerCase(), ...(size ? { size: Number(size) } : {}), name }]
  })
}

function otherKind(checksum: Checksum): Error {
  const kind = checksumNames[checksum]
  return unrecognised(
    `清单中的校验值不是 ${kind}，请核对 checksum 设置 (the sums of the manifest are not ${kind}; see the setting checksum)`,
  )
}
