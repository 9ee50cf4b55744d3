// How the files of a content travel: as links, in Base64 within a limit, or not at all.

import type { Attempt, MaterialContent, StoredFile } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { SoapSettings } from './settings.ts'

interface CarriedFile extends StoredFile {
  url?: string
  base64?: string
}

export interface CarriedMaterial extends Omit<MaterialContent, 'files'> {
  files: CarriedFile[]
}

const LINK_SECONDS = 24 * 3600
const MAX_INLINE_BYTES = 10 * 1024 * 1024

type FileSettings = Pick<SoapSettings, 'files' | 'linkSeconds' | 'maxInlineBytes'>

/** @throws AdapterFailure 'rejected' when the files are more than a message may hold */
export async function carry(
  materials: readonly MaterialContent[],
  { files = 'link', linkSeconds = LINK_SECONDS, maxInlineBytes = MAX_INLINE_BYTES }: FileSettings,
  attempt: Attempt,
): Promise<CarriedMaterial[]> {
  if (files === 'inline') checkSize(materials, maxInlineBytes)
  const carried: CarriedMaterial[] = []
  for (const material of materials) {
    const own: CarriedFile[] = []
    for (const file of material.files) {
      if (files === 'link') own.push({ ...file, url: attempt.files.link(file, linkSeconds) })
      else if (files === 'inline') own.push({ ...file, base64: await base64Of(file, attempt) })
      else own.push({ ...file })
    }
    carried.push({ ...material, files: own })
  }
  return carried
}

function checkSize(materials: readonly MaterialContent[], maxInlineBytes: number): void {
  const bytes = materials.flatMap(({ files }) => files).reduce((sum, { size }) => sum + size, 0)
  if (bytes <= maxInlineBytes) return
  const what = `文件共 ${bytes} 字节，超过报文上限 ${maxInlineBytes} (the files are too large for one message)`
  throw new AdapterFailure('rejected', what, { sent: false })
}

async function base64Of({ sha256 }: StoredFile, attempt: Attempt): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of await attempt.files.open(sha256)) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString('base64')
}
