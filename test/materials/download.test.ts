// GET /v1/files/{token}: links that work, links that do not, and parts of files.

import { createHash, randomBytes } from 'node:crypto'
import { open, truncate } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import type { StoredFile } from '../../src/adapter-kit/contract.ts'
import { createLinks } from '../../src/materials/links.ts'
import { type GatewayOptions, MIB, startFileGateway } from './setup.ts'

async function startWithFile(t: Test, options: GatewayOptions = {}) {
  const gateway = await startFileGateway(t, options)
  const bytes = randomBytes(MIB)
  const { sha256, size } = await gateway.store.put(Readable.from([bytes]), { maxBytes: MIB })
  const file: StoredFile = { sha256, size, mediaType: 'application/pdf', fileName: '营业执照 "副本".pdf' }
  const get = (headers: Record<string, string> = {}, link = gateway.links.link(file, 60), method = 'GET') =>
    fetch(link.replace('http://gateway.test', gateway.url), { headers, method })
  return { ...gateway, bytes, file, get }
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

t.test('a live link gives the file as an attachment that no browser will run', async (t) => {
  const { get, bytes, file } = await startWithFile(t)
  const response = await get()
  t.equal(response.status, 200)
  t.ok((await bytesOf(response)).equals(bytes))
  t.match(Object.fromEntries(response.headers), {
    'content-type': 'application/pdf',
    'content-length': String(MIB),
    'content-disposition': /^attachment; filename=".*"; filename\*=UTF-8''%E8%90%A5/,
    'x-content-type-options': 'nosniff',
    'content-security-policy': /sandbox/,
    'accept-ranges': 'bytes',
    etag: `"${file.sha256}"`,
    'repr-digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
  })
})

t.test('a range is answered with that part, and a broken download can go on', async (t) => {
  const { get, bytes, file } = await startWithFile(t)
  const part = await get({ range: 'bytes=1000-1999' })
  t.equal(part.status, 206)
  t.equal(part.headers.get('content-range'), `bytes 1000-1999/${MIB}`)
  t.ok((await bytesOf(part)).equals(bytes.subarray(1000, 2000)))
  const rest = await get({ range: 'bytes=1000000-', 'if-range': `"${file.sha256}"` })
  t.ok((await bytesOf(rest)).equals(bytes.subarray(1000000)))
  t.equal((await get({ range: 'bytes=5-6', 'if-range': '"another"' })).status, 200)
})

t.test('a range outside the file is 416 and says how long the file is', async (t) => {
  const { get } = await startWithFile(t)
  const response = await get({ range: `bytes=${MIB}-` })
  t.equal(response.status, 416)
  t.equal(response.headers.get('content-range'), `bytes */${MIB}`)
  t.match(await response.json(), { code: 'range-not-satisfiable' })
})

t.test('HEAD tells length and hash without a byte', async (t) => {
  const { get } = await startWithFile(t)
  const whole = await get({}, undefined, 'HEAD')
  t.equal(whole.headers.get('content-length'), String(MIB))
})

t.test('a range is asked for with GET alone: HEAD tells of the whole file', async (t) => {
  const { get } = await startWithFile(t)
  for (const range of ['bytes=0-9', `bytes=${MIB}-`]) {
    const head = await get({ range }, undefined, 'HEAD')
    t.equal(head.status, 200)
    t.equal(head.headers.get('content-length'), String(MIB))
    t.equal(head.headers.get('content-range'), null)
  }
})

t.test('who has the file already gets 304', async (t) => {
  const { get, file } = await startWithFile(t)
  t.equal((await get({ 'if-none-match': `"${file.sha256}"` })).status, 304)
})

t.test('a link that was changed in any place is not found', async (t) => {
  const { get, links, file } = await startWithFile(t)
  const link = links.link(file, 60)
  const start = link.lastIndexOf('/') + 1
  for (let at = start; at < link.length - 1; at += 17) {
    const other = link[at] === 'A' ? 'B' : 'A'
    const response = await get({}, link.slice(0, at) + other + link.slice(at + 1))
    t.equal(response.status, 404)
    await response.body?.cancel()
  }
  for (const token of ['', 'x', 'a.b', 'a.b.c', '..', `${link.slice(start)}.x`]) {
    t.equal((await get({}, `http://gateway.test/v1/files/${token}`)).status, 404)
  }
})

t.test("another key's link is not found", async (t) => {
  const { get, file } = await startWithFile(t)
  const foreign = createLinks(Buffer.alloc(32, 8), 'http://gateway.test')
  t.equal((await get({}, foreign.link(file, 60))).status, 404)
})

t.test('a link ends at its second, and says so', async (t) => {
  let now = 1_800_000_000_000
  const { get, links, file } = await startWithFile(t, { now: () => now })
  const link = links.link(file, 60)
  now += 59_999
  t.equal((await get({}, link)).status, 200)
  now += 1
  const response = await get({}, link)
  t.equal(response.status, 410)
  t.match(await response.json(), { code: 'link-expired' })
})

t.test('a file that is gone is not found', async (t) => {
  const { get, store, file } = await startWithFile(t)
  await store.remove(file.sha256)
  t.equal((await get()).status, 404)
})

t.test('a file that has lost bytes is not begun', async (t) => {
  const { get, file, folder } = await startWithFile(t)
  const { sha256 } = file
  await truncate(join(folder, 'objects', sha256.slice(0, 2), sha256.slice(2, 4), sha256), 1_000)
  for (const headers of [{}, { range: 'bytes=2000-3000' }] as Record<string, string>[])
    t.equal((await get(headers)).status, 404)
})

/** A byte in the middle changes, and nothing that a folder shows of it. */
async function rot(folder: string, sha256: string): Promise<void> {
  const path = join(folder, 'objects', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  await using file = await open(path, 'r+')
  const { size, atime, mtime } = await file.stat()
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, size >> 1)
  await file.write(Buffer.from([byte[0]! ^ 1]), 0, 1, size >> 1)
  await file.utimes(atime, mtime)
}

/** What came, and whether it was whole by HTTP. */
function fetched(url: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; bytes: number; whole: boolean }>((resolve, reject) => {
    const asked = request(url, { headers }, (answer) => {
      let bytes = 0
      const told = () => resolve({ status: answer.statusCode!, bytes, whole: answer.complete })
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      answer.on('end', told).on('error', told)
    })
    asked.on('error', reject).end()
  })
}

t.test('a file whose bytes have changed is given to nobody as if it were whole', async (t) => {
  const gateway = await startWithFile(t)
  const { folder, file, damaged, url } = gateway
  const link = () => gateway.links.link(file, 60).replace('http://gateway.test', url)
  await rot(folder, file.sha256)
  for (const headers of [{}, { range: 'bytes=0-' }] as Record<string, string>[]) {
    const came = await fetched(link(), headers)
    t.notOk(came.whole, 'the connection breaks before its end')
    t.ok(came.bytes < file.size, `${came.bytes} bytes of ${file.size}`)
  }
  const part = await fetched(link(), { range: 'bytes=5-6' })
  t.match(part, { status: 404 }, 'nor is a part of it')
  t.ok(damaged.length >= 3)
  t.strictSame([...new Set(damaged)], [file.sha256], 'it is told of')
})

t.test('a small one is not even begun', async (t) => {
  const { store, folder, links, url, damaged } = await startFileGateway(t)
  const kept = await store.put(Readable.from([randomBytes(1_000)]), { maxBytes: MIB })
  await rot(folder, kept.sha256)
  const file: StoredFile = { ...kept, mediaType: 'application/pdf', fileName: 'a.pdf' }
  const answer = await fetch(links.link(file, 60).replace('http://gateway.test', url))
  t.equal(answer.status, 404)
  t.match(answer.headers.get('content-type') ?? '', /problem\+json/)
  t.match(await answer.json(), { code: 'not-found' })
  t.notOk(answer.headers.has('content-disposition'))
  t.strictSame(damaged, [kept.sha256])
})

t.test('the parts of a file are read from it alone once it was found right', async (t) => {
  const { get, store, file, bytes } = await startWithFile(t)
  let readings = 0
  const verify = store.verify
  store.verify = (sha256) => {
    readings++
    return verify(sha256)
  }
  const many = await Promise.all([0, 1, 2, 3].map((n) => get({ range: `bytes=${n}-${n + 9}` })))
  for (const [n, part] of many.entries()) t.ok((await bytesOf(part)).equals(bytes.subarray(n, n + 10)))
  t.equal(readings, 1)
  await store.put(Readable.from([bytes]), { maxBytes: MIB })
  await bytesOf(await get())
  await bytesOf(await get({ range: 'bytes=1000-' }))
  t.equal(readings, 1, 'whoever has fetched it whole has proved it')
  t.equal(file.size, bytes.length)
})
