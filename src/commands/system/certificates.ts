// How long the certificates of a TLS connection are still good: the system's, and ours where it asks for one.
// It only looks: whether a certificate is trusted is judged by the request itself.

import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import type { TlsOptions } from '../../adapter-kit/http.ts'
import { dialGuard, guardedLookup } from '../../adapter-kit/origins.ts'

const DAY_MS = 86_400_000

export interface Expiry {
  /** Whose certificate: an origin, or `ours`. */
  of: string
  /** Whole days left; negative when it has expired; null when the server showed none. */
  daysLeft: number | null
}

/** One for each https origin; @throws Error when it cannot be connected to */
export async function expiryOf(
  origin: string,
  tls: TlsOptions | undefined,
  timeoutMs: number,
): Promise<Expiry> {
  const { hostname, port } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  const mayDial = dialGuard(undefined)
  if (isIP(host) && !mayDial(host)) throw new Error(`the address ${host} may not be dialled`)
  const { promise, resolve, reject } = Promise.withResolvers<Expiry>()
  const socket = connect({
    host,
    port: Number(port || 443),
    // The point is to read a certificate that may have expired already.
    rejectUnauthorized: false,
    lookup: guardedLookup(mayDial),
    ...(isIP(host) ? {} : { servername: host }),
    ...tls,
  })
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no TLS within ${timeoutMs} ms`)))
  socket.on('error', reject)
  socket.on('secureConnect', () => {
    const until = socket.getPeerCertificate().valid_to
    resolve({ of: origin, daysLeft: until === undefined ? null : daysUntil(until) })
    socket.destroy()
  })
  return promise
}

/** Undefined where we show none. */
export function ourExpiry(tls: TlsOptions | undefined): Expiry | undefined {
  if (tls?.cert === undefined) return undefined
  try {
    return { of: 'ours', daysLeft: daysUntil(new X509Certificate(tls.cert).validTo) }
  } catch {
    return { of: 'ours', daysLeft: null }
  }
}

const daysUntil = (date: string): number => Math.floor((Date.parse(date) - Date.now()) / DAY_MS)
