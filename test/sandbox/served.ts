// One actor of the simulated city over HTTP, and the real client of the system that it plays.

import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import type { Test } from 'tap'
import type { AdapterManifest } from '../../src/adapter-kit/contract.ts'
import type { SystemHttpClient } from '../../src/adapter-kit/http.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import type { Actor } from '../../src/sandbox/actor.ts'

/** Until the test is over. */
export async function served(t: Test, actor: Actor): Promise<{ origin: string; baseUrl: string }> {
  const app = Fastify()
  app.register(async (mounted) => actor.routes(mounted), { prefix: `/${actor.name}` })
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  return { origin, baseUrl: `${origin}/${actor.name}` }
}

/** @param schema that of the adapter's settings */
export function clientOf(
  t: Test,
  schema: AdapterManifest['settings'],
  settings: { baseUrl: string },
): SystemHttpClient {
  const client = systemHttpClient({ settings: schema }, settings, { timeoutMs: 5_000, connections: 2 })
  t.teardown(() => client.close())
  return client
}
