// A grey PNG of soft noise, such as a scanner makes of an empty page. Stored without compression so that
// the size follows from the picture and costs no time.

import { crc32, deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const OVERHEAD = 8 + 25 + 12 + 12 + 11

/** PNG (ISO/IEC 15948), eight bit grey, square; the size comes within some hundred bytes of `bytes`. */
export function makePng(about: { bytes: number; filler: Buffer }): Buffer {
  const side = Math.max(8, Math.floor(Math.sqrt(Math.max(64, about.bytes - OVERHEAD))))
  const rows = Buffer.alloc((side + 1) * side, about.filler)
  for (let row = 0; row < side; row++) rows[row * (side + 1)] = 0
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 8
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const framed = Buffer.alloc(typed.length + 8)
  framed.writeUInt32BE(content.length, 0)
  typed.copy(framed, 4)
  framed.writeUInt32BE(crc32(typed), typed.length + 4)
  return framed
}
