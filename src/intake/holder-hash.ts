// A holder as the ledger may know one: a keyed hash of the document's type and number. Without the key it cannot be told
// whose it is, nor found out by trying numbers.

import { createHmac } from 'node:crypto'

/** Both normalised. HMAC-SHA-256, base64url. */
export function holderHash(key: Buffer, { idType, idNumber }: { idType: string; idNumber: string }): string {
  return createHmac('sha256', key).update(`${idType}\n${idNumber}`).digest('base64url')
}
