// Servers far away, and large files: what is asked for is asked for together, and what was read is handed on in time.

import { hash, randomBytes } from 'node:crypto'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Drop } from '../../adapters/department-file-drop/drop.ts'
import { layoutOf } from '../../adapters/department-file-drop/layout.ts'
import { localTransport } from '../../adapters/department-file-drop/local.ts'
import { readPage } from '../../adapters/department-file-drop/reading.ts'
import { settleItems } from '../../adapters/department-file-drop/settling.ts'
import { sftpTransport } from '../../adapters/department-file-drop/sftp.ts'
import type { Attempt, PolledPage } from '../../src/adapter-kit/contract.ts'
import { type Manner, pretendSftp } from '../support/sftp.ts'
import { failed, json, overFolder, sha256 } from './department-file-drop-scene.ts'

async function farServer(t: Test, manner: Manner) {
  const server = await pretendSftp(undefined, manner)
  const { port, hostKey } = server
  const login = { host: '127.0.0.1', port, hostKey, user: 'city', password: 's3cret-of-tests', path: '/d' }
  const transport = sftpTransport(login, 'utf-8')
  t.teardown(async () => {
    await transport.close()
    await server.stop()
  })
  return { server, open: transport.open, drop: await transport.open(new AbortController().signal) }
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

t.test('several large files at once have no more requests under way than one', async (t) => {
  const { server, drop } = await farServer(t, { farMs: 20 })
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  await Promise.all(names.map((name) => drop.write(`out/${name}`, inPieces(large, 65_536))))
  await Promise.all(names.map(async (name) => t.ok(large.equals(await whole(drop.read(`out/${name}`))))))
  t.ok(areSome(server.mostWaiting()), `${server.mostWaiting()}`)
})

t.test('who is stopped while others have their turn ends at once, and hinders nobody', async (t) => {
  const { promise: until, resolve: answerAll } = Promise.withResolvers<void>()
  const { server, open, drop } = await farServer(t, { until })
  const stopping = new AbortController()
  const stopped = await open(stopping.signal)
  const writes = ['a', 'b', 'c'].map((name) => stopped.write(`out/${name}`, inPieces(large, 65_536)))
  const ended = Promise.allSettled(writes)
  while (server.mostWaiting() === 0) await sleep(5)
  stopping.abort()
  // Nothing has been answered yet.
  for (const one of await ended) t.match(one, { status: 'rejected', reason: failed('unavailable') })
  answerAll()
  await drop.write('out/large', inPieces(large, 65_536))
  t.ok(large.equals(server.files.get('/d/out/large')!))
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

t.test('what is not there replaces nothing, whatever the server can do', async (t) => {
  const { server, drop } = await farServer(t, {})
  server.files.set('/d/in/.R~00', Buffer.from('held'))
  t.equal(await drop.rename('in/R', 'in/.R~00', true), false)
  t.ok(server.files.has('/d/in/.R~00'))
  server.files.set('/d/in/R', Buffer.from('again'))
  t.equal(await drop.rename('in/R', 'in/.R~00', true), true)
  t.equal(server.files.get('/d/in/.R~00')?.toString(), 'again')
})

const FILES = 40
const STEP_MS = 40

/** A backlog in a folder of which every look at a file takes its time. */
function backlog(t: Test, { many = FILES, breaksAt = '' } = {}) {
  const { folder, attempt, report, files } = overFolder(t)
  for (let n = 0; n < many; n++) report(`R${n}.json`, json({ eventId: `E-${n}` }))
  const layout = layoutOf({ transport: { folder: { path: folder } }, region: '410221' })
  const under = { way: 0, most: 0 }
  const open = async (): Promise<Drop> => {
    const drop = await localTransport(folder, 'utf-8').open(new AbortController().signal)
    return {
      ...drop,
      async stat(path) {
        under.most = Math.max(under.most, ++under.way)
        await sleep(STEP_MS)
        under.way--
        return drop.stat(path)
      },
      async rename(from, to, replace) {
        if (from === breaksAt) throw new Error('gone away')
        return drop.rename(from, to, replace)
      },
    }
  }
  return {
    files,
    most: () => under.most,
    read: async (timeoutMs: number) => readPage(await open(), layout, { ...attempt(), timeoutMs }),
    settle: async ({ items }: PolledPage, timeoutMs: number) =>
      settleItems(
        await open(),
        layout,
        items.map(({ key }) => ({ key, outcome: 'recorded' })),
        { ...attempt(), timeoutMs },
      ),
  }
}

t.test('files are read and settled several at a time', async (t) => {
  const { read, settle, most, files } = backlog(t)
  const page = await read(60_000)
  t.same([page.items.length, page.more], [FILES, false])
  t.equal(most(), 8)
  await settle(page, 60_000)
  t.equal(files('done').length, 2 * FILES)
})

t.test('a page ends in half the time, and hands on what was read', async (t) => {
  const { read } = backlog(t)
  const { items, more } = await read(4 * STEP_MS)
  t.ok(items.length > 0 && items.length < FILES, `${items.length} items`)
  t.ok(more)
})

t.test('what could not be settled in time comes again, and a backlog is worked off', async (t) => {
  const many = 10
  const { read, settle, files } = backlog(t, { many })
  const TIME_MS = 12 * STEP_MS
  for (let pages = 0; files('in').length > 0; pages++) {
    if (pages > many) throw new Error('it never ends')
    const before = files('in').length
    await settle(await read(TIME_MS), TIME_MS)
    t.ok(files('in').length < before)
  }
  t.equal(files('done').length, 2 * many)
})

/** Slow enough that a pause of a machine with other work is short beside what it carries meanwhile. */
const PER_MS = 256

/** Files in a folder behind a line that carries so many bytes in a millisecond, whoever asks. */
function narrow(t: Test, many: number, bytes: number) {
  const { folder, attempt, report, files } = overFolder(t)
  const contents = Array.from({ length: many }, (_, n) =>
    json({ eventId: `E-${n}`, more: 'x'.repeat(bytes) }),
  )
  for (const [n, content] of contents.entries()) report(`R${n}.json`, content)
  const layout = layoutOf({ transport: { folder: { path: folder } }, region: '410221' })
  const TIME_MS = 2_000
  const open = async (signal: AbortSignal): Promise<Drop> => {
    const drop = await localTransport(folder, 'utf-8').open(signal)
    let line = Promise.resolve()
    return {
      ...drop,
      async *read(path) {
        for await (const piece of drop.read(path)) {
          line = line.then(() => sleep(piece.length / PER_MS, undefined, { signal }))
          await line
          yield piece
        }
      },
    }
  }
  const within = async <T>(use: (drop: Drop, one: Attempt) => Promise<T>): Promise<T> => {
    const signal = AbortSignal.timeout(TIME_MS)
    return use(await open(signal), { ...attempt({ signal }), timeoutMs: TIME_MS })
  }
  return {
    files,
    /** As a settling leaves them that was cut when it had taken all. */
    leaveHeld() {
      for (const [n, content] of contents.entries()) {
        const held = `.R${n}.json~${hash('sha256', sha256(content), 'hex').slice(0, 6)}`
        renameSync(join(folder, `in/R${n}.json`), join(folder, `in/${held}`))
      }
    },
    async poll() {
      const { items } = await within((drop, one) => readPage(drop, layout, one))
      const settled = items.map(({ key }) => ({ key, outcome: 'recorded' }) as const)
      await within((drop, one) => settleItems(drop, layout, settled, one))
    },
  }
}

t.test('files that a cut left held are worked off with every poll, however narrow the line', async (t) => {
  const { files, leaveHeld, poll } = narrow(t, 8, 45_000)
  leaveHeld()
  for (let polls = 0; files('in').length > 0; polls++) {
    if (polls > 10) throw new Error('it never ends')
    const before = files('in').length
    await poll()
    t.ok(files('in').length < before)
  }
  t.equal(files('done').length, 16)
})

t.test('no poll begins more than the line carries in its time', async (t) => {
  const { files, poll } = narrow(t, 12, 70_000)
  for (let polls = 0; files('in').length > 0; polls++) {
    if (polls > 12) throw new Error('it never ends')
    await poll()
    t.same(
      files('in').filter((name) => name.startsWith('.')),
      [],
    )
  }
})

t.test('nothing goes on behind a settling that failed', async (t) => {
  const { read, settle, files } = backlog(t, { breaksAt: 'in/R10.json' })
  const page = await read(60_000)
  await t.rejects(settle(page, 60_000), /gone away/)
  const settled = files('done')
  await sleep(5 * STEP_MS)
  t.same(files('done'), settled)
  t.ok(settled.length < FILES, 'what was not begun is not begun')
})
