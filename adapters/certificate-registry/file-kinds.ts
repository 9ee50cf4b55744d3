// What a copy really is, by its bytes: OFD, PDF or PNG. Whatever a registry calls it, only this is believed.
// Must not render or change it: a copy is evidence and is kept byte for byte.

import yauzl from 'yauzl'

export type CopyKind = 'ofd' | 'pdf' | 'png'

export const mediaTypes: Readonly<Record<CopyKind, string>> = {
  ofd: 'application/ofd',
  pdf: 'application/pdf',
  png: 'image/png',
}

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const PNG_END = Buffer.from('0000000049454e44ae426082', 'hex')
const ZIP = Buffer.from('PK\x03\x04', 'latin1')
/** Where PDF readers look for the two ends of a document. */
const PDF_MARGIN = 1024

const MOST_ENTRIES = 5_000
const MOST_UNPACKED_BYTES = 512 * 1024 * 1024
const LARGEST_ENTRANCE_BYTES = 256 * 1024
const ENTRANCE = 'OFD.xml'

/** Undefined for anything else, and for what is cut short. */
export async function kindOf(bytes: Buffer): Promise<CopyKind | undefined> {
  if (isPng(bytes)) return 'png'
  if (isPdf(bytes)) return 'pdf'
  return (await isOfd(bytes)) ? 'ofd' : undefined
}

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, PNG.length).equals(PNG) && bytes.subarray(-PNG_END.length).equals(PNG_END)
}

function isPdf(bytes: Buffer): boolean {
  return bytes.subarray(0, 5).equals(Buffer.from('%PDF-')) && bytes.subarray(-PDF_MARGIN).includes('%%EOF')
}

/**
 * Whether it is an OFD document (GB/T 33190): a ZIP with OFD.xml at the root, which names a document.
 * Nothing but OFD.xml is unpacked.
 */
export async function isOfd(bytes: Buffer): Promise<boolean> {
  if (!bytes.subarray(0, ZIP.length).equals(ZIP)) return false
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true })
    try {
      return await leadsToDocument(zip)
    } finally {
      zip.close()
    }
  } catch {
    return false
  }
}

async function leadsToDocument(zip: yauzl.ZipFile): Promise<boolean> {
  if (zip.entryCount > MOST_ENTRIES) return false
  let entrance: yauzl.Entry | undefined
  let unpacked = 0
  for await (const entry of zip.eachEntry()) {
    unpacked += entry.uncompressedSize
    if (unpacked > MOST_UNPACKED_BYTES || entry.isEncrypted()) return false
    if (entry.fileName === ENTRANCE) entrance = entry
  }
  if (!entrance || entrance.uncompressedSize > LARGEST_ENTRANCE_BYTES) return false
  const xml = (await unpack(zip, entrance)).toString('utf8')
  return !/<!DOCTYPE/i.test(xml) && /<(?:\w+:)?OFD[\s>]/.test(xml) && /<(?:\w+:)?DocRoot[\s>]/.test(xml)
}

/** yauzl ends the stream with an error as soon as it is longer or shorter than declared. */
async function unpack(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece)
  return Buffer.concat(pieces)
}
