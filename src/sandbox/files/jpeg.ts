// A baseline JPEG of grey squares, the smallest honest picture: every block carries its mean brightness only.
// Comment segments make up the wanted size.

const SIDE_BLOCKS = 8
const BLOCK = 8
const LONGEST_COMMENT = 65_533
/** The usual luminance table of ITU-T T.81 annex K.3: how many codes of each length, then the values. */
const DC_COUNTS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
const DC_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
/** One code only, the single bit 0: end of block. */
const AC_COUNTS = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const DC_CODES = codesOf(DC_COUNTS)

/** JPEG/JFIF (ITU-T T.81, baseline, 64 × 64 grey); at least as long as the picture, else `bytes` exactly or four less. */
export function makeJpeg(about: { bytes: number; filler: Buffer }): Buffer {
  const side = SIDE_BLOCKS * BLOCK
  const head = [
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
  ]
  const picture = [
    segment(0xdb, Buffer.from([0, ...Array<number>(64).fill(BLOCK)])),
    segment(0xc0, Buffer.from([8, 0, side, 0, side, 1, 1, 0x11, 0])),
    segment(0xc4, Buffer.from([0x00, ...DC_COUNTS, ...DC_VALUES])),
    segment(0xc4, Buffer.from([0x10, ...AC_COUNTS, 0])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    blocks(about.filler),
    Buffer.from([0xff, 0xd9]),
  ]
  const length = [...head, ...picture].reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([...head, ...comments(about.bytes - length, about.filler), ...picture])
}

function segment(marker: number, content: Buffer): Buffer {
  const length = content.length + 2
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 0xff]), content])
}

function comments(bytes: number, filler: Buffer): Buffer[] {
  const made: Buffer[] = []
  for (let left = bytes; left > 4; ) {
    const content = Math.min(left - 4, LONGEST_COMMENT)
    made.push(segment(0xfe, Buffer.alloc(content, filler.toString('hex'))))
    left -= content + 4
  }
  return made
}

function blocks(filler: Buffer): Buffer {
  let bits = ''
  let before = 0
  for (let i = 0; i < SIDE_BLOCKS * SIDE_BLOCKS; i++) {
    const brightness = (filler[i % filler.length]! >> 1) - 64
    bits += `${difference(brightness - before)}0`
    before = brightness
  }
  return packed(bits)
}

function difference(value: number): string {
  const size = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1
  if (size === 0) return DC_CODES[0]!
  const amplitude = value > 0 ? value : value + 2 ** size - 1
  return DC_CODES[size]! + amplitude.toString(2).padStart(size, '0')
}

/** Bits to bytes, ones at the end, and a zero after every 0xff so that it is not taken for a marker. */
function packed(bits: string): Buffer {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1')
  const bytes: number[] = []
  for (let i = 0; i < padded.length; i += 8) {
    const byte = Number.parseInt(padded.slice(i, i + 8), 2)
    bytes.push(byte)
    if (byte === 0xff) bytes.push(0)
  }
  return Buffer.from(bytes)
}

function codesOf(counts: readonly number[]): string[] {
  const codes: string[] = []
  let code = 0
  for (const [i, count] of counts.entries()) {
    for (let n = 0; n < count; n++) codes.push((code++).toString(2).padStart(i + 1, '0'))
    code <<= 1
  }
  return codes
}
