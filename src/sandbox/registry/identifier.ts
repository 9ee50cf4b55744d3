// Certificate identifiers of the simulated registry (GB/T 36904), made from the holder and the type alone.
// Written apart from the adapter on purpose: a simulator must not borrow the code it tests.

import { createHash } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const VERSION = '001'

/** `1.2.156.3005.2.<type>.<issuer>.<serial>.001.<check>`; the same for the same holder and type. */
export function identifierOf(type: string, issuer: string, holderCode: string): string {
  const serial = createHash('sha256')
    .update(`${type}\n${holderCode}`)
    .digest('hex')
    .slice(0, 16)
    .toUpperCase()
  const check = mod37(type + issuer + serial + VERSION)
  return ['1.2.156.3005.2', type, issuer, serial, VERSION, check].join('.')
}

/** The type within a well-formed identifier whose check character is right; undefined for any other. */
export function checkedIdentifier(identifier: string): string | undefined {
  const [type = '', issuer = '', serial = '', version = '', check, ...more] = identifier
    .replace(/^1\.2\.156\.3005\.2\./, '')
    .split('.')
  const isRight = more.length === 0 && check === mod37(type + issuer + serial + version)
  return isRight && identifier.startsWith('1.2.156.3005.2.') ? type : undefined
}

/** ISO/IEC 7064 MOD 37,36: the character that makes the whole congruent to 1. */
function mod37(text: string): string {
  let remainder = 36
  for (const character of text) {
    remainder += ALPHABET.indexOf(character)
    remainder = (remainder % 36 === 0 ? 36 : remainder % 36) * 2
    remainder %= 37
  }
  return ALPHABET[(37 - remainder) % 36]!
}
