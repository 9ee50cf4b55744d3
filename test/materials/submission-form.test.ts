// A submission and its files in one form: exact bytes, and problems that name the part.

import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import iconv from 'iconv-lite'
import t, { type Test } from 'tap'
import { readMultipartSubmission, refusalOf } from '../../src/intake/multipart.ts'
import { acceptMultipart } from '../../src/materials/form-parts.ts'
import { type GatewayOptions, KIB, limitsOf, MIB, startFileGateway } from './setup.ts'

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const pdf = (size: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)])
const JSON_TEXT = '{ "externalId":"KF1",\t  "theme": "newborn" , "name":"𠮷"}'

async function startIntake(t: Test, options: GatewayOptions = {}) {
  const gateway = await startFileGateway(t, {
    ...options,
    extend: async (app, { store }) => {
      await app.register(async (scope) => {
        await acceptMultipart(scope)
        scope.post('/forms', { config: { access: 'public' } }, async (request) => {
          const form = await readMultipartSubmission(request, { store, limits: limitsOf(options) })
          const refusal = refusalOf(form.refused)
          if (refusal) throw refusal
          return { submission: form.submission.toString('base64'), files: Object.fromEntries(form.files) }
        })
      })
    },
  })
  async function send(body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) {
    const response = await fetch(`${gateway.url}/forms`, { method: 'POST', body, headers })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { ...gateway, send }
}

function formOf(files: Record<string, Buffer<ArrayBuffer>>, submission: string | null = JSON_TEXT): FormData {
  const form = new FormData()
  if (submission !== null) form.append('submission', new Blob([submission], { type: 'application/json' }), '')
  for (const [name, bytes] of Object.entries(files)) {
    form.append(name, new Blob([bytes], { type: 'application/pdf' }), `${name}.pdf`)
  }
  return form
}

t.test('the JSON is kept byte for byte and each file by its hash, in any order', async (t) => {
  const { send, store } = await startIntake(t)
  const files = { M01: pdf(2 * MIB), 户口簿: pdf(10 * KIB) }
  const submissionLast = formOf(files, null)
  submissionLast.append('submission', JSON_TEXT)
  for (const form of [formOf(files), submissionLast]) {
    const { status, body } = await send(form)
    t.equal(status, 200)
    t.equal(Buffer.from(String(body.submission), 'base64').toString(), JSON_TEXT)
    const about = { mediaType: 'application/pdf' }
    t.match(body.files, {
      M01: { ...about, sha256: hash(files.M01), size: 2 * MIB, fileName: 'M01.pdf' },
      户口簿: { ...about, sha256: hash(files.户口簿), size: 10 * KIB, fileName: '户口簿.pdf' },
    })
  }
  t.equal(await store.verify(hash(files.M01)), 'intact')
})

t.test('JSON that is broken or not even text is handed on as it came', async (t) => {
  const { send } = await startIntake(t)
  for (const bytes of [Buffer.from('{"a":'), randomBytes(100)]) {
    const form = new FormData()
    form.append('submission', new Blob([bytes], { type: 'application/json' }), 'submission.json')
    t.equal((await send(form)).body.submission, bytes.toString('base64'))
  }
})

t.test(
  'file names in GB18030 are read as they were meant, each as its own, however the bytes come',
  async (t) => {
    const { port } = await startIntake(t)
    const names = ['身份证.pdf', '户口簿.pdf', '授权委托书𠮷.pdf', '誠信.pdf', '委托書誠.pdf', '乗一.pdf']
    const parts = names.map((name, i) => [
      `--b\r\nContent-Disposition: form-data; name="M${i}"; filename="`,
      iconv.encode(name, 'gb18030'),
      '"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n\r\n',
    ])
    const submission = '--b\r\nContent-Disposition: form-data; name="submission"\r\n\r\n{}\r\n--b--\r\n'
    const body = Buffer.concat([...parts.flat(), submission].map((piece) => Buffer.from(piece)))
    for (const pieceBytes of [1, 7, body.length]) {
      const request = httpRequest({
        port,
        method: 'POST',
        path: '/forms',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
      })
      for (let at = 0; at < body.length; at += pieceBytes) request.write(body.subarray(at, at + pieceBytes))
      request.end()
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      const { files } = (await json(response)) as { files: Record<string, { fileName: string }> }
      t.strictSame(
        Object.values(files).map(({ fileName }) => fileName),
        names,
        `${pieceBytes} bytes at a time`,
      )
    }
  },
)

const onePart = (disposition: string, more = '') =>
  `--x\r\ncontent-disposition: form-data; name="submission"\r\n\r\n{}\r\n` +
  `--x\r\ncontent-disposition: form-data; name="M01"; ${disposition}\r\n${more}\r\n%PDF-1.7 abc\r\n--x--\r\n`
const asForm = { 'content-type': 'multipart/form-data; boundary=x' }

t.test('a file name is read in every way that programs write it in forms', async (t) => {
  const { send } = await startIntake(t)
  const name = '营业执照 (副本).pdf'
  const percent = encodeURIComponent(name)
  const word = `=?utf-8?B?${Buffer.from(name).toString('base64')}?=`
  for (const written of [
    `filename="${name}"`,
    `filename="${percent}"`, // Python's aiohttp
    `filename="${word}"; filename*=utf-8''${percent}`, // .NET
    `filename="=?UTF-8?Q?${percent.replaceAll('%', '=')}?="`, // Spring
    `filename*=UTF-8''${percent}`,
    `filename="C:\\扫描\\${name}"`,
  ])
    t.match(await send(onePart(written), asForm), { body: { files: { M01: { fileName: name } } } }, written)
  for (const [written, fileName] of [
    ['a%22b.pdf', 'a"b.pdf'],
    ['a\\"b.pdf', 'a"b.pdf'],
    ['100%.pdf', '100%.pdf'],
    ['a=?b.pdf', 'a=?b.pdf'],
  ] as const)
    t.match(await send(onePart(`filename="${written}"`), asForm), { body: { files: { M01: { fileName } } } })
})

t.test('a part in a transfer encoding is refused, for its text is not the file', async (t) => {
  const { send } = await startIntake(t)
  const encoded = (encoding: string) =>
    send(onePart('filename="a.pdf"', `content-transfer-encoding: ${encoding}\r\n`), asForm)
  for (const encoding of ['base64', 'BASE64', 'quoted-printable'])
    t.match(await encoded(encoding), { status: 415, body: { errors: [{ pointer: '/M01' }] } })
  for (const encoding of ['binary', '8bit']) t.equal((await encoded(encoding)).status, 200)
})

t.test('what is wrong with a form is said of the part', async (t) => {
  const { send, files } = await startIntake(t, { maxFileBytes: MIB, maxBodyBytes: 10 * KIB, maxParts: 3 })
  const small = pdf(KIB)
  const repeated = formOf({ M01: small })
  repeated.append('M01', new Blob([small]), 'again.pdf')
  const page = formOf({})
  page.append('M/02', new Blob(['<html>'], { type: 'text/html' }), 'a.html')
  const rows: [FormData, number, string, string, string][] = [
    [formOf({ M01: pdf(MIB + 1) }), 413, 'too-large', '/M01', 'too-large'],
    [formOf({}, 'x'.repeat(10 * KIB + 1)), 413, 'too-large', '/submission', 'too-large'],
    [formOf({ a: small, b: small, c: small }), 413, 'too-many-parts', '/c', 'too-many-parts'],
    [formOf({ M01: small }, null), 400, 'invalid-request', '/submission', 'part-missing'],
    [repeated, 400, 'invalid-request', '/M01', 'part-repeated'],
    [formOf({ '': small }), 400, 'invalid-request', '', 'part-unnamed'],
    [formOf({ M01: Buffer.alloc(0) }), 400, 'invalid-request', '/M01', 'empty-file'],
    [page, 415, 'unsupported-media-type', '/M~102', 'media-type-refused'],
  ]
  for (const [form, status, code, pointer, reason] of rows) {
    t.match(await send(form), { status, body: { code, errors: [{ pointer, code: reason }] } }, reason)
  }
  const complete = [small, small].map(hash)
  for (const name of await files()) t.ok(complete.includes(name), 'only files that were complete stay')
})

t.test('every part that is no file anybody takes is named, unless there is too much of one', async (t) => {
  const { send, files } = await startIntake(t)
  const program = (bytes: number) => Buffer.concat([Buffer.from('MZ\u0090'), randomBytes(bytes)])
  const [good, last] = [pdf(MIB), pdf(KIB)]
  const { status, body } = await send(
    formOf({ a: program(5 * MIB), good, b: Buffer.alloc(0), c: program(KIB), last }),
  )
  t.match([status, body], [415, { code: 'unsupported-media-type' }])
  const faults = body.errors as { pointer: string; code: string }[]
  t.strictSame(
    faults.map(({ pointer, code }) => `${pointer} ${code}`),
    ['/a media-type-refused', '/b empty-file', '/c media-type-refused'],
  )
  t.strictSame([...(await files())].sort(), [good, last].map(hash).sort())
  const large = await send(formOf({ a: program(17 * MIB), b: program(KIB) }))
  t.match([large.status, large.body], [415, { errors: [{ pointer: '/a' }] }])
  t.equal((large.body.errors as unknown[]).length, 1)
})

t.test('ten thousand parts are refused early', async (t) => {
  const { send } = await startIntake(t)
  const part = (i: number) => `--x\r\ncontent-disposition: form-data; name="p${i}"\r\n\r\nv\r\n`
  const body = `${Array.from({ length: 10_000 }, (_, i) => part(i)).join('')}--x--`
  const answer = await send(body, { 'content-type': 'multipart/form-data; boundary=x' })
  t.match(answer, { status: 413, body: { code: 'too-many-parts' } })
})

t.test('names that belong to every object are refused, not obeyed', async (t) => {
  const { send } = await startIntake(t)
  const { status } = await send(formOf({ __proto__x: pdf(KIB), toString: pdf(KIB) }))
  t.ok(status >= 400 && status < 500)
})

t.test('a form cut short is a truncated upload, wherever it is cut', async (t) => {
  const { send, store, files } = await startIntake(t)
  const parts =
    `--x\r\ncontent-disposition: form-data; name="submission"\r\n\r\n${JSON_TEXT}\r\n` +
    '--x\r\ncontent-disposition: form-data; name="M01"; filename="a.pdf"\r\n\r\n%PDF-1.7 abc\r\n--x--\r\n'
  const whole = Buffer.from(parts)
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  for (let length = 3; length < whole.length - 6; length += 7) {
    const answer = await send(whole.subarray(0, length), headers)
    t.match(answer, { status: 400, body: { code: 'truncated-upload' } }, `cut after ${length} bytes`)
  }
  t.match(await send(whole, headers), { status: 200 })
  t.equal((await files()).length, 1)
  t.equal(await store.verify(hash(Buffer.from('%PDF-1.7 abc'))), 'intact')
})
