// The scans that applicants hand in: valid small files of the kinds the catalogue accepts, each one different.

import { createHash } from 'node:crypto'
import { makeJpeg } from './jpeg.ts'
import { makePdf } from './pdf.ts'
import { makePng } from './png.ts'

export interface MadeFile {
  bytes: Buffer
  mediaType: MadeMediaType
  /** With its ending, in Chinese. */
  fileName: string
  /** Lower-case hex. */
  sha256: string
}

export const madeMediaTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const
export type MadeMediaType = (typeof madeMediaTypes)[number]

const ENDINGS: Readonly<Record<MadeMediaType, string>> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
}

/** A file of about `bytes` bytes; the same words in `seed` make the same bytes. */
export function makeFile(about: {
  mediaType: MadeMediaType
  title: string
  holder: string
  bytes: number
  seed: string
}): MadeFile {
  const bytes = drawn(about)
  return {
    bytes,
    mediaType: about.mediaType,
    fileName: `${about.title.replaceAll(/[\\/:*?"<>|\s]/g, '')}.${ENDINGS[about.mediaType]}`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

function drawn(about: {
  mediaType: MadeMediaType
  title: string
  holder: string
  bytes: number
  seed: string
}): Buffer {
  const filler = createHash('sha512').update(about.seed).digest()
  if (about.mediaType === 'image/jpeg') return makeJpeg({ bytes: about.bytes, filler })
  if (about.mediaType === 'image/png') return makePng({ bytes: about.bytes, filler })
  const lines = [
    about.title,
    `申请人：${about.holder}`,
    '模拟城市样张，不具法律效力',
    filler.toString('hex', 0, 12),
  ]
  return makePdf({ lines, bytes: about.bytes, filler })
}
