// The folder of files is taken away while the gateway runs, as when a share is not mounted any more: who sends or fetches
// a file is told to come again, one line tells the operator, and when it is back all goes on.

import { existsSync, renameSync } from 'node:fs'
import { Readable } from 'node:stream'
import t from 'tap'
import { asStoreFailure } from '../../src/materials/failures.ts'
import { loggedStore } from '../../src/operations/file-watch.ts'
import { createLogger } from '../../src/operations/log.ts'
import { refused } from '../intake/routes/refused.ts'
import { platformAt, scan } from '../support/platform.ts'
import { runGateway } from '../support/running.ts'
import { failing, openTempStore } from './setup.ts'

t.test('uploads and downloads get 503 until the folder is back', async (t) => {
  const running = await runGateway(t, { roles: ['api'] })
  const platform = platformAt(running.url)
  const folder = new URL(running.settings.materialsUrl).pathname.replace(/\/$/, '')
  const pdf = { body: scan('application/pdf').bytes, type: 'application/pdf' }
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(pdf.body)], { type: pdf.type }), 'a.pdf')
  const asForm = new Response(form)
  const type = asForm.headers.get('content-type')!
  const body = Buffer.from(await asForm.arrayBuffer())

  renameSync(folder, `${folder}-away`)
  for (const upload of [pdf, { body, type }]) {
    const answer = await platform.post('/v1/materials', upload)
    refused(t, answer, 'unavailable')
    t.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
  }
  renameSync(`${folder}-away`, folder)
  t.equal((await platform.post('/v1/materials', pdf)).status, 201)
})

t.test('a folder that is taken away in the middle of an upload can be put back', async (t) => {
  const { store, folder } = await openTempStore(t)
  const gone = `${folder}-away`
  async function* takenAway() {
    yield Buffer.from('%PDF-1.7')
    // So much that it is being written down by now.
    yield Buffer.alloc(1e6)
    renameSync(folder, gone)
    yield Buffer.from('%%EOF')
  }
  await t.rejects(store.put(Readable.from(takenAway()), { maxBytes: 1e7 }), failing('unavailable'))
  t.notOk(existsSync(folder), 'nothing was made in its place')
  renameSync(gone, folder)
  await store.put(Readable.from([Buffer.from('%PDF-1.7')]), { maxBytes: 1e7 })
})

t.test('one line tells of an outage', async (t) => {
  const lines: string[] = []
  const log = createLogger({ logLevel: 'info' }, { write: (line: string) => void lines.push(line) })
  const { store: bare, folder } = await openTempStore(t)
  const store = loggedStore(bare, log)
  renameSync(folder, `${folder}-away`)
  const sha256 = '0'.repeat(64)
  await t.rejects(store.open(sha256), failing('unavailable'))
  await t.rejects(store.stat(sha256), failing('unavailable'))
  renameSync(`${folder}-away`, folder)
  await t.rejects(store.open(sha256), failing('missing'))
  t.equal(await store.stat(sha256), null)
  t.match(
    lines.map((line) => JSON.parse(line)),
    [{ level: 'error', msg: /^files\.unreachable: / }],
  )
  t.equal(lines.length, 1)
})

t.test('what is true of every file is no fault of one', async (t) => {
  for (const code of ['EACCES', 'EROFS', 'EIO', 'EMFILE', 'ESTALE'])
    t.match(asStoreFailure(Object.assign(new Error(code), { code })), failing('unavailable'))
  const short = asStoreFailure(Object.assign(new Error('EMFILE'), { code: 'EMFILE' }))
  t.match(short, { message: /too many files are open.*ulimit -n.*上限/ })
  const ours = new TypeError('a SHA-256 in lower-case hex is needed')
  t.equal(asStoreFailure(ours), ours)
})
