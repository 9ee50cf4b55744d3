// Hostile and damaged files of a department: each fails by name, within limits, and none stops the others.

import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ZipFile } from 'yazl'
import manifest from '../../adapters/department-file-drop/manifest.ts'
import type { FileDropSettings } from '../../adapters/department-file-drop/settings.ts'
import { encode } from '../../src/adapter-kit/charset.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'

const MIB = 1024 * 1024
const record = JSON.stringify({
  eventId: 'E-1',
  outerNo: 'case_1',
  status: '30',
  time: '2026-11-23 09:40:00',
})

function stage(t: Test, extra: Partial<FileDropSettings> = {}) {
  const folder = temporaryFolder('archives')
  t.teardown(() => removeFolder(folder))
  for (const name of ['out', 'in', 'ack', 'reject', 'done']) mkdirSync(join(folder, name))
  const settings = {
    transport: { folder: { path: folder } },
    region: '410221',
    incoming: { complete: 'rename' },
  }
  const set = setStage(manifest, { ...settings, ...extra }, 'http://127.0.0.1:9')
  t.teardown(set.close)
  return {
    folder,
    read: async () => (await set.adapter.polling!.read(undefined, set.attempt())).items,
    settle: (items: { key: string; outcome: 'unreadable'; reason: string }[]) =>
      set.adapter.polling!.settle!(items, set.attempt()),
  }
}

interface Packed {
  name: string
  bytes: Buffer | string
  mode?: number
}

async function zipped(entries: readonly Packed[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const { name, bytes, mode } of entries)
    zip.addBuffer(Buffer.from(bytes), name, mode === undefined ? {} : { mode })
  zip.end()
  const pieces: Buffer[] = []
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** The packer refuses bad names, so they are written over good ones of the same length. */
const renamed = (archive: Buffer, from: string, to: string): Buffer =>
  Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1')

const data: Packed = { name: 'data.json', bytes: record }
const list = (bytes: string, name: string) =>
  `${createHash('sha256').update(bytes).digest('hex')}  ${Buffer.byteLength(bytes)}  ${name}\n`

t.test('an archive is read with what its manifest proves', async (t) => {
  const { folder, read } = stage(t)
  const good = [
    data,
    { name: 'results/licence.pdf', bytes: '%PDF' },
    { name: 'list.mf', bytes: list(record, 'data.json') },
  ]
  writeFileSync(join(folder, 'in/good.zip'), await zipped(good))
  const [item] = await read()
  t.match(item, { events: [{ id: 'E-1' }], mediaType: 'application/zip' })
})

t.test('a zip of a Chinese Windows is read: names in GBK that say nothing of it', async (t) => {
  const { folder, read } = stage(t)
  const packed = unmarked(
    await zipped([
      { ...data, name: 'AAAAAAAA.json' },
      { name: 'BBBB/b.pdf', bytes: '%PDF' },
    ]),
  )
  const names = { AAAAAAAA: '办理结果', BBBB: '附件' }
  const archive = Object.entries(names).reduce(
    (bytes, [from, to]) => renamed(bytes, from, encode(to, 'gbk').toString('latin1')),
    packed,
  )
  writeFileSync(join(folder, 'in', 'a.zip'), archive)
  t.match(await read(), [{ events: [{ id: 'E-1' }], failure: undefined }])
})

/** Without the mark that names are UTF-8. */
function unmarked(archive: Buffer): Buffer {
  const bytes = Buffer.from(archive)
  for (const [signature, offset] of [
    ['PK\u0003\u0004', 6],
    ['PK\u0001\u0002', 8],
  ] as const)
    for (let at = bytes.indexOf(signature); at >= 0; at = bytes.indexOf(signature, at + 1))
      bytes.writeUInt16LE(bytes.readUInt16LE(at + offset) & ~0x800, at + offset)
  return bytes
}

t.test('every hostile archive fails by name', async (t) => {
  const { folder, read, settle } = stage(t, {
    limits: { unpackedBytes: 4 * MIB, ratio: 50, entries: 20, depth: 4 },
  })
  const plain = await zipped([data])
  const two = await zipped([data, { name: 'results/a.pdf', bytes: '%PDF' }])
  const encrypted = Buffer.from(plain)
  encrypted.writeUInt16LE(encrypted.readUInt16LE(6) | 1, 6)
  const central = encrypted.indexOf(Buffer.from('PK\u0001\u0002'))
  encrypted.writeUInt16LE(encrypted.readUInt16LE(central + 8) | 1, central + 8)
  const corrupt = Buffer.from(plain)
  corrupt[40] = corrupt[40]! ^ 0xff
  const hostile: Record<string, Buffer> = {
    truncated: plain.subarray(0, plain.length - 30),
    empty: Buffer.alloc(0),
    garbage: Buffer.from('not an archive at all'),
    corrupt,
    encrypted,
    bomb: await zipped([data, { name: 'zeros.bin', bytes: Buffer.alloc(3 * MIB) }]),
    large: await zipped([data, { name: 'random.bin', bytes: Buffer.alloc(5 * MIB, 'abcdefg') }]),
    many: await zipped([data, ...Array.from({ length: 30 }, (_, i) => ({ name: `${i}.pdf`, bytes: 'x' }))]),
    deep: await zipped([data, { name: 'a/b/c/d/e/f.pdf', bytes: 'x' }]),
    link: await zipped([data, { name: 'link.pdf', bytes: '/etc/passwd', mode: 0o120777 }]),
    device: await zipped([data, { name: 'device', bytes: '', mode: 0o060644 }]),
    nested: await zipped([data, { name: 'inner.zip', bytes: 'x' }]),
    disguised: await zipped([data, { name: 'inner.pdf', bytes: plain }]),
    twice: renamed(await zipped([data, { name: 'dato.json', bytes: record }]), 'dato.json', 'data.json'),
    climbing: renamed(two, 'results/a.pdf', '../../../a.pdf'.slice(0, 13)),
    absolute: renamed(two, 'results/a.pdf', '/esults/a.pdf'),
    drive: renamed(two, 'results/a.pdf', 'c:sults/a.pdf'),
    backslash: renamed(two, 'results/a.pdf', 'result\\..\\pdf'),
    nameless: renamed(two, 'results/a.pdf', 'resul\u0000s/a.pdf'),
    noDocument: await zipped([{ name: 'a.pdf', bytes: 'x' }]),
    twoDocuments: await zipped([data, { name: 'more.json', bytes: record }]),
    wrongSum: await zipped([data, { name: 'list.mf', bytes: list('other', 'data.json') }]),
    missingFile: await zipped([data, { name: 'list.mf', bytes: list('x', 'absent.pdf') }]),
    brokenList: await zipped([data, { name: 'list.mf', bytes: 'what is this' }]),
    lyingSize: lyingAboutSize(plain),
  }
  for (const [name, bytes] of Object.entries(hostile)) writeFileSync(join(folder, `in/${name}.zip`), bytes)
  writeFileSync(join(folder, 'in/fine.zip'), plain)
  const items = await read()
  t.equal(items.length, Object.keys(hostile).length + 1)
  for (const { key, failure, events } of items) {
    if (key.startsWith('fine.zip')) t.equal(events.length, 1)
    else t.match(failure, { kind: 'unrecognised', message: /\p{Script=Han}.*[a-z]/u }, key)
  }
  await settle(
    items.flatMap(({ key, failure }) =>
      failure ? [{ key, outcome: 'unreadable', reason: failure.message }] : [],
    ),
  )
  t.equal((await read()).length, 1, 'only the good one is left')
})

/** Says that a megabyte is a few bytes long. */
function lyingAboutSize(archive: Buffer): Buffer {
  const lying = Buffer.from(archive)
  const central = lying.indexOf(Buffer.from('PK\u0001\u0002'))
  lying.writeUInt32LE(5, central + 24)
  return lying
}

t.test('every hostile XML fails by name, quickly', async (t) => {
  const { folder, read } = stage(t, { format: 'xml' })
  const laughs = `<!DOCTYPE l [<!ENTITY a "ha">${'bcdefgh'.split('').map((c, i) => `<!ENTITY ${c} "${`&${'abcdefgh'[i]};`.repeat(50)}">`)}]>`
  const hostile = {
    laughs: `${laughs}<event><status>&h;</status></event>`,
    external: '<!DOCTYPE e SYSTEM "http://127.0.0.1:9/x"><event/>',
    entity: '<event><status>&unknown;</status><outerNo>c</outerNo></event>',
    deep: `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`,
    open: '<event><status>30</status>',
    attributes: `<event ${Array.from({ length: 5_000 }, (_, i) => `a${i}="1"`).join(' ')}/>`,
    text: 'no element',
    empty: '',
  }
  for (const [name, text] of Object.entries(hostile)) writeFileSync(join(folder, `in/${name}.xml`), text)
  const began = Date.now()
  const items = await read()
  t.ok(Date.now() - began < 5_000)
  t.equal(items.length, Object.keys(hostile).length)
  for (const { key, failure } of items) t.match(failure, { kind: 'unrecognised' }, key)
})

t.test('an XML of very many like-named elements takes no longer than others of its size', async (t) => {
  const { folder, read } = stage(t, { format: 'xml' })
  writeFileSync(join(folder, 'in/many.xml'), `<events>${'<e/>'.repeat(60_000)}</events>`)
  const began = performance.now()
  t.match((await read())[0], { failure: { kind: 'unrecognised' } })
  t.ok(performance.now() - began < 3_000)
})

t.test('a gigabyte is refused by its size, and a link is not followed', async (t) => {
  const { folder, read } = stage(t)
  writeFileSync(join(folder, 'in/huge.json'), '')
  truncateSync(join(folder, 'in/huge.json'), 1024 * MIB)
  writeFileSync(join(folder, 'secret.json'), record)
  symlinkSync(join(folder, 'secret.json'), join(folder, 'in/link.json'))
  const before = process.memoryUsage().rss
  const items = await read()
  t.equal(items.length, 1)
  t.match(items[0]!.failure, { kind: 'unrecognised' })
  t.ok(items[0]!.body.length < 1_000)
  t.ok(process.memoryUsage().rss - before < 100 * MIB)
})
