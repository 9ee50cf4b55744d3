// The identifier of an electronic certificate (GB/T 36904): reading it and proving its check character.
// Must not know any registry; ISO/IEC 7064 MOD 37,36 is computed here and nowhere else in this adapter.

const OID = '1.2.156.3005.2.'
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const FIRST_VERSION = '001'
const PARTS = /^([0-9A-Z]{21})\.([0-9A-Z]{6,18})\.([0-9A-Z]{1,32})\.([0-9A-Z]{3})\.([0-9A-Z])$/

interface CertificateIdentifier {
  /** 证照类型代码: USCC of the defining body and three digits, 21 characters. */
  type: string
  /** 颁发机构代码: USCC, or a division code. */
  issuer: string
  serial: string
  version: string
}

/** The parts of an identifier; null when its form or its check character is wrong. */
export function readIdentifier(text: string): CertificateIdentifier | null {
  const parts = text.startsWith(OID) ? PARTS.exec(text.slice(OID.length)) : null
  if (!parts) return null
  const [, type = '', issuer = '', serial = '', version = '', check] = parts
  return check === checkCharacter(type + issuer + serial + version) ? { type, issuer, serial, version } : null
}

/** An identifier of version 001. */
export function identifierOf(type: string, issuer: string, serial: string): string {
  const parts = [type, issuer, serial, FIRST_VERSION]
  return `${OID}${parts.join('.')}.${checkCharacter(parts.join(''))}`
}

/** The certificate's own number where it can be a serial, else the case's: the same every time. */
export function serialOf(number: string | undefined, caseId: string): string {
  const own = number?.toUpperCase().replaceAll('-', '')
  return own && /^[0-9A-Z]{1,32}$/.test(own) ? own : caseId.slice('case_'.length).toUpperCase()
}

/** Check character over type, issuer, serial and version, without the OID and without dots: ISO 7064 MOD 37,36. */
export function checkCharacter(text: string): string {
  let product = 36
  for (const character of text) {
    const sum = (product + ALPHABET.indexOf(character)) % 36 || 36
    product = (sum * 2) % 37
  }
  return ALPHABET.charAt((37 - product) % 36)
}
