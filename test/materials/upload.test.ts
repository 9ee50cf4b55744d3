// POST /v1/materials over real connections: what is kept, what is refused, and that nothing stays of what failed.

import { createHash, randomBytes } from 'node:crypto'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { authorization, eventually, KIB, MIB, startFileGateway } from './setup.ts'

const hash = (bytes: Buffer, by = 'sha256') => createHash(by).update(bytes).digest('hex')
const pdf = (size: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)])

interface Answer {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

async function post(
  url: string,
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/v1/materials`, {
    method: 'POST',
    body,
    headers: { authorization, ...headers },
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  }
}

t.test('a raw body is kept under its hash and described', async (t) => {
  const { url, store, rows } = await startFileGateway(t, { sm3: true })
  const bytes = pdf(3 * MIB)
  const { status, body } = await post(url, bytes, {
    'content-type': 'application/pdf',
    'x-file-name': encodeURIComponent('营业执照.pdf'),
    'x-content-sha256': hash(bytes),
  })
  t.equal(status, 201)
  const facts = {
    sha256: hash(bytes),
    sm3: hash(bytes, 'sm3'),
    size: bytes.length,
    mediaType: 'application/pdf',
  }
  t.match(body, { materialId: /^mat_/, fileName: '营业执照.pdf', ...facts })
  t.match(rows, [{ ...facts, materialId: body.materialId, client: 'kaifeng-platform' }])
  t.equal(await store.verify(hash(bytes)), 'intact')
})

t.test('JSON, XML and text are bytes like any other', async (t) => {
  const { url } = await startFileGateway(t)
  const bodies = {
    'application/json': '{"a": 1 }',
    'text/plain': '正文',
    'application/xml': '<?xml version="1.0"?><a/>',
  }
  for (const [type, sent] of Object.entries(bodies)) {
    const { status, body } = await post(url, sent, { 'content-type': type })
    t.equal(status, 201)
    t.equal(body.sha256, hash(Buffer.from(sent)), 'not parsed, not changed')
  }
})

t.test('a body without length or type is kept too', async (t) => {
  const { url } = await startFileGateway(t)
  const bytes = pdf(300 * KIB)
  const chunks = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7000) controller.enqueue(bytes.subarray(at, at + 7000))
      controller.close()
    },
  })
  const init = { method: 'POST', body: chunks, duplex: 'half', headers: { authorization } } as RequestInit
  const response = await fetch(`${url}/v1/materials`, init)
  t.match(await response.json(), { sha256: hash(bytes), mediaType: 'application/pdf', fileName: '材料' })
})

t.test('a form with one file is kept', async (t) => {
  const { url } = await startFileGateway(t)
  const bytes = pdf(MIB)
  const form = new FormData()
  form.append('file', new Blob([bytes], { type: 'application/pdf' }), '身份证明.pdf')
  const { status, body } = await post(url, form, { 'x-content-sha256': hash(bytes) })
  t.equal(status, 201)
  t.match(body, {
    sha256: hash(bytes),
    size: bytes.length,
    fileName: '身份证明.pdf',
    mediaType: 'application/pdf',
  })
})

t.test('a form with none or several files is refused', async (t) => {
  const { url } = await startFileGateway(t)
  const two = new FormData()
  two.append('a', new Blob([pdf(KIB)]), 'a.pdf')
  two.append('b', new Blob([pdf(KIB)]), 'b.pdf')
  t.match(await post(url, two), {
    status: 413,
    body: { code: 'too-many-parts', errors: [{ pointer: '/b' }] },
  })
  t.match(await post(url, new FormData()), { status: 400 })
})

t.test('the same key again is the same material, and says so', async (t) => {
  const { url } = await startFileGateway(t)
  const headers = { 'idempotency-key': 'k-1', 'content-type': 'application/pdf' }
  const bytes = pdf(KIB)
  const first = await post(url, bytes, headers)
  const again = await post(url, bytes, headers)
  t.equal(first.status, 201)
  t.equal(again.status, 200)
  t.equal(again.headers.get('idempotent-replayed'), 'true')
  t.equal(again.body.materialId, first.body.materialId)
})

t.test('every refusal is a problem, leaves nothing behind and keeps the connection usable', async (t) => {
  const bytes = pdf(800 * KIB)
  const refusals: [Record<string, string>, Buffer, number, string, string?][] = [
    [{}, Buffer.concat([bytes, bytes]), 413, 'too-large', 'too-large'],
    [{ 'x-content-sha256': '0'.repeat(64) }, bytes, 422, 'hash-mismatch', 'hash-mismatch'],
    [{ 'content-digest': 'sha-256=:AAAA:' }, bytes, 400, 'invalid-request', 'digest-unusable'],
    [{ 'content-type': 'image/png' }, bytes, 415, 'unsupported-media-type', 'media-type-mismatch'],
    [{ 'x-file-name': 'a.exe' }, bytes, 415, 'unsupported-media-type', 'media-type-refused'],
    [{}, Buffer.from('<html><script>'), 415, 'unsupported-media-type', 'media-type-refused'],
    [{}, Buffer.alloc(0), 400, 'invalid-request', 'empty-file'],
  ]
  const { url, files, rows } = await startFileGateway(t, { maxFileBytes: MIB })
  for (const [headers, body, status, code, reason] of refusals) {
    const answer = await post(url, body, headers)
    t.match(answer, { status, body: { code, errors: [{ code: reason }] } }, `${code} ${reason}`)
    t.match(answer.headers.get('content-type'), 'application/problem+json')
  }
  t.same(await files(), [])
  t.same(rows, [])
})

t.test('an endless body without a length is cut at the limit and answered', async (t) => {
  const { port, files } = await startFileGateway(t, { maxFileBytes: MIB })
  const upload = httpRequest({ port, method: 'POST', path: '/v1/materials', headers: { authorization } })
  upload.on('error', () => {})
  const answered = new Promise<IncomingMessage>((resolve) => upload.on('response', resolve))
  const chunk = pdf(256 * KIB)
  const timer = setInterval(() => upload.write(chunk), 2)
  const response = await answered
  clearInterval(timer)
  t.equal(response.statusCode, 413)
  t.match(await text(response), /too-large/)
  upload.destroy()
  t.same(await files(), [])
})

t.test('507 while the disk is nearly full, and the sender is told when to try again', async (t) => {
  const store = { measure: async () => ({ freeBytes: 5, totalBytes: 100 }) }
  const { url } = await startFileGateway(t, { store })
  const answer = await post(url, pdf(2 * MIB))
  t.match(answer, { status: 507, body: { code: 'storage-full' } })
  t.ok(Number(answer.headers.get('retry-after')) > 0)
})

t.test('a connection that dies in the middle leaves nothing behind', async (t) => {
  const { port, files, rows } = await startFileGateway(t)
  const starts = [
    'content-length: 5000000\r\ncontent-type: application/pdf\r\n\r\n%PDF-1.7',
    'transfer-encoding: chunked\r\n\r\n8\r\n%PDF-1.7\r\n',
    'content-length: 5000000\r\ncontent-type: multipart/form-data; boundary=x\r\n\r\n' +
      '--x\r\ncontent-disposition: form-data; name="a"; filename="a.pdf"\r\n\r\n%PDF-1.7',
  ]
  for (const start of starts) {
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST /v1/materials HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\n${start}`)
    t.ok(await eventually(async () => (await files()).length === 1), 'the upload has begun')
    socket.destroy()
    t.ok(await eventually(async () => (await files()).length === 0), 'nothing is left of it')
  }
  t.same(rows, [])
})

t.test('a form that ends too early is a truncated upload', async (t) => {
  const { url, files } = await startFileGateway(t)
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  const opened = '--x\r\ncontent-disposition: form-data; name="a"; filename="a.pdf"\r\n\r\n%PDF-1.7'
  for (const body of [opened, opened.slice(0, 40), '--x']) {
    t.match(await post(url, body, headers), { status: 400, body: { code: 'truncated-upload' } })
  }
  t.match(await post(url, opened, { 'content-type': 'multipart/form-data' }), { status: 400 })
  t.same(await files(), [])
})

t.test('who lacks the scope is refused before a byte is kept', async (t) => {
  const { url, files } = await startFileGateway(t, { mayUpload: false })
  t.match(await post(url, pdf(MIB)), { status: 403, body: { code: 'forbidden' } })
  t.same(await files(), [])
})

t.test('a refused sender may finish, and its connection goes on', async (t) => {
  const { port } = await startFileGateway(t, { maxFileBytes: MIB })
  const allowed = `authorization: ${authorization}\r\n`
  const form = '--x\r\ncontent-disposition: form-data; name=a\r\n\r\n<html>'
  const refusals: [status: number, headers: string, start: string][] = [
    [401, '', '%PDF-1.7'],
    [413, allowed, '%PDF-1.7'],
    [415, `${allowed}content-type: image/png\r\n`, '%PDF-1.7'],
    [415, `${allowed}content-type: multipart/form-data; boundary=x\r\n`, form],
  ]
  for (const [status, headers, start] of refusals) {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1')
    let answers = ''
    socket.on('data', (data) => (answers += data))
    const length = status === 415 && start !== form ? MIB : 32 * MIB
    socket.write(
      `POST /v1/materials HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n${headers}\r\n${start}`,
    )
    socket.write(Buffer.alloc(MIB / 2))
    t.ok(await eventually(() => answers.startsWith(`HTTP/1.1 ${status}`)), `${status} comes before the rest`)
    socket.write(Buffer.alloc(length - MIB / 2 - start.length))
    socket.write('HEAD /v1/files/none HTTP/1.1\r\nhost: x\r\n\r\n')
    t.ok(await eventually(() => answers.includes('HTTP/1.1 404')), 'the next request is answered')
    socket.destroy()
  }
})

t.test('memory stays flat while a large file streams in', async (t) => {
  const { port } = await startFileGateway(t, { maxFileBytes: 300 * MIB })
  const block = randomBytes(MIB)
  block.write('%PDF-1.7\n')
  const upload = httpRequest({
    port,
    method: 'POST',
    path: '/v1/materials',
    headers: { authorization, 'content-length': 200 * MIB },
  })
  const answered = new Promise<IncomingMessage>((resolve) => upload.on('response', resolve))
  const peak = await sendWatched(upload, block, 200)
  const response = await answered
  t.equal(response.statusCode, 201)
  await text(response)
  t.ok(peak.grownBy < 64 * MIB, `buffers grew by ${Math.round(peak.grownBy / MIB)} MiB for 200 MiB`)
})

/** Buffers of this process, sender included, while `times` blocks go out. */
async function sendWatched(
  upload: ClientRequest,
  block: Buffer,
  times: number,
): Promise<{ grownBy: number }> {
  const before = process.memoryUsage().external
  let highest = before
  for (let i = 0; i < times; i++) {
    if (!upload.write(block)) await new Promise((resolve) => upload.once('drain', resolve))
    highest = Math.max(highest, process.memoryUsage().external)
  }
  upload.end()
  await wait(0)
  return { grownBy: highest - before }
}
