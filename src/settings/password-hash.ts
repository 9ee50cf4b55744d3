// The form in which settings carry a password: scrypt:<N>:<r>:<p>:<salt base64url>:<hash base64url>. What is
// not computed when somebody logs in is not accepted when settings are read either.

interface PasswordHash {
  cost: { N: number; r: number; p: number }
  salt: Buffer
  key: Buffer
}

/** Hashes that ask for more are refused, not computed. */
export const MAX_MEMORY_BYTES = 128 * 1024 * 1024
const FORM = /^scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2}):([A-Za-z0-9_-]{16,}):([A-Za-z0-9_-]{43,})$/

/** Null for what no password could fit. */
export function readPasswordHash(text: string): PasswordHash | null {
  const match = FORM.exec(text)
  if (match === null) return null
  const [, N, r, p, salt, key] = match as unknown as [string, string, string, string, string, string]
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  if (!isComputable(cost)) return null
  return { cost, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') }
}

/** RFC 7914, section 2: N is a power of two below 2^(16·r). The memory is what OpenSSL counts. */
function isComputable({ N, r, p }: PasswordHash['cost']): boolean {
  const bits = Math.log2(N)
  return (
    p > 0 && bits > 0 && Number.isInteger(bits) && bits < 16 * r && 128 * r * (N + 2 + p) <= MAX_MEMORY_BYTES
  )
}
