// What is dropped for one transfer: the document, its materials, and the manifest that makes them whole.
// The same content makes the same set at every try.

import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Attempt, MaterialContent } from '../../src/adapter-kit/contract.ts'
import { sumOfStream } from './checksum.ts'
import type { Layout } from './layout.ts'
import { fingerprint, type Identity, type ManifestLine, manifestText } from './manifest-file.ts'
import { type DroppedContent, extensionOf, nameOf, safePart } from './names.ts'
import type { DroppedOperation } from './settings.ts'
import { documentBytes } from './write.ts'

/** One file: of the directory, or of the archive. */
export interface Part extends Identity {
  /** Set for what we made ourselves. */
  bytes?: Buffer
  open(): Promise<Readable>
}

export interface DropSet {
  /** The name that stands for the whole: the document's, or the archive's. */
  name: string
  parts: readonly Part[]
  /** The same for the same content. */
  fingerprint: string
  document: Buffer
}

const roots: Readonly<Record<DroppedOperation, string>> = {
  submitCase: 'receive',
  supplementCase: 'supplement',
  withdrawCase: 'withdraw',
}

/** @throws AdapterFailure 'rejected' for what the format, the charset or a file name cannot hold */
export async function setOf(
  layout: Layout,
  operation: DroppedOperation,
  content: DroppedContent,
  attempt: Attempt,
): Promise<DropSet> {
  const base = nameOf(layout.names[operation], content, layout.region, layout.offset)
  const pathOf = (material: MaterialContent, n: number) =>
    layout.carriesMaterials ? materialName(layout, base, material, n) : undefined
  const document = documentBytes(
    await layout.documents(operation, content, pathOf),
    roots[operation],
    layout.format,
    layout.charset,
  )
  const data = madePart(layout.zip ? `data.${layout.format}` : `${base}.${layout.format}`, document)
  const materials = layout.carriesMaterials ? materialParts(content, pathOf, attempt) : []
  const parts = [...materials, data]
  return {
    name: layout.zip ? `${base}.zip` : data.name,
    parts,
    fingerprint: fingerprint(parts),
    document,
  }
}

function materialName(layout: Layout, base: string, { code, files }: MaterialContent, n: number): string {
  const own = `${safePart(code)}-${n + 1}${extensionOf(files[n]?.fileName ?? '')}`
  return layout.zip ? `materials/${own}` : `${base}_${own}`
}

function materialParts(
  content: DroppedContent,
  pathOf: (material: MaterialContent, n: number) => string | undefined,
  attempt: Attempt,
): Part[] {
  if (!('materials' in content)) return []
  return content.materials.flatMap((material) =>
    material.files.map(({ sha256, size }, n) => ({
      sha256,
      size,
      name: pathOf(material, n) ?? '',
      open: () => attempt.files.open(sha256),
    })),
  )
}

function madePart(name: string, bytes: Buffer): Part {
  const sha256 = hash('sha256', bytes, 'hex')
  return { sha256, size: bytes.length, name, bytes, open: async () => Readable.from([bytes]) }
}

/** Lines of a manifest over these files. */
export async function linesOf({ checksum }: Layout, parts: readonly Part[]): Promise<ManifestLine[]> {
  const lines: ManifestLine[] = []
  for (const { name, size, sha256, open } of parts) {
    const sum = checksum === 'sha256' ? sha256 : await sumOfStream(await open(), checksum)
    lines.push({ sum, size, name })
  }
  return lines
}

/** Archives carry their own list, so that they stay provable when they are passed on without our manifest. */
export async function archiveParts(layout: Layout, { parts }: DropSet): Promise<Part[]> {
  const list = manifestText(await linesOf(layout, parts), fingerprint(parts))
  return [...parts, madePart('manifest.mf', Buffer.from(list))]
}
