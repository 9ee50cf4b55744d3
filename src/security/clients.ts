// Who calls: bearer token to client. On the path of every request, so a known header costs one look-up.
// It must not keep a token anywhere but in the bounded cache of headers that were proved valid.

import { hash } from 'node:crypto'
import type { Client } from '../settings/settings.ts'

const CACHED_HEADERS = 1_000
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]{1,512}=*) *$/i

export interface ClientDirectory {
  /** The client of an `Authorization: Bearer <token>` header (RFC 6750); null when there is none. */
  find(authorization: string | undefined): Client | null
}

/**
 * Looks tokens up by their SHA-256. What is compared is the hash of a high-entropy secret, so the time a
 * look-up takes tells nothing of use about any token.
 */
export function clientDirectory(clients: readonly Client[]): ClientDirectory {
  const byHash = new Map(
    clients.flatMap((client) => client.tokenHashes.map((it) => [it.toString('hex'), client] as const)),
  )
  const byHeader = new Map<string, Client>()

  function prove(authorization: string): Client | null {
    const token = BEARER.exec(authorization)?.[1]
    const client = token === undefined ? undefined : byHash.get(hash('sha256', token, 'hex'))
    if (client === undefined) return null
    if (byHeader.size >= CACHED_HEADERS) byHeader.clear()
    byHeader.set(authorization, client)
    return client
  }

  return {
    find: (authorization) =>
      authorization === undefined ? null : (byHeader.get(authorization) ?? prove(authorization)),
  }
}

/** Whether the client may act for a six-digit division code. */
export function mayActFor(client: Client, division: string): boolean {
  return client.divisions.includes(division) || client.divisions.includes('*')
}
