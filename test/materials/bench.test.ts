// The file benchmark measures what it says: each upload a file of its own, the same work for gateway and limit.

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startBareStream } from '../bench/bare-stream.ts'
import { runW2 } from '../bench/w2.ts'
import { authorization, KIB, MIB, startFileGateway } from './setup.ts'

const small = { files: 12, fileBytes: 100 * KIB + 7, bigBytes: 3 * MIB, concurrency: 4, pid: process.pid }
const token = authorization.slice('Bearer '.length)

t.test('every upload is a file of its own and is answered', async (t) => {
  const { url, files, rows } = await startFileGateway(t)
  const result = await runW2({ ...small, baseUrl: url, token })
  t.equal((await files()).length, 13)
  t.equal(rows.filter((it) => it.size === 100 * KIB + 7).length, 12)
  t.ok(result.MBps > 0 && result.p99 >= result.p50 && result.bigMBps! > 0)
})

t.test('the bare stream takes the same requests and removes its files', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tongban-bare-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const bare = await startBareStream(folder)
  const result = await runW2({ ...small, baseUrl: `http://127.0.0.1:${bare.port}` })
  t.ok(result.MBps > 0)
  const [written] = await readdir(folder)
  t.equal((await readdir(join(folder, written!))).length, 13)
  await bare.close()
  t.same(await readdir(folder), [])
})

t.test('an upload that is refused stops the run', async (t) => {
  const { url } = await startFileGateway(t, { mayUpload: false })
  await t.rejects(runW2({ ...small, baseUrl: url, token }), /answered 403/)
})
