// Bytes of the SFTP protocol, also those that no server should send.

import { PassThrough } from 'node:stream'
import t from 'tap'
import { openSftpChannel } from '../../adapters/department-file-drop/sftp-channel.ts'
import {
  answers,
  fieldsOf,
  packetOf,
  packetSplitter,
  readAttributes,
  requests,
} from '../../adapters/department-file-drop/sftp-packets.ts'

/** The two ends of a channel. */
function wire() {
  const theirs = new PassThrough()
  const ours = new PassThrough()
  const stream = Object.assign(ours, { write: (bytes: Buffer) => theirs.write(bytes) })
  return { stream, says: (bytes: Buffer) => ours.push(bytes), heard: () => theirs.read() as Buffer | null }
}

t.test('packets are found again however the stream cuts them', async (t) => {
  const one = packetOf(requests.open, [7, Buffer.from('甲'), 26, 0])
  const two = packetOf(requests.read, [8, 'h', 2n ** 40n, 32_768])
  for (const size of [1, 3, 1_000]) {
    const found: Buffer[] = []
    const split = packetSplitter((packet) => found.push(packet))
    const all = Buffer.concat([one, two])
    for (let at = 0; at < all.length; at += size) split(all.subarray(at, at + size))
    t.same(found, [one.subarray(4), two.subarray(4)], `in pieces of ${size}`)
  }
  const fields = fieldsOf(two.subarray(5))
  t.same([fields.number(), fields.bytes().toString(), fields.long()], [8, 'h', 2 ** 40])
})

t.test('a packet that claims too much, or ends too early, is an error and not a wait', async (t) => {
  const split = packetSplitter(() => undefined)
  t.throws(() => split(Buffer.from([0xff, 0xff, 0xff, 0xff])), RangeError)
  t.throws(() => fieldsOf(Buffer.from([0, 0, 0, 9, 1])).bytes(), RangeError)
  const manyExtensions = packetOf(0, [0x80000000, 0xffffffff]).subarray(5)
  t.throws(() => readAttributes(fieldsOf(manyExtensions)), RangeError)
})

t.test('what has another mode than that of a regular file is none', async (t) => {
  const of = (mode: number) =>
    readAttributes(fieldsOf(packetOf(0, [0b1101, 5n, mode, 1_700_000_000, 1_700_000_001]).subarray(5)))
  t.same(of(0o100644), { isFile: true, size: 5, mtime: 1_700_000_001 })
  for (const mode of [0o040755, 0o120777, 0o020666]) t.notOk(of(mode).isFile)
  t.equal(of(0o644).isFile, undefined, 'a server that tells rights and no kind')
  const nothing = { isFile: undefined, size: undefined, mtime: 0 }
  t.same(readAttributes(fieldsOf(Buffer.alloc(4))), nothing, 'a server that does not say')
})

t.test('answers find their requests in any order; strangers are passed over', async (t) => {
  const { stream, says } = wire()
  const opening = openSftpChannel(stream, t.fail)
  says(packetOf(answers.version, [3, 'fsync@openssh.com', '1']))
  const channel = await opening
  t.same([...channel.extensions], ['fsync@openssh.com'])
  const first = channel.ask(requests.lstat, ['a'])
  const second = channel.ask(requests.lstat, ['b'])
  says(packetOf(answers.handle, [99, 'stranger']))
  says(packetOf(answers.status, [2, 2, 'No such file /secret', 'en']))
  says(packetOf(answers.handle, [1, 'H']))
  t.equal((await first).fields.bytes().toString(), 'H')
  const failure = await second.catch((error: unknown) => error as Error)
  t.match(failure, { code: 2 })
  t.notMatch(String(failure), 'secret')
})

t.test('another version of the protocol is told', async (t) => {
  const { stream, says } = wire()
  const told = Promise.withResolvers<Error>()
  void openSftpChannel(stream, told.resolve)
  says(packetOf(answers.version, [6]))
  t.match((await told.promise).message, /version 6/)
})
