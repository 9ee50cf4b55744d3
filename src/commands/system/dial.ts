// Whether an address can be connected to, as the system's own client would: the same look-up, the same TLS.
// Sends nothing.

import { connectorOf } from '../../adapter-kit/connector.ts'
import type { TlsOptions } from '../../adapter-kit/http.ts'
import { dialGuard, guardedLookup } from '../../adapter-kit/origins.ts'

export interface Dialled {
  origin: string
  ms: number
  /** The code or the words of what went wrong; undefined when it was connected. */
  failed: string | undefined
}

/** @param origin one that the client of the system accepted */
export async function dial(origin: string, tls: TlsOptions | undefined, timeoutMs: number): Promise<Dialled> {
  const began = performance.now()
  const failed = await connectionFault(new URL(origin), tls, timeoutMs)
  return { origin, ms: Math.round(performance.now() - began), failed }
}

function connectionFault(
  { protocol, hostname, host, port }: URL,
  tls: TlsOptions | undefined,
  timeout: number,
): Promise<string | undefined> {
  const connect = connectorOf({ timeout, lookup: guardedLookup(dialGuard(undefined)), ...tls })
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const to = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), host, port }
  connect(to, (error, socket) => {
    socket?.destroy()
    resolve(error ? ((error as NodeJS.ErrnoException).code ?? error.message) : undefined)
  })
  return promise
}
