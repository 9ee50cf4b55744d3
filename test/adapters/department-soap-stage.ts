// What tests of department-soap against foreign SOAP programs share: servers that end with the test, an attempt over
// real HTTP, and a little gateway around `read` and `acknowledge`.

import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import manifest from '../../adapters/department-soap/manifest.ts'
import type { SoapSettings } from '../../adapters/department-soap/settings.ts'
import type { Adapter, Attempt, InboundMessage, IncomingOutcome } from '../../src/adapter-kit/contract.ts'
import type { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_KEY } from '../../src/adapter-kit/givens.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import { failureOf } from '../support/failure.ts'

export async function listening(t: Test, server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The adapter with these settings, and an attempt of its own. */
export function adapterFor(t: Test, settings: SoapSettings): { adapter: Adapter; attempt: Attempt } {
  const client = systemHttpClient(manifest, settings, { timeoutMs: 5_000, connections: 2 })
  t.teardown(() => client.close())
  const signal = new AbortController().signal
  const attempt: Attempt = {
    signal,
    http: client.forAttempt(signal),
    key: GIVEN_KEY,
    number: 1,
    now: () => new Date(),
    files: {
      link: ({ sha256 }) => `https://gateway.example/f/${sha256}?a=1&b=2`,
      open: () => Promise.reject(new Error('not asked for')),
      store: () => Promise.reject(new Error('not asked for')),
    },
  }
  return { adapter: manifest.create(settings), attempt }
}

/**
 * A little server around `read` and `acknowledge`, as the gateway has one; `?wsdl` is our own unless another
 * is given.
 */
export async function startGateway(
  t: Test,
  settings: SoapSettings,
  outcome: IncomingOutcome,
  wsdl?: (address: string) => string,
) {
  const { incoming } = manifest.create(settings)
  const events: unknown[] = []
  const failures: AdapterFailure[] = []
  const http = createServer(async (request, response) => {
    if (request.method === 'GET') {
      const own = incoming?.describe?.(url)
      response.writeHead(200, own?.headers)
      return response.end(wsdl?.(url) ?? own?.body)
    }
    const message = await messageOf(request)
    const failure = await failureOf(
      Promise.resolve(incoming?.read(message)).then((reading) => events.push(...(reading?.events ?? []))),
    )
    if (failure) failures.push(failure)
    const status = failure?.kind === 'unauthorised' ? 401 : 422
    const told = failure
      ? { ok: false as const, status, code: failure.kind, detail: failure.message }
      : outcome
    const answer = incoming?.acknowledge(told, message)
    response.writeHead(answer?.status ?? 500, answer?.headers).end(answer?.body)
  })
  const url = `${await listening(t, http)}/v1/systems/d/events`
  return { url, events, failures }
}

async function messageOf(request: IncomingMessage): Promise<InboundMessage> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const body = Buffer.concat(pieces)
  const { method = '', url = '', headers } = request
  return { method, path: url, query: {}, headers, body, receivedAt: new Date() }
}
