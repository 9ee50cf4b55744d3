// The made files must be what they say: they are judged by a real browser where there is one, and by their own
// structure everywhere.

import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import t from 'tap'
import { madeMediaTypes, makeFile } from '../../src/sandbox/files/index.ts'

const about = { title: '营业执照申请书', holder: '张𠮷祥', seed: 'a' }
const make = (mediaType: (typeof madeMediaTypes)[number], bytes = 20_000, seed = 'a') =>
  makeFile({ ...about, mediaType, bytes, seed })

t.test('a file has about the size that was asked for, and its own hash', async (t) => {
  for (const mediaType of madeMediaTypes) {
    for (const bytes of [3_000, 20_000, 200_000]) {
      const file = make(mediaType, bytes)
      t.ok(Math.abs(file.bytes.length - bytes) < 1_000, `${mediaType} ${bytes} -> ${file.bytes.length}`)
      t.equal(file.sha256, createHash('sha256').update(file.bytes).digest('hex'))
    }
  }
})

t.test('the same words make the same bytes, other words others', async (t) => {
  for (const mediaType of madeMediaTypes) {
    t.equal(make(mediaType).sha256, make(mediaType).sha256)
    t.not(make(mediaType).sha256, make(mediaType, 20_000, 'b').sha256)
  }
})

t.test('the cross-reference table of a PDF points at its objects', async (t) => {
  const text = make('application/pdf').bytes.toString('latin1')
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  t.equal(text.slice(start, start + 4), 'xref')
  const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((row) => Number(row[1]))
  t.ok(offsets.length >= 7)
  for (const [i, offset] of offsets.entries()) t.ok(text.startsWith(`${i + 1} 0 obj\n`, offset))
})

t.test('the picture in a PNG has as many rows as its header says', async (t) => {
  const { bytes } = make('image/png')
  const side = bytes.readUInt32BE(16)
  const length = bytes.readUInt32BE(33)
  t.equal(inflateSync(bytes.subarray(41, 41 + length)).length, (side + 1) * side)
})

t.test('a JPEG starts, frames its segments and ends as the standard says', async (t) => {
  const { bytes } = make('image/jpeg')
  t.equal(bytes.readUInt16BE(0), 0xffd8)
  t.equal(bytes.readUInt16BE(bytes.length - 2), 0xffd9)
  const markers: number[] = []
  for (let at = 2; bytes[at + 1] !== 0xda; at += 2 + bytes.readUInt16BE(at + 2)) {
    t.equal(bytes[at], 0xff)
    markers.push(bytes[at + 1]!)
  }
  t.strictSame([...new Set(markers)], [0xe0, 0xfe, 0xdb, 0xc0, 0xc4])
})
