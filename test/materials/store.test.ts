// What the store promises: bytes in are bytes out, and whatever goes wrong leaves nothing behind.

import { createHash, randomBytes } from 'node:crypto'
import { readFile, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import type { PutOptions } from '../../src/materials/store.ts'
import { openMaterialStore } from '../../src/materials/store.ts'
import { failing, KIB, MIB, openTempStore } from './setup.ts'

const hash = (bytes: Buffer, by = 'sha256') => createHash(by).update(bytes).digest('hex')
const roomFor = (more: Partial<PutOptions> = {}): PutOptions => ({ maxBytes: 64 * MIB, ...more })
const pathIn = (folder: string, sha256: string) =>
  join(folder, 'objects', sha256.slice(0, 2), sha256.slice(2, 4), sha256)

t.test('bytes in are bytes out, however they are cut into chunks', async (t) => {
  const { store } = await openTempStore(t)
  const chunks = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 60 })
  const repeat = fc.integer({ min: 1, max: 40 })
  await fc.assert(
    fc.asyncProperty(chunks, repeat, async (parts, times) => {
      const stream = Array.from({ length: times }, () => parts.map((part) => Buffer.from(part))).flat()
      const whole = Buffer.concat(stream)
      const kept = await store.put(Readable.from(stream, { objectMode: false }), roomFor())
      const back = await buffer(await store.open(kept.sha256))
      return kept.size === whole.length && kept.sha256 === hash(whole) && back.equals(whole)
    }),
    { numRuns: 60 },
  )
})

t.test('a file of one-byte chunks is kept like any other', async (t) => {
  const { store } = await openTempStore(t)
  const bytes = randomBytes(20 * KIB)
  const kept = await store.put(Readable.from([...bytes].map((byte) => Buffer.of(byte))), roomFor())
  t.equal(kept.sha256, hash(bytes))
  t.equal(kept.size, bytes.length)
})

t.test('the file stands under its hash, two folders deep, and a part of it can be read', async (t) => {
  const { store, folder } = await openTempStore(t)
  const bytes = randomBytes(3 * MIB)
  const { sha256 } = await store.put(Readable.from([bytes]), roomFor())
  t.ok((await readFile(pathIn(folder, sha256))).equals(bytes))
  t.ok(
    (await buffer(await store.open(sha256, { start: 5, end: 2 * MIB }))).equals(
      bytes.subarray(5, 2 * MIB + 1),
    ),
  )
  t.match(await store.stat(sha256), { size: bytes.length })
  t.equal(await store.verify(sha256), 'intact')
})

t.test('the same bytes are kept once, also when they come at the same time', async (t) => {
  const { store, files } = await openTempStore(t)
  const bytes = randomBytes(300 * KIB)
  const puts = Array.from({ length: 6 }, () => store.put(Readable.from([bytes]), roomFor()))
  const hashes = new Set((await Promise.all(puts)).map((it) => it.sha256))
  await store.put(Readable.from([bytes]), roomFor())
  t.same([...hashes], await files())
})

t.test('bytes that come again count as stored now, so that they are not collected as old', async (t) => {
  const { store, folder } = await openTempStore(t)
  const { sha256 } = await store.put(Readable.from([Buffer.from('甲')]), roomFor())
  await utimes(pathIn(folder, sha256), 1000, 1000)
  await store.put(Readable.from([Buffer.from('甲')]), roomFor())
  t.ok(Date.now() - (await store.stat(sha256))!.storedAt.getTime() < 10_000)
})

t.test('a torn object is replaced when its bytes come again', async (t) => {
  const { store, folder } = await openTempStore(t)
  const bytes = randomBytes(KIB)
  const { sha256 } = await store.put(Readable.from([bytes]), roomFor())
  await truncate(pathIn(folder, sha256), 10)
  t.equal(await store.verify(sha256), 'damaged')
  await store.put(Readable.from([bytes]), roomFor())
  t.equal(await store.verify(sha256), 'intact')
})

t.test('SM3 is the standard digest, for small and large, new and known files', async (t) => {
  const { store } = await openTempStore(t)
  for (const size of [0, 3, 5 * MIB]) {
    const bytes = size === 3 ? Buffer.from('abc') : randomBytes(size)
    for (const _again of [1, 2]) {
      const kept = await store.put(Readable.from([bytes]), roomFor({ sm3: true }))
      t.equal(kept.sm3, hash(bytes, 'sm3'), `${size} bytes`)
    }
  }
  const abc = await store.put(Readable.from([Buffer.from('abc')]), roomFor({ sm3: true }))
  t.equal(abc.sm3, '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
})

t.test('many files hashed with SM3 at once get each its own digest', async (t) => {
  const { store } = await openTempStore(t)
  const all = Array.from({ length: 8 }, () => randomBytes(700 * KIB))
  const kept = await Promise.all(all.map((it) => store.put(Readable.from([it]), roomFor({ sm3: true }))))
  t.same(
    kept.map((it) => it.sm3),
    all.map((it) => hash(it, 'sm3')),
  )
})

t.test('what is refused leaves nothing behind', async (t) => {
  const bytes = randomBytes(MIB)
  const source = () => Readable.from([bytes.subarray(0, 600 * KIB), bytes.subarray(600 * KIB)])
  const refusals: [string, Partial<PutOptions>][] = [
    ['too-large', { maxBytes: MIB - 1 }],
    ['too-large', { maxBytes: MIB - 1, expectedBytes: MIB }],
    ['hash-mismatch', { expectedSha256: hash(Buffer.from('another')) }],
    ['truncated', { expectedBytes: MIB + 1 }],
    ['truncated', { signal: AbortSignal.abort() }],
  ]
  for (const [failure, options] of refusals) {
    for (const sm3 of [false, true]) {
      const { store, files } = await openTempStore(t)
      await t.rejects(store.put(source(), roomFor({ ...options, sm3 })), failing(failure))
      t.same(await files(), [], `${failure} leaves nothing`)
    }
  }
})

t.test('right announcements are accepted', async (t) => {
  const { store } = await openTempStore(t)
  const bytes = randomBytes(MIB)
  const options = roomFor({ maxBytes: MIB, expectedBytes: MIB, expectedSha256: hash(bytes) })
  t.match(await store.put(Readable.from([bytes]), options), { size: MIB })
})

t.test('a source that breaks off, closes early or is stopped is truncated', async (t) => {
  const { store, files } = await openTempStore(t)
  const ways: ((source: PassThrough, stop: AbortController) => void)[] = [
    (source) => source.destroy(new Error('connection reset')),
    (source) => source.destroy(),
    (_source, stop) => stop.abort(),
  ]
  for (const breakOff of ways) {
    const source = new PassThrough()
    const stop = new AbortController()
    source.write(randomBytes(10 * KIB))
    const put = store.put(source, roomFor({ signal: stop.signal }))
    await wait(20)
    breakOff(source, stop)
    await t.rejects(put, failing('truncated'))
  }
  const dead = new PassThrough()
  dead.destroy(new Error('gone before'))
  await t.rejects(store.put(dead, roomFor()), failing('truncated'))
  t.same(await files(), [])
})

t.test('a refused source is paused and not destroyed, so that its owner can still answer', async (t) => {
  const { store } = await openTempStore(t)
  const source = new PassThrough()
  source.write(randomBytes(400 * KIB))
  await t.rejects(store.put(source, roomFor({ maxBytes: KIB })), failing('too-large'))
  t.notOk(source.destroyed)
  t.ok(source.isPaused())
})

t.test('a refusal on the first bytes stops the file before anything is written', async (t) => {
  const { store, files } = await openTempStore(t)
  const seen: number[] = []
  const inspect = (firstBytes: Buffer) => {
    seen.push(firstBytes.length)
    throw new RangeError('not this one')
  }
  const chunks = Array.from({ length: 600 }, () => Buffer.alloc(10, 1))
  await t.rejects(store.put(Readable.from(chunks), roomFor({ inspect })), RangeError)
  await t.rejects(store.put(Readable.from([]), roomFor({ inspect })), RangeError)
  t.ok(seen[0]! >= 4096)
  t.equal(seen[1], 0)
  t.same(await files(), [])
})

t.test("a caller's chunks stay its own; chunks given up are freed once they are written", async (t) => {
  const { store } = await openTempStore(t)
  const chunks = () => Array.from({ length: 20 }, () => Buffer.from(randomBytes(64 * KIB)))
  const kept = chunks()
  await store.put(Readable.from(kept), roomFor())
  t.ok(kept.every((it) => it.length === 64 * KIB))
  const given = chunks()
  const whole = Buffer.concat(given)
  const { sha256 } = await store.put(Readable.from(given), roomFor({ chunksAreOurs: true }))
  t.ok((await buffer(await store.open(sha256))).equals(whole))
  t.ok(given.every((it) => it.length === 0))
})

t.test('a source is not read faster than the store writes', async (t) => {
  const { store } = await openTempStore(t)
  let ahead = 0
  const source = new Readable({
    read() {
      ahead += 64 * KIB
      this.push(ahead > 8 * MIB ? null : Buffer.alloc(64 * KIB))
    },
  })
  const atInspection: number[] = []
  await store.put(source, roomFor({ inspect: () => atInspection.push(ahead) }))
  t.ok(atInspection[0]! < 2 * MIB, `${atInspection[0]} bytes were read ahead`)
})

t.test('below a tenth of free space no file is taken', async (t) => {
  const space = { freeBytes: 9, totalBytes: 100 }
  const { store, files } = await openTempStore(t, { measure: async () => space })
  await t.rejects(store.put(Readable.from([Buffer.from('x')]), roomFor()), failing('storage-full'))
  t.same(await files(), [])
})

t.test('a file announced larger than the room that is left is not begun', async (t) => {
  const { store } = await openTempStore(t, { measure: async () => ({ freeBytes: 1000, totalBytes: 2000 }) })
  const options = roomFor({ expectedBytes: 900 })
  await t.rejects(store.put(Readable.from([Buffer.alloc(900)]), options), failing('storage-full'))
  t.match(await store.put(Readable.from([Buffer.alloc(700)]), roomFor({ expectedBytes: 700 })), { size: 700 })
})

t.test('left-overs of dead processes are swept, uploads of living ones are not', async (t) => {
  const { store, folder, files } = await openTempStore(t)
  await writeFile(join(folder, 'temp', 'old'), 'x')
  await utimes(join(folder, 'temp', 'old'), 1000, 1000)
  await writeFile(join(folder, 'temp', 'young'), 'x')
  t.equal(await store.sweepTemp(60_000), 1)
  t.same(await files(), ['young'])
})

t.test('what is not there is said to be missing', async (t) => {
  const { store } = await openTempStore(t)
  const sha256 = hash(Buffer.from('nobody stored this'))
  await t.rejects(store.open(sha256), failing('missing'))
  t.equal(await store.has(sha256), false)
  t.equal(await store.stat(sha256), null)
  t.equal(await store.remove(sha256), false)
  t.equal(await store.verify(sha256), 'missing')
})

t.test('a name that is no hash never reaches the file system', async (t) => {
  const { store } = await openTempStore(t)
  for (const name of ['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(63)}/`]) {
    await t.rejects(store.open(name), TypeError)
    await t.rejects(store.remove(name), TypeError)
  }
})

t.test('the store lists what it keeps and forgets what is removed', async (t) => {
  const { store } = await openTempStore(t)
  const kept = await Promise.all(
    ['甲', '乙', '丙'].map((it) => store.put(Readable.from([Buffer.from(it)]), roomFor())),
  )
  t.equal(await store.remove(kept[0]!.sha256), true)
  const listed: string[] = []
  for await (const { sha256 } of store.list()) listed.push(sha256)
  t.same(listed.sort(), [kept[1]!.sha256, kept[2]!.sha256].sort())
})

t.test('a store of a kind we do not have is refused in both languages', async (t) => {
  t.throws(() => openMaterialStore('s3://bucket/files'), /not supported.*不支持/)
})
