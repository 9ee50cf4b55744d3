// The manifest that makes a set of files whole: one line per file, `<sha256>  <bytes>  <name>`. Lines of sha256sum
// (without the size) are read too, and lines that begin with '#' are remarks. Pure.

import { hash } from 'node:crypto'
import { unrecognised } from './faults.ts'

export interface ManifestLine {
  sha256: string
  /** Bytes; absent in lines of sha256sum. */
  size?: number
  name: string
}

const CONTENT = '# content '
export const LARGEST_MANIFEST = 256 * 1024

/** @param content what tells whether two sets are the same, whatever their packaging */
export function manifestText(lines: readonly ManifestLine[], content: string): string {
  return `${CONTENT}${content}\n${lines.map(({ sha256, size, name }) => `${sha256}  ${size}  ${name}\n`).join('')}`
}

export function contentOf(text: string): string | undefined {
  const [first = ''] = text.split('\n', 1)
  return first.startsWith(CONTENT) ? first.slice(CONTENT.length).trim() : undefined
}

/** A hash over what the set holds: archives of the same things may differ in their bytes. */
export function fingerprint(lines: readonly ManifestLine[]): string {
  return hash('sha256', lines.map(({ sha256, size, name }) => `${sha256} ${size} ${name}`).join('\n'), 'hex')
}

const written = /^([0-9a-fA-F]{64})[ \t]+[*]?(?:(\d{1,15})[ \t]+)?[*]?(\S.*)$/

/** @throws AdapterFailure 'unrecognised' for a line that is none */
export function readManifest(text: string): ManifestLine[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (line.trim() === '' || line.startsWith('#')) return []
    const [, sha256, size, name] = written.exec(line.trim()) ?? []
    if (!sha256 || !name) throw unrecognised('清单文件无法识别 (the manifest cannot be read)')
    return [{ sha256: sha256.toLowerCase(), ...(size ? { size: Number(size) } : {}), name }]
  })
}
