// Files on their way in and out: an upload counts when it is whole and the hash announced fits; whatever ends early or
// is not what it says leaves neither a row nor half a file.

import { createHash, randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { createLinks } from '../../../src/materials/links.ts'
import { multipart, type Part } from '../../../src/sandbox/platform/gateway-client.ts'
import { newborn, platformAt, rawExchange, retirement, scan, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused, smallGateway } from './refused.ts'

const running = await runGateway(t, { roles: ['api'], edit: smallGateway })
const platform = platformAt(running.url)
const { bytes } = scan('application/pdf')
const sha256 = createHash('sha256').update(bytes).digest('hex')
const pdf = { type: 'application/pdf', body: bytes }
const post = (ask: object) => platform.post('/v1/materials', { ...pdf, ...ask })

t.test('a whole file is taken with its hash, size, type and name', async (t) => {
  const headers = { 'x-content-sha256': sha256, 'x-file-name': encodeURIComponent('租赁合同.pdf') }
  const answer = await post({ headers })
  t.equal(answer.status, 201)
  const { materialId, ...file } = answer.json()
  t.match(materialId, /^mat_/)
  t.strictSame(file, { sha256, size: bytes.length, mediaType: 'application/pdf', fileName: '租赁合同.pdf' })
})

t.test('the same key and file again is the same material; another file is a conflict', async (t) => {
  const first = await post({ key: 'scan-1' })
  await nothingKept(t, running, async () => {
    const again = await post({ key: 'scan-1' })
    t.equal(again.status, 200)
    t.equal(again.headers.get('idempotent-replayed'), 'true')
    t.strictSame(again.json(), first.json())
    const renamed = await post({ key: 'scan-1', headers: { 'x-file-name': 'other.pdf' } })
    t.strictSame(renamed.json(), first.json(), 'as it was kept, whatever it is called now')
    refused(t, await post({ key: 'scan-1', body: scan('application/pdf').bytes }), 'idempotency-conflict')
  })
})

t.test('a key that no key can be is refused before anything is written', async (t) => {
  await nothingKept(t, running, async () => {
    for (const key of ['k'.repeat(256), 'k'.repeat(6_000), 'a key with spaces'])
      refused(t, await post({ key }), 'idempotency-key-missing')
  })
})

t.test('what is not what it says is refused', async (t) => {
  await nothingKept(t, running, async () => {
    refused(t, await post({ headers: { 'x-content-sha256': '0'.repeat(64) } }), 'hash-mismatch', [
      ' hash-mismatch',
    ])
    refused(t, await post({ headers: { 'x-content-sha256': 'abc' } }), 'invalid-request', [
      ' digest-unusable',
    ])
    refused(t, await post({ type: 'image/png' }), 'unsupported-media-type')
    refused(t, await post({ body: '<html>' }), 'unsupported-media-type')
    const packed = { body: gzipSync(bytes), type: '', headers: { 'content-encoding': 'gzip' } }
    refused(t, await post(packed), 'unsupported-media-type')
    refused(t, await post({ body: '' }), 'invalid-request', [' empty-file'])
    refused(t, await post({ body: Buffer.concat([bytes, Buffer.alloc(1_100_000)]) }), 'too-large')
  })
})

const head = (more: string) =>
  `POST /v1/materials HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.kaifeng}\r\nidempotency-key: ${randomUUID()}\r\ncontent-type: application/pdf\r\n${more}\r\n\r\n`

t.test('an upload that ends in the middle leaves nothing', async (t) => {
  await nothingKept(t, running, async () => {
    const ends = [
      'content-length: 500000',
      'transfer-encoding: chunked',
      `content-length: ${bytes.length + 1}`,
    ]
    for (const length of ends) {
      const chunked = length.startsWith('transfer')
      const sent = chunked ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes]) : bytes
      await rawExchange(running.port, Buffer.concat([Buffer.from(head(length)), sent]), 150)
    }
    for (let i = 0; i < 40 && (await running.kept()).arriving > 0; i++)
      await new Promise((go) => setTimeout(go, 25))
  })
})

const form = (parts: Part[]) => {
  const { type, body } = multipart(parts)
  return { type, body: Buffer.from(body) }
}
const filePart = (name: string, body: Buffer | string = bytes): Part => ({
  name,
  fileName: `${name}.pdf`,
  type: 'application/pdf',
  body,
})
const submissionPart = (submission: unknown): Part => ({
  name: 'submission',
  type: 'application/json',
  body: JSON.stringify(submission),
})
const inForm = (changes: Record<string, unknown> = {}) =>
  retirement(['', ''], {
    materials: [
      { code: 'retirement-form', source: 'upload', part: 'form' },
      { code: 'personnel-file', source: 'upload', parts: ['one', 'two'] },
    ],
    ...changes,
  })
const files = ['form', 'one', 'two'].map((name) => filePart(name, scan('application/pdf').bytes))

t.test('a submission and its files travel in one form, and again with the same answer', async (t) => {
  const whole = form([submissionPart(inForm()), ...files])
  const first = await platform.post('/v1/submissions', { ...whole, key: 'form-1' })
  t.equal(first.status, 202)
  const { items } = (await platform.get(`/v1/submissions/${first.json().submissionId}/materials`)).json()
  t.strictSame(items.map((one: { files: unknown[] }) => one.files.length).sort(), [1, 2])
  await nothingKept(t, running, async () => {
    const again = await platform.post('/v1/submissions', { ...whole, key: 'form-1' })
    t.equal(again.status, 200)
    t.strictSame(again.json(), first.json())
  })
})

t.test('the same submission with other files is another body', async (t) => {
  const submission = inForm()
  const send = (parts: Part[]) => platform.post('/v1/submissions', { ...form(parts), key: 'form-2' })
  t.equal((await send([submissionPart(submission), ...files])).status, 202)
  const [one, ...others] = files
  const changed = { ...one!, body: scan('application/pdf').bytes }
  refused(t, await send([submissionPart(submission), changed, ...others]), 'idempotency-conflict')
})

t.test('a form with a fault is refused at that part, and no row and no half a file stays', async (t) => {
  const send = (parts: Part[]) => platform.post('/v1/submissions', form(parts))
  const good = submissionPart(inForm())
  await nothingKept(t, running, async () => {
    refused(t, await send([]), 'invalid-request', ['/submission part-missing'])
    refused(t, await send(files), 'invalid-request', ['/submission part-missing'])
    refused(t, await send([good, good, ...files]), 'invalid-request', ['/submission part-repeated'])
    refused(t, await send([good, files[0]!, files[1]!]), 'invalid-submission', [
      '/materials/1/parts/1 part-missing',
    ])
    refused(t, await send([good, ...files, filePart('three')]), 'invalid-submission', ['/three part-unused'])
    refused(t, await send([good, ...files, filePart('a/~b')]), 'invalid-submission', ['/a~1~0b part-unused'])
    const program = (name: string) => filePart(name, 'MZ\u0090')
    refused(t, await send([good, program('form'), files[1]!, files[2]!]), 'unsupported-media-type', [
      '/form media-type-refused',
    ])
    const faulty = submissionPart(inForm({ homeDivision: '440103' }))
    refused(t, await send([faulty, program('form'), files[1]!, program('two')]), 'unsupported-media-type', [
      '/form media-type-refused',
      '/two media-type-refused',
      '/homeDivision unknown-division',
    ])
    refused(t, await send([{ ...good, body: '{' }, ...files]), 'malformed-json')
    refused(t, await send([{ ...good, body: '{"a":1,"a":2}' }, ...files]), 'unsafe-json')
    refused(t, await send([{ ...good, body: `"${'x'.repeat(300_000)}"` }, ...files]), 'too-large', [
      '/submission too-large',
    ])
  })
})

t.test(
  'a part whose type is not of the form type/subtype is refused, in an upload and in a submission',
  async (t) => {
    const odd = ['text/\0x', 'text/', 'text', 'text/é', 'text/"x"', `text/${'x'.repeat(200)}`]
    await nothingKept(t, running, async () => {
      for (const type of odd) {
        const part = { name: 'file', fileName: 'a.txt', type, body: 'words' }
        const at = ['/file media-type-unreadable']
        refused(t, await platform.post('/v1/materials', form([part])), 'unsupported-media-type', at)
        const submitted = form([submissionPart(inForm()), part])
        const others = ['0/part', '1/parts/0', '1/parts/1'].map((one) => `/materials/${one} part-missing`)
        refused(t, await platform.post('/v1/submissions', submitted), 'unsupported-media-type', [
          ...at,
          ...others,
        ])
      }
    })
  },
)

t.test('ten thousand parts are stopped at the first too many', async (t) => {
  const tiny = Array.from({ length: 10_000 }, (_, i) => filePart(`p${i}`, '%PDF-1.7\n%%EOF'))
  await nothingKept(t, running, async () => {
    const answer = await platform
      .post('/v1/submissions', form([submissionPart(inForm()), ...tiny]))
      .catch(() => null)
    if (answer === null) t.pass('the connection was closed on it')
    else refused(t, answer, 'too-many-parts', ['/p199 too-many-parts'])
  })
})

t.test('a form cut off in the middle leaves nothing', async (t) => {
  const { type, body } = form([submissionPart(inForm()), ...files])
  const start = `POST /v1/submissions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.kaifeng}\r\nidempotency-key: cut\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`
  await nothingKept(t, running, async () => {
    for (const share of [0.1, 0.5, 0.95])
      await rawExchange(
        running.port,
        Buffer.concat([Buffer.from(start), body.subarray(0, Math.floor(body.length * share))]),
        150,
      )
    for (let i = 0; i < 40 && (await running.kept()).arriving > 0; i++)
      await new Promise((go) => setTimeout(go, 25))
  })
})

t.test('a file is fetched by its link: whole, in ranges, once only when it is known', async (t) => {
  await post({})
  const file = { sha256, size: bytes.length, mediaType: 'application/pdf', fileName: '租赁合同.pdf' }
  const links = createLinks(running.settings.keys.links, running.url)
  const fetchWith = (headers: Record<string, string> = {}, method = 'GET', link = links.link(file)) =>
    fetch(link, { headers, method })
  const whole = await fetchWith()
  t.equal(whole.status, 200)
  t.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes))
  t.match(Object.fromEntries(whole.headers), {
    'content-disposition': /attachment/,
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    'content-length': String(bytes.length),
  })
  const part = await fetchWith({ range: 'bytes=10-19' })
  t.equal(part.status, 206)
  t.equal(part.headers.get('content-range'), `bytes 10-19/${bytes.length}`)
  t.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20)))
  const end = await fetchWith({ range: 'bytes=-5' })
  t.ok(Buffer.from(await end.arrayBuffer()).equals(bytes.subarray(-5)))
  t.equal((await fetchWith({ range: `bytes=${bytes.length}-` })).status, 416)
  t.equal((await fetchWith({}, 'HEAD')).headers.get('content-length'), String(bytes.length))
  t.equal((await fetchWith({ 'if-none-match': whole.headers.get('etag')! })).status, 304)
  t.equal((await fetchWith({}, 'GET', `${links.link(file)}x`)).status, 404)
  t.equal((await fetchWith({}, 'GET', links.link(file, -1))).status, 410)
  t.equal((await fetchWith({}, 'GET', createLinks(Buffer.alloc(32), running.url).link(file))).status, 404)
})

t.test('a submission without files still comes as a form', async (t) => {
  t.equal((await platform.post('/v1/submissions', form([submissionPart(newborn())]))).status, 202)
})
