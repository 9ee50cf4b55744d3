// Characters of XML: what it can hold, how they are escaped, and references to characters as meant. Knows the five
// names of XML 1.0 and numbers; any other entity would stand in a DTD, and there is none.

const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));|&/g

/** Char of XML 1.0, 5th edition. */
export function isXmlText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
  return text.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)
}

/** Text as meant; undefined for an entity of a DTD, or a character that XML cannot hold. */
export function plainText(written: string): string | undefined {
  let whole = true
  const meant = (_all: string, name?: string, decimal?: string, hex?: string): string => {
    if (name !== undefined) return names[name] ?? ''
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point)
    whole = false
    return ''
  }
  const text = written.includes('&') ? written.replace(REFERENCE, meant) : written
  return whole && isXmlText(text) ? text : undefined
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Fit to stand between tags and between quotes; undefined for what XML cannot hold. */
export function escapedXml(text: string): string | undefined {
  return isXmlText(text) ? text.replace(/[&<>"'\t\n\r]/g, (character) => escapes[character] ?? '') : undefined
}
