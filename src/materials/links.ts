// Short-lived links to files for systems that fetch what they are sent. A link is a capability: whoever holds it
// may read that one file until it expires, and nothing else. Nothing is stored; the signature is the proof.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { StoredFile } from '../adapter-kit/contract.ts'

const PURPOSE = 'tongban file link 1\n'
const DEFAULT_SECONDS = 15 * 60

type ReadLink = { file: StoredFile } | { refused: 'invalid' | 'expired' }

export interface Links {
  /** An absolute URL of GET /v1/files/{token}. Valid for 15 minutes unless told otherwise. */
  link(file: StoredFile, validForSeconds?: number): string
  /** Checks signature (HMAC-SHA256, in constant time), then expiry. */
  read(token: string): ReadLink
}

/** `publicUrl` without trailing slash; `now` in ms since the epoch. */
export function createLinks(key: Buffer, publicUrl: string, now: () => number = Date.now): Links {
  const seal = (payload: string) => createHmac('sha256', key).update(PURPOSE).update(payload).digest()

  return {
    link({ sha256, size, mediaType, fileName }, validForSeconds = DEFAULT_SECONDS) {
      const expiresAt = Math.floor(now() / 1000) + validForSeconds
      const facts: Facts = [sha256, size, mediaType, fileName, expiresAt]
      const payload = Buffer.from(JSON.stringify(facts)).toString('base64url')
      return `${publicUrl}/v1/files/${payload}.${seal(payload).toString('base64url')}`
    },
    read(token) {
      const [payload = '', signature = '', ...rest] = token.split('.')
      const expected = seal(payload)
      const given = Buffer.from(signature, 'base64url')
      if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
        return { refused: 'invalid' }
      }
      const [sha256, size, mediaType, fileName, expiresAt] = factsIn(payload)
      if (now() >= expiresAt * 1000) return { refused: 'expired' }
      return { file: { sha256, size, mediaType, fileName } }
    },
  }
}

type Facts = [sha256: string, size: number, mediaType: string, fileName: string, expiresAtSeconds: number]

/** Only for payloads whose signature was checked: we wrote them. */
function factsIn(payload: string): Facts {
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Facts
}
