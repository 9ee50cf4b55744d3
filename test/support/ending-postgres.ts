// A PostgreSQL that lets everybody in and ends each session in the same breath, as one that is just being shut down.

import { createServer } from 'node:net'
import type { Teardown } from './database.ts'

function said(kind: string, body: string): Buffer {
  const head = Buffer.alloc(5)
  head.write(kind)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, Buffer.from(body)])
}

const welcome = Buffer.concat([
  said('R', '\0\0\0\0'),
  said('Z', 'I'),
  said('E', 'SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'),
])

/** The port where it listens. */
export async function startEndingPostgres(t: Teardown): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(welcome))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return (server.address() as { port: number }).port
}
