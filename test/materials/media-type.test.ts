// Which media type a file is kept under, and which files are not taken at all.

import t from 'tap'
import { decideMediaType, detectMediaType } from '../../src/materials/media-type.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The start of a zip whose entries are stored under these names with these bytes. */
function zip(...entries: [name: string, bytes?: string][]): Buffer {
  return Buffer.concat(entries.map(([name, bytes = '']) => entry(name, bytes)))
}

function entry(name: string, bytes: string): Buffer {
  const header = Buffer.alloc(30)
  header.write('PK\x03\x04', 'latin1')
  header.writeUInt32LE(bytes.length, 18)
  header.writeUInt16LE(Buffer.byteLength(name), 26)
  return Buffer.concat([header, Buffer.from(name), Buffer.from(bytes)])
}

const samples = {
  pdf: latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3'),
  jpeg: latin1('\xff\xd8\xff\xe0\0\x10JFIF'),
  png: latin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'),
  gif: latin1('GIF89a\x01\0'),
  tiff: latin1('II*\0\x08\0\0\0'),
  bmp: latin1('BM\x36\x10\x0e\0\0\0\0\0\x36'),
  webp: latin1('RIFF\x10\0\0\0WEBPVP8 '),
  heic: latin1('\0\0\0\x18ftypheic'),
  mp4: latin1('\0\0\0\x18ftypisom'),
  docx: zip(['[Content_Types].xml', '<Types/>'], ['word/document.xml']),
  xlsx: zip(['[Content_Types].xml', '<Types/>'], ['xl/workbook.xml']),
  ofd: zip(['OFD.xml', '<ofd/>'], ['Doc_0/Document.xml']),
  odt: zip(['mimetype', 'application/vnd.oasis.opendocument.text'], ['content.xml']),
  zip: zip(['材料/身份证.jpg', 'x']),
  doc: latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'),
  xml: Buffer.from('\ufeff<?xml version="1.0"?><案件/>'),
  text: Buffer.from('姓名,证件号码\n张三,…\n'),
  gbk: latin1('\xd0\xd5\xc3\xfb,\xc8\xd5\xc6\xda\r\n'),
  unknown: latin1('\0\x01\x02\x03\x04'),
}

t.test('the bytes tell the type', async (t) => {
  const expected: Record<keyof typeof samples, string | null> = {
    pdf: 'application/pdf',
    jpeg: 'image/jpeg',
    png: 'image/png',
    gif: 'image/gif',
    tiff: 'image/tiff',
    bmp: 'image/bmp',
    webp: 'image/webp',
    heic: 'image/heic',
    mp4: 'video/mp4',
    docx: DOCX,
    xlsx: XLSX,
    ofd: 'application/ofd',
    odt: 'application/vnd.oasis.opendocument.text',
    zip: 'application/zip',
    doc: 'application/x-ole-storage',
    xml: 'application/xml',
    text: 'text/plain',
    gbk: 'text/plain',
    unknown: null,
  }
  for (const [name, bytes] of Object.entries(samples)) {
    t.equal(detectMediaType(bytes), expected[name as keyof typeof samples], name)
  }
})

t.test('an undeclared type is the detected one', async (t) => {
  for (const declared of [undefined, '', 'application/octet-stream', 'application/x-www-form-urlencoded']) {
    t.same(decideMediaType(declared, samples.pdf), { mediaType: 'application/pdf' })
    t.same(decideMediaType(declared, samples.unknown), { mediaType: 'application/octet-stream' })
  }
})

t.test('a declared type that says more than the bytes is kept', async (t) => {
  const agreeing: [string, Buffer, string][] = [
    ['image/jpg', samples.jpeg, 'image/jpeg'],
    ['Application/PDF; charset=binary', samples.pdf, 'application/pdf'],
    [DOCX, samples.zip, DOCX],
    ['application/zip', samples.ofd, 'application/ofd'],
    ['application/ofd', samples.zip, 'application/ofd'],
    ['application/msword', samples.doc, 'application/msword'],
    ['text/csv; charset=gbk', samples.gbk, 'text/csv'],
    ['application/json', Buffer.from('{"a":1}'), 'application/json'],
    ['text/xml', samples.xml, 'application/xml'],
    ['video/quicktime', samples.mp4, 'video/quicktime'],
    ['application/acad', samples.unknown, 'application/acad'],
  ]
  for (const [declared, bytes, mediaType] of agreeing) {
    t.same(decideMediaType(declared, bytes), { mediaType }, declared)
  }
})

t.test('a declared type that the bytes contradict is refused', async (t) => {
  const lies: [string, Buffer][] = [
    ['application/pdf', samples.jpeg],
    ['image/png', samples.jpeg],
    ['application/pdf', samples.unknown],
    ['application/pdf', samples.text],
    ['image/jpeg', samples.zip],
    [XLSX, samples.docx],
    ['application/zip', samples.pdf],
    ['text/plain', samples.unknown],
    ['application/acad', samples.pdf],
  ]
  for (const [declared, bytes] of lies) {
    t.match(decideMediaType(declared, bytes), { refusal: { code: 'media-type-mismatch' } }, declared)
  }
})

t.test("a file's ending must agree with its bytes", async (t) => {
  t.match(decideMediaType('image/jpeg', samples.jpeg, '执照.pdf'), {
    refusal: { code: 'media-type-mismatch' },
  })
  t.same(decideMediaType('image/jpeg', samples.jpeg, '执照.JPG'), { mediaType: 'image/jpeg' })
  t.same(decideMediaType(undefined, samples.zip, '申请表.docx'), { mediaType: DOCX })
  t.same(decideMediaType(undefined, samples.doc, '申请表.doc'), { mediaType: 'application/msword' })
  t.same(decideMediaType(undefined, samples.text, '名单.csv'), { mediaType: 'text/csv' })
  t.same(decideMediaType('application/pdf', samples.pdf, '没有后缀'), { mediaType: 'application/pdf' })
})

t.test('programs and pages are refused whatever is said about them', async (t) => {
  const hostile: Buffer[] = [
    latin1('MZ\x90\0\x03'),
    latin1('\x7fELF\x02\x01'),
    latin1('\xca\xfe\xba\xbe\0\0'),
    latin1('\xcf\xfa\xed\xfe'),
    latin1('\0asm\x01'),
    latin1('#!/bin/sh\nrm -rf /'),
    latin1('L\0\0\0\x01\x14\x02\0'),
    latin1('<?php echo 1;'),
    Buffer.from('<!DOCTYPE html><p>x'),
    Buffer.from('\ufeff\n  <HTML>'),
    latin1('<html>\0\x01<body>'),
    Buffer.from('<!-- x --><script>alert(1)</script>'),
    Buffer.from('<?xml version="1.0"?>\n<svg onload="alert(1)"/>'),
    Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('<html><script>', 'utf16le')]),
    zip(['META-INF/MANIFEST.MF', 'x'], ['Main.class']),
    zip(['AndroidManifest.xml', 'x']),
  ]
  for (const bytes of hostile) {
    for (const declared of [undefined, 'application/pdf', 'text/plain', 'image/svg+xml']) {
      t.match(
        decideMediaType(declared, bytes),
        { refusal: { code: 'media-type-refused' } },
        bytes.toString('latin1'),
      )
    }
  }
  for (const name of ['a.exe', '证明.pdf.exe', 'a.html', 'a.SVG', 'a.bat', 'a.js', 'a.lnk', 'a.hta']) {
    t.match(
      decideMediaType(undefined, samples.unknown, name),
      { refusal: { code: 'media-type-refused' } },
      name,
    )
  }
})

t.test('a letter that quotes a tag is not a page', async (t) => {
  t.equal(detectMediaType(Buffer.from('请在页面中加入 <script> 标签')), 'text/plain')
})

t.test('no bytes, however short, break the detection', async (t) => {
  for (const bytes of Object.values(samples)) {
    for (let length = 0; length < Math.min(bytes.length, 64); length++)
      detectMediaType(bytes.subarray(0, length))
  }
  t.equal(detectMediaType(Buffer.alloc(0)), null)
})

t.test(
  'a declared type that is not of the form type/subtype is refused, and a name that ends oddly is only a name',
  async (t) => {
    for (const type of ['text/\0x', 'text', '/plain', 'text/plain/x', 'text/a b', `text/${'x'.repeat(123)}`])
      t.match(decideMediaType(type, samples.text), { refusal: { code: 'media-type-unreadable' } }, type)
    t.match(decideMediaType(`text/${'x'.repeat(122)}`, samples.text), { mediaType: /^text/ })
    t.match(decideMediaType(' Text/CSV ; charset=gbk', samples.gbk), { mediaType: 'text/csv' })
    t.match(decideMediaType(undefined, samples.pdf, 'scan.constructor'), { mediaType: 'application/pdf' })
  },
)
