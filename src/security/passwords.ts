// Operators' passwords as scrypt hashes (RFC 7914), in the form settings carry them
// (settings/password-hash.ts). The cost is read from the hash, so it can be raised later.

import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { MAX_MEMORY_BYTES, readPasswordHash } from '../settings/password-hash.ts'

const COST = { N: 2 ** 15, r: 8, p: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32
const MAX_PASSWORD_CHARACTERS = 1_024

/** Makes the hash that `tongban keys password` prints. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(password, salt, HASH_BYTES, COST)
  return written(salt, key)
}

/** A hash of the same cost that no password is known for. */
export function unknownPassword(): string {
  return written(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES))
}

/** False for a wrong password and for a hash that cannot be read. Takes about 60 ms of one thread and 32 MiB. */
export async function verifyPassword(password: string, passwordHash: string): Promise<boolean> {
  const hash = readPasswordHash(passwordHash)
  if (hash === null || password.length > MAX_PASSWORD_CHARACTERS) return false
  const key = await derive(password, hash.salt, hash.key.length, hash.cost).catch(() => null)
  return key !== null && timingSafeEqual(key, hash.key)
}

function written(salt: Buffer, key: Buffer): string {
  const parts = [COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')]
  return `scrypt:${parts.join(':')}`
}

function derive(password: string, salt: Buffer, bytes: number, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, bytes, { ...cost, maxmem: MAX_MEMORY_BYTES }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
