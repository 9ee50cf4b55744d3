// The limit that file intake is measured against: an HTTP server that pipes each request into a file and flushes it,
// and does nothing else. Run as a process of its own: `node test/bench/bare-stream.ts <folder> [port]`; it prints
// `listening <port>`, and on SIGTERM removes what it wrote.

import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'

interface BareStream {
  port: number
  close(): Promise<void>
}

/** Serves any POST; files go to a new folder inside `parent`, removed by `close`. */
export async function startBareStream(parent: string, port = 0): Promise<BareStream> {
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'bare-stream-'))
  let count = 0

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = createWriteStream(join(folder, String(++count)), { flush: true })
    await pipeline(request, file)
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}')
  }

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function main([folder = '.data', port = '0']: string[]): Promise<void> {
  const bare = await startBareStream(folder, Number(port))
  process.once('SIGTERM', () => void bare.close())
  process.stdout.write(`listening ${bare.port}\n`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2))
