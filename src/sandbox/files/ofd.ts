// A small OFD (GB/T 33190) that ordinary viewers open: one page with a few lines of text, as a registry's copy.
// Must stay free of chance and of the clock, so that the same certificate always makes the same bytes.

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

const XMLNS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
/** Millimetres: A4 lying. */
const PAGE_BOX = '0 0 297 210'
const MARGIN_MM = 30
const LINE_MM = 14
const TITLE_MM = 9
const TEXT_MM = 5

interface OfdText {
  title: string
  /** Lines below the title; as many as fit one page, about ten. */
  lines: readonly string[]
  /** `yyyy-MM-dd`, written as the date of making. */
  date: string
}

/** The bytes of an OFD 1.0 document with one page. */
export function makeOfd(about: OfdText): Buffer {
  return storedZip([
    ['OFD.xml', entrance(about)],
    ['Doc_0/Document.xml', documentXml],
    ['Doc_0/PublicRes.xml', resources],
    ['Doc_0/Pages/Page_0/Content.xml', page(about)],
  ])
}

function entrance({ title, lines, date }: OfdText): string {
  const id = createHash('sha256')
    .update([title, date, ...lines].join('\n'))
    .digest('hex')
    .slice(0, 32)
  return `${HEAD}<ofd:OFD ${XMLNS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>
<ofd:DocID>${id}</ofd:DocID><ofd:Title>${escaped(title)}</ofd:Title><ofd:CreationDate>${date}</ofd:CreationDate>
</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>\n`
}

const documentXml = `${HEAD}<ofd:Document ${XMLNS}><ofd:CommonData><ofd:MaxUnitID>100</ofd:MaxUnitID>
<ofd:PageArea><ofd:PhysicalBox>${PAGE_BOX}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>
</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>\n`

const resources = `${HEAD}<ofd:Res ${XMLNS} BaseLoc="Res"><ofd:Fonts>
<ofd:Font ID="2" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>\n`

function page({ title, lines }: OfdText): string {
  const objects = [title, ...lines].map((line, i) => textObject(line, i))
  return `${HEAD}<ofd:Page ${XMLNS}><ofd:Area><ofd:PhysicalBox>${PAGE_BOX}</ofd:PhysicalBox></ofd:Area>
<ofd:Content><ofd:Layer ID="3" Type="Body">\n${objects.join('\n')}\n</ofd:Layer></ofd:Content></ofd:Page>\n`
}

function textObject(line: string, index: number): string {
  const size = index === 0 ? TITLE_MM : TEXT_MM
  const top = MARGIN_MM + index * LINE_MM
  const steps = [...line].slice(1).map(() => size)
  const delta = steps.length > 0 ? ` DeltaX="${steps.join(' ')}"` : ''
  return `<ofd:TextObject ID="${10 + index}" Boundary="${MARGIN_MM} ${top} 237 ${LINE_MM}" Font="2" Size="${size}"><ofd:TextCode X="0" Y="${size}"${delta}>${escaped(line)}</ofd:TextCode></ofd:TextObject>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A ZIP archive whose entries are stored, not compressed (PKWARE APPNOTE 6.3, version 2.0, UTF-8 names). */
export function storedZip(entries: readonly (readonly [name: string, content: string | Buffer])[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of entries) {
    const bytes = Buffer.from(content)
    const path = Buffer.from(name)
    const shared = zipFields(bytes, path.length)
    const file = Buffer.concat([signature(0x04034b50), shared, path, bytes])
    directory.push(centralEntry(shared, path, offset))
    files.push(file)
    offset += file.length
  }
  const listing = Buffer.concat(directory)
  return Buffer.concat([...files, listing, endOfZip(entries.length, listing.length, offset)])
}

const UTF8_NAMES = 0x0800
/** 2026-01-01 as MS-DOS writes dates; no bytes may depend on the clock. */
const DOS_DATE = ((2026 - 1980) << 9) | (1 << 5) | 1

function zipFields(bytes: Buffer, nameLength: number): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(UTF8_NAMES, 2)
  fields.writeUInt16LE(DOS_DATE, 8)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(bytes.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(nameLength, 22)
  return fields
}

function centralEntry(shared: Buffer, path: Buffer, offset: number): Buffer {
  const madeBy = Buffer.from([20, 0])
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(offset, 10)
  return Buffer.concat([signature(0x02014b50), madeBy, shared, rest, path])
}

function endOfZip(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(18)
  end.writeUInt16LE(count, 4)
  end.writeUInt16LE(count, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([signature(0x06054b50), end])
}

function signature(magic: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(magic)
  return bytes
}
