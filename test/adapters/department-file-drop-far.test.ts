// Servers far away, and large files: what is asked for is asked for together, and what was read is handed on in time.

import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { sftpTransport } from '../../adapters/department-file-drop/sftp.ts'
import { type Manner, pretendSftp } from '../support/sftp.ts'

async function farServer(t: Test, manner: Manner) {
  const server = await pretendSftp(undefined, manner)
  const { port, hostKey } = server
  const login = { host: '127.0.0.1', port, hostKey, user: 'city', password: 's3cret-of-tests', path: '/d' }
  const transport = sftpTransport(login, 'utf-8')
  t.teardown(async () => {
    await transport.close()
    await server.stop()
  })
  return { server, drop: await transport.open(new AbortController().signal) }
}

async function whole(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const areSome = (requests: number): boolean => requests > 4 && requests <= 16

const large = randomBytes(1_000_003)

t.test(
  'a large file is read with several requests at once, and a small one with no more than it needs',
  async (t) => {
    const { server, drop } = await farServer(t, { farMs: 50 })
    server.files.set('/d/in/small', Buffer.from('small'))
    t.same(await whole(drop.read('in/small')), Buffer.from('small'))
    t.equal(server.mostWaiting(), 1)
    server.files.set('/d/in/large', large)
    t.ok(large.equals(await whole(drop.read('in/large'))))
    t.ok(areSome(server.mostWaiting()))
  },
)

t.test('a large file is written with several requests at once, in order', async (t) => {
  const { server, drop } = await farServer(t, { farMs: 50 })
  await drop.write('out/large', inPieces(large, 65_536))
  t.ok(large.equals(server.files.get('/d/out/large')!))
  t.ok(areSome(server.mostWaiting()))
})

t.test('a server that gives less than it is asked for is asked for the rest', async (t) => {
  const { server, drop } = await farServer(t, { mostBytes: 10_000 })
  server.files.set('/d/in/large', large)
  t.ok(large.equals(await whole(drop.read('in/large'))))
})

t.test('whoever stops reading in the middle leaves nothing under way that could hurt', async (t) => {
  const { server, drop } = await farServer(t, { farMs: 50 })
  server.files.set('/d/in/large', large)
  let pieces = 0
  for await (const _ of drop.read('in/large')) if (++pieces === 5) break
  t.same(await drop.stat('in/large'), { name: 'large', size: large.length, mtimeMs: 0 })
})
