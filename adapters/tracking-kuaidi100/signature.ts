// The signatures of Kuaidi100: MD5 in capitals, over the very string that is sent. MD5 is its choice, not ours.
// A subscription's salt is made from the setting's salt and our parcel, so that a callback proves for which parcel it is.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** `sign` of a query. @param param exactly the string that is sent */
export function querySign(param: string, key: string, customer: string): string {
  return md5(param + key + customer)
}

/** `sign` of a callback. */
export function callbackSign(param: string, salt: string): string {
  return md5(param + salt)
}

/** The salt of one subscription; without a parcel the setting's own. */
export function saltOf(salt: string, parcelId: string | undefined): string {
  return parcelId === undefined
    ? salt
    : createHmac('sha256', salt).update(parcelId).digest('hex').slice(0, 32)
}

/** Compares without telling how much was right; letters of either case. */
export function sameSign(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text.toUpperCase()).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex').toUpperCase()
}
