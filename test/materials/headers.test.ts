// What is read from and written to headers: names, hashes, ranges.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import t from 'tap'
import { announcedBy } from '../../src/materials/announced.ts'
import { attachment, fileNameFrom, plainName, safeFileName } from '../../src/materials/file-name.ts'
import { readRange } from '../../src/materials/range.ts'

const asHeader = (text: string) => Buffer.from(text).toString('latin1')

t.test('a file name is read in every way it is sent', async (t) => {
  const name = '营业执照 (副本).pdf'
  const encoded = encodeURIComponent(name)
  const ways = [
    { 'x-file-name': encoded },
    { 'x-file-name': `UTF-8''${encoded}` },
    { 'x-file-name': asHeader(name) },
    { 'content-disposition': `attachment; filename="x.pdf"; filename*=UTF-8''${encoded}` },
    { 'content-disposition': `attachment; filename="${asHeader(name)}"` },
    { 'content-disposition': `inline; filename="${encoded}"` },
    { 'x-file-name': encoded, 'content-disposition': 'attachment; filename=other.pdf' },
    { 'content-disposition': `attachment; filename="=?utf-8?B?${Buffer.from(name).toString('base64')}?="` },
  ]
  for (const headers of ways) t.equal(fileNameFrom(headers), name, JSON.stringify(headers))
  t.equal(fileNameFrom({ 'content-disposition': 'attachment; filename=plain.pdf' }), 'plain.pdf')
  t.equal(fileNameFrom({ 'content-disposition': 'attachment; filename="a\\"b.pdf"' }), 'a"b.pdf')
  t.equal(fileNameFrom({ 'x-file-name': '100%.pdf' }), '100%.pdf')
  t.equal(fileNameFrom({}), undefined)
  t.equal(fileNameFrom({ 'content-disposition': 'attachment' }), undefined)
})

t.test('a file name in GB18030, raw or percent-encoded, is read as it was meant', async (t) => {
  const name = '营业执照(副本)𠮷.pdf'
  const bytes = iconv.encode(name, 'gb18030')
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const ways = [
    { 'x-file-name': bytes.toString('latin1') },
    { 'x-file-name': percent },
    { 'x-file-name': `GBK''${percent}` },
    { 'content-disposition': `attachment; filename="${bytes.toString('latin1')}"` },
  ]
  for (const headers of ways) t.equal(fileNameFrom(headers), name, JSON.stringify(headers))
  t.equal(fileNameFrom({ 'x-file-name': 'caf\xe9.pdf' }), 'café.pdf', 'what is neither stays')
  t.equal(fileNameFrom({ 'x-file-name': '100%.pdf' }), '100%.pdf')
})

t.test('a byte of a character is no blank, no backslash and no quote', (t) => {
  const latin1 = (text: string, charset: string) => iconv.encode(text, charset).toString('latin1')
  for (const charset of ['utf-8', 'gb18030'])
    for (const name of ['无引号.pdf', '委托書誠.pdf', '昞.pdf']) {
      const header = latin1(name, charset)
      t.equal(fileNameFrom({ 'content-disposition': `attachment; filename=${header}` }), name)
      t.equal(fileNameFrom({ 'content-disposition': `attachment; filename="${header}"` }), name)
    }
  t.equal(fileNameFrom({ 'x-file-name': latin1('无', 'utf-8') }), '无')
  t.equal(fileNameFrom({ 'content-disposition': 'attachment; filename="C:\\Temp\\a.pdf"' }), 'a.pdf')
  t.end()
})

t.test('a name in encoded words is read as it was meant', (t) => {
  const gbk = iconv.encode('材料', 'gbk')
  const quoted = [...gbk].map((byte) => `=${byte.toString(16).toUpperCase()}`).join('')
  t.equal(plainName('=?UTF-8?Q?=E6=9D=90=E6=96=99_1.pdf?='), '材料 1.pdf')
  t.equal(plainName(`=?gb2312?B?${gbk.toString('base64')}?= =?GBK?q?${quoted}?=.pdf`), '材料材料.pdf')
  for (const plain of ['a=?b?=.pdf', '=?UTF-8?B?/w==?=', '=?x-none?Q?a?=', '50%.pdf', 'é.pdf'])
    t.equal(plainName(plain), plain)
  t.end()
})

t.test('a file name loses what could do harm and keeps what it says', async (t) => {
  t.equal(safeFileName('../../etc/passwd'), 'passwd')
  t.equal(safeFileName('C:\\用户\\张三\\身份证.jpg'), '身份证.jpg')
  t.equal(safeFileName('a\0b\r\nSet-Cookie: x.pdf'), 'abSet-Cookie: x.pdf')
  t.equal(safeFileName('证明\u202efdp.exe'), '证明fdp.exe')
  t.equal(safeFileName('.htaccess'), 'htaccess')
  t.equal(safeFileName('𠮷田.pdf'), '𠮷田.pdf')
  t.equal(safeFileName(' . '), '材料')
  t.equal(safeFileName(`${'长'.repeat(300)}.pdf`), `${'长'.repeat(196)}.pdf`)
})

t.test('any name survives the way through a header', async (t) => {
  const survives = fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
    const name = safeFileName(text)
    const header = attachment(name)
    return /^[\x20-\x7e]*$/.test(header) && fileNameFrom({ 'content-disposition': header }) === name
  })
  const examples: [string][] = [["a'b(c)*.pdf"], ['50%25.pdf'], ['a;filename=b.exe']]
  t.doesNotThrow(() => fc.assert(survives, { examples }))
})

t.test('a hash announced in any header is read, and several must agree', async (t) => {
  const digest = createHash('sha256').update('x').digest()
  const sha256 = digest.toString('hex')
  const base64 = digest.toString('base64')
  const ways = [
    { 'x-content-sha256': sha256.toUpperCase() },
    { digest: `sha-256=${base64}` },
    { digest: `md5=HUXZLQLMuI/KZ5KDcJPcOA==,SHA-256=${base64}` },
    { 'content-digest': `sha-256=:${base64}:` },
    { 'repr-digest': `sha-512=:AAAA:, sha-256=:${base64}:` },
    { digest: `sha-256=${base64}`, 'x-content-sha256': sha256 },
  ]
  for (const headers of ways) t.same(announcedBy(headers), { sha256 }, JSON.stringify(headers))
  t.same(announcedBy({ 'content-length': '12' }), { bytes: 12 })
  t.same(announcedBy({ digest: 'md5=HUXZLQLMuI/KZ5KDcJPcOA==' }), {})
  const unusable = { problemCode: 'invalid-request', errors: [{ code: 'digest-unusable' }] }
  t.throws(() => announcedBy({ 'x-content-sha256': 'abc' }), unusable)
  t.throws(() => announcedBy({ digest: 'sha-256=AAAA' }), unusable)
  t.throws(() => announcedBy({ digest: `sha-256=${base64}`, 'x-content-sha256': '0'.repeat(64) }), unusable)
})

t.test('one range is understood, more or nonsense are the whole file', async (t) => {
  const rows: [string | undefined, ReturnType<typeof readRange>][] = [
    [undefined, 'whole'],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=10-19', { start: 10, end: 19 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=90-1000', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-1000', { start: 0, end: 99 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=20-10', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['bytes=-', 'whole'],
    ['pages=1-2', 'whole'],
    ['bytes=a-b', 'whole'],
  ]
  for (const [header, expected] of rows) t.same(readRange(header, 100), expected, String(header))
})
