// Requests and answers over one SFTP channel: an answer finds its request by its number, whatever came in between.

import type { Duplex } from 'node:stream'
import {
  answers,
  type Field,
  type Fields,
  fieldsOf,
  packetOf,
  packetSplitter,
  requests,
  statuses,
  VERSION,
} from './sftp-packets.ts'

export interface SftpChannel {
  /** Extensions that the server offers, by name. */
  extensions: ReadonlySet<string>
  /**
   * The answer's type and fields. An answer that never comes leaves it open: whoever asks watches the time and the
   * connection.
   * @throws Error whose `code` is the number of a status that is not OK
   */
  ask(type: number, fields: readonly Field[]): Promise<Answer>
}

export interface Answer {
  type: number
  fields: Fields
}

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

/**
 * Greets the server.
 * @param broken told what the server said that nobody can follow
 */
export function openSftpChannel(stream: Duplex, broken: (error: Error) => void): Promise<SftpChannel> {
  const greeted = Promise.withResolvers<SftpChannel>()
  const waiting = new Map<number, Waiting>()
  let last = 0
  const ask = (type: number, fields: readonly Field[]): Promise<Answer> => {
    last = (last + 1) >>> 0
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    waiting.set(last, { resolve, reject })
    stream.write(packetOf(type, [last, ...fields]))
    return promise
  }
  const split = packetSplitter((packet) => {
    const fields = fieldsOf(packet.subarray(1))
    if (packet[0] === answers.version) return greeted.resolve({ extensions: extensionsIn(fields), ask })
    const id = fields.number()
    const asked = waiting.get(id)
    waiting.delete(id)
    if (asked) answer(asked, { type: packet[0] ?? 0, fields })
  })
  stream.on('data', (piece: Buffer) => {
    try {
      split(piece)
    } catch (error) {
      broken(error as Error)
    }
  })
  stream.write(packetOf(requests.init, [VERSION]))
  return greeted.promise
}

/** @throws Error for a server of another version */
function extensionsIn(fields: Fields): Set<string> {
  const version = fields.number()
  if (version !== VERSION) throw new Error(`the server speaks version ${version} of SFTP, not ${VERSION}`)
  const names = new Set<string>()
  while (!fields.isOver()) {
    names.add(fields.bytes().toString())
    fields.bytes()
  }
  return names
}

function answer(asked: Waiting, { type, fields }: Answer): void {
  const code = type === answers.status ? fields.number() : statuses.ok
  // The server's own words stay out: they may repeat the name of a file.
  if (code === statuses.ok) asked.resolve({ type, fields })
  else asked.reject(Object.assign(new Error(`SFTP status ${code}`), { code }))
}
