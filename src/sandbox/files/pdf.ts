// A small PDF that ordinary viewers open: one A4 page with a few Chinese lines in a font every viewer knows by name.
// Padding is an unused stream object, so that the size can be chosen without breaking the file.

/**
 * PDF 1.4 (ISO 32000-1 subset). `lines` are drawn from the top; the result is at least `bytes` long
 * and never more than a few hundred bytes longer than the text or `bytes`, whichever is larger.
 */
export function makePdf(about: { lines: readonly string[]; bytes: number; filler: Buffer }): Buffer {
  const text = about.lines.map((line, i) => `1 0 0 1 56 ${760 - i * 28} Tm <${utf16(line)}> Tj`).join('\n')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    stream(Buffer.from(`BT /F1 16 Tf\n${text}\nET`)),
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R /DW 1000 >>',
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
  ]
  const bare = assemble(objects.map(toBuffer))
  const missing = about.bytes - bare.length - PADDING_OVERHEAD
  if (missing <= 0) return bare
  return assemble([...objects.map(toBuffer), toBuffer(stream(fill(about.filler, missing)))])
}

/** What the padding object costs beside its content. */
const PADDING_OVERHEAD = 76

function assemble(objects: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  const offsets: number[] = []
  let at = parts[0]!.length
  for (const [i, body] of objects.entries()) {
    const object = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')])
    offsets.push(at)
    at += object.length
    parts.push(object)
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  parts.push(
    Buffer.from(
      `xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

function stream(content: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`<< /Length ${content.length} >>\nstream\n`),
    content,
    Buffer.from('\nendstream'),
  ])
}

function toBuffer(object: string | Buffer): Buffer {
  return typeof object === 'string' ? Buffer.from(object) : object
}

function fill(filler: Buffer, length: number): Buffer {
  return Buffer.alloc(length, filler.toString('base64'))
}

function utf16(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex')
}
