// Plain text: full-width ASCII forms to half width, Unicode NFC (UAX #15), trimmed. Rare Han characters above
// U+FFFF stay as they are; NUL and lone surrogates, which no system downstream can keep, are refused.

import { type Fault, fault } from './rule.ts'

/** ASCII and the common Han characters: nothing in it has another form. */
const PLAIN = /^[!-~\u4e00-\u9fff](?:[ -~\u4e00-\u9fff]*[!-~\u4e00-\u9fff])?$/
const FULL_WIDTH = /[\u3000\uff01-\uff5e]/g
const FULL_WIDTH_OFFSET = 0xfee0

const unreadable = fault('invalid-text', 'holds NUL or a lone surrogate', '含有空字符 NUL 或不成对的代理字符')

/** Canonical text, or the fault `invalid-text`. */
export function cleanText(text: string): string | Fault {
  if (text === '' || PLAIN.test(text)) return text
  if (!text.isWellFormed() || text.includes('\0')) return unreadable
  return halfWidth(text).normalize('NFC').trim()
}

/** U+FF01–U+FF5E to ASCII and the ideographic space to a space; nothing else changes. */
function halfWidth(text: string): string {
  return text.replace(FULL_WIDTH, (char) =>
    char === '\u3000' ? ' ' : String.fromCharCode(char.charCodeAt(0) - FULL_WIDTH_OFFSET),
  )
}
