// The document out of a department's archive. An archive is believed only within limits: entries, bytes, ratio, depth,
// plain relative names, no links, nothing encrypted, no archive in the archive, and its own manifest must agree.
// @throws AdapterFailure 'unrecognised' from everything here

import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { decode } from '../../src/adapter-kit/charset.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { type Checksum, sumOfBytes } from './checksum.ts'
import { unrecognised } from './faults.ts'
import { readManifest } from './manifest-file.ts'
import type { Format, Limits } from './settings.ts'

interface ArchiveRules {
  format: Format
  /** Of entry names that are not marked as UTF-8; those that are not of it are GB18030. */
  fileNames: Charset
  /** Of the manifest in the archive. */
  checksum: Checksum
  limits: Limits
}

/** The one document of the configured format at the top of the archive. */
export async function documentInZip(archive: Buffer, rules: ArchiveRules): Promise<Buffer> {
  try {
    const files = await unpacked(archive, rules)
    checkManifest(files, rules.checksum)
    return onlyDocument(files, rules.format)
  } catch (error) {
    if (error instanceof AdapterFailure) throw error
    throw unrecognised('压缩包损坏或不完整 (the archive is damaged or not whole)')
  }
}

async function unpacked(archive: Buffer, { fileNames, limits }: ArchiveRules): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(archive, { decodeStrings: false, validateEntrySizes: true })
  if (zip.entryCount > limits.entries) throw unrecognised('压缩包文件过多 (too many entries in the archive)')
  const files = new Map<string, Buffer>()
  let left = Math.min(limits.unpackedBytes, archive.length * limits.ratio)
  for await (const entry of zip.eachEntry()) {
    const name = checkedName(entry, fileNames, limits.depth)
    if (name.endsWith('/')) continue
    if (files.has(name)) throw unrecognised('压缩包内文件重名 (two entries of the archive have one name)')
    const bytes = await entryBytes(zip, entry, left)
    left -= bytes.length
    if (isArchive(name, bytes)) throw unrecognised('压缩包内又有压缩包 (an archive within the archive)')
    files.set(name, bytes)
  }
  return files
}

const UTF8_FLAG = 0x800

function checkedName(entry: Entry, fileNames: Charset, depth: number): string {
  const raw = entry.fileName as unknown as Buffer
  const name = nameOf(raw, entry.generalPurposeBitFlag & UTF8_FLAG ? ['utf-8'] : [fileNames, 'gb18030'])
  const parts = name?.split('/') ?? []
  const isPlain =
    name !== undefined &&
    name !== '' &&
    !/[\\:]/.test(name) &&
    !name.includes('\u0000') &&
    !name.startsWith('/') &&
    !parts.includes('..') &&
    !parts.includes('.')
  if (!isPlain) throw unrecognised('压缩包内文件名不可用 (an entry of the archive has a forbidden name)')
  if (parts.length > depth)
    throw unrecognised('压缩包目录过深 (folders of the archive are nested too deeply)')
  if (isSpecial(entry)) throw unrecognised('压缩包内有链接或特殊文件 (a link or special file in the archive)')
  if (entry.isEncrypted()) throw unrecognised('压缩包已加密 (the archive is encrypted)')
  return name
}

/** A packer on a Chinese Windows writes its own charset and says nothing, whatever the exchange's names are in. */
function nameOf(raw: Buffer, charsets: readonly Charset[]): string | undefined {
  for (const charset of charsets) {
    const name = decode(raw, charset)
    if (name !== undefined) return name
  }
  return undefined
}

/** Unix mode in the high half: only regular files (8), folders (4) and none (0) may pass. */
function isSpecial({ externalFileAttributes }: Entry): boolean {
  return ![0, 4, 8].includes((externalFileAttributes >>> 28) & 0xf)
}

const ARCHIVES = [
  Buffer.from('PK\u0003\u0004'),
  Buffer.from([0x1f, 0x8b]),
  Buffer.from('Rar!'),
  Buffer.from('7z\xbc\xaf', 'latin1'),
]

function isArchive(name: string, bytes: Buffer): boolean {
  if (/\.(ofd|docx|xlsx|pptx)$/i.test(name)) return false
  return (
    /\.(zip|rar|7z|gz|tgz|tar|bz2|xz|jar)$/i.test(name) ||
    ARCHIVES.some((magic) => bytes.subarray(0, magic.length).equals(magic))
  )
}

async function entryBytes(zip: ZipFile, entry: Entry, left: number): Promise<Buffer> {
  const tooMuch = '压缩包展开后过大 (the archive is too large unpacked)'
  if (entry.uncompressedSize > left) throw unrecognised(tooMuch)
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of await zip.openReadStreamPromise(entry)) {
    size += (piece as Buffer).length
    if (size > left) throw unrecognised(tooMuch)
    pieces.push(piece as Buffer)
  }
  return Buffer.concat(pieces, size)
}

const isManifest = (name: string): boolean => /\.mf$/i.test(name) && !name.includes('/')

function checkManifest(files: ReadonlyMap<string, Buffer>, checksum: Checksum): void {
  const manifests = [...files].filter(([name]) => isManifest(name))
  const lines = manifests.flatMap(([, bytes]) => readManifest(bytes.toString(), checksum))
  for (const { sum, size, name } of lines) {
    const bytes = files.get(name)
    if (!bytes || (size !== undefined && size !== bytes.length) || sumOfBytes(bytes, checksum) !== sum)
      throw unrecognised('压缩包与其清单不符 (the archive does not agree with its manifest)')
  }
}

function onlyDocument(files: ReadonlyMap<string, Buffer>, format: Format): Buffer {
  const documents = [...files].filter(
    ([name]) => !name.includes('/') && name.toLowerCase().endsWith(`.${format}`),
  )
  const [document] = documents
  if (document && documents.length === 1) return document[1]
  throw unrecognised(`压缩包内应恰有一个 .${format} 文件 (the archive must hold exactly one .${format} file)`)
}
