// A pretended system and a client that calls it: what the tests of the HTTP client share.

import { createServer, type Server, type Socket } from 'node:net'
import { type Behaviour, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { createHttpClient, type HttpRequest } from '../../src/adapter-kit/http.ts'

type Test = { teardown(fn: () => unknown): void }

export async function startSystem(
  t: Test,
  behaviour: Behaviour,
  options: { timeoutMs?: number; path?: string } = {},
) {
  const server = await startServer(behaviour)
  const client = createHttpClient({
    baseUrl: server.origin + (options.path ?? ''),
    timeoutMs: options.timeoutMs ?? 3_000,
    connections: 2,
  })
  t.teardown(async () => {
    await client.close()
    await server.close()
  })
  const request = (asked: Partial<HttpRequest> = {}, signal = new AbortController().signal) =>
    client.forAttempt(signal).request({ method: 'POST', url: '/do', body: '{}', ...asked })
  return { server, client, request }
}

export async function failureOf(asked: Promise<unknown>): Promise<AdapterFailure> {
  try {
    await asked
  } catch (error) {
    if (error instanceof AdapterFailure) return error
    throw error
  }
  throw new Error('no failure')
}

/** A server below HTTP, for what node:http would never send. */
export async function rawServer(t: Test, behaviour: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => behaviour(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}
