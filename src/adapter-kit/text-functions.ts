// What every expression can do with a text that holds another: Base64 of a charset's bytes, JSON, XML. JSONata's own
// Base64 keeps one byte of each character, which spoils every Chinese name, and its $eval would run what others wrote.

import { decode, encodeWhole } from './charset.ts'
import type { AdapterFailure } from './failures.ts'
import type { Charset } from './http.ts'
import { parseKeepingDigits } from './loose-json.ts'
import { readXmlMembers } from './xml-members.ts'
import { escapedXml } from './xml-text.ts'

type TextFunction = readonly [(...given: never[]) => unknown, signature: string]

const charsets: ReadonlySet<string> = new Set<Charset>(['utf-8', 'gbk', 'gb18030'])

/**
 * `$base64encode(text, charset?)`, `$base64decode(text, charset?)`, `$readJson(text)`, `$readXml(text)` and
 * `$xmlText(text)`. Nothing given is nothing answered.
 * @param failing makes the failure of the expression of a sentence
 */
export function textFunctions(
  failing: (sentence: string) => AdapterFailure,
): Readonly<Record<string, TextFunction>> {
  const charsetOf = (name = 'utf-8'): Charset => {
    if (charsets.has(name)) return name as Charset
    throw failing('字符集只能是 utf-8、gbk、gb18030 (a charset is utf-8, gbk or gb18030)')
  }
  const whole = <T>(found: T | undefined, sentence: string): T => {
    if (found === undefined) throw failing(sentence)
    return found
  }
  const encoded = (text?: string, charset?: string): string | undefined =>
    text === undefined
      ? undefined
      : whole(
          encodeWhole(text, charsetOf(charset)),
          `含有 ${charset} 没有的字符 (holds a character that ${charset} lacks)`,
        ).toString('base64')
  const decoded = (text?: string, charset = 'utf-8'): string | undefined => {
    if (text === undefined) return undefined
    const bytes = BASE64.test(text.trimEnd()) ? Buffer.from(text, 'base64') : undefined
    return whole(
      bytes && decode(bytes, charsetOf(charset)),
      `不是 ${charset} 文本的 Base64 (is not the Base64 of a text in ${charset})`,
    )
  }
  const json = (given?: unknown): unknown => {
    if (typeof given !== 'string') return given
    try {
      return given.trim() === '' ? undefined : parseKeepingDigits(given)
    } catch {
      throw failing('文本不是 JSON (the text is not JSON)')
    }
  }
  const xml = (text?: string): unknown => (text === undefined ? undefined : readXmlMembers(text))
  const markup = (text?: string): string | undefined =>
    text === undefined
      ? undefined
      : whole(escapedXml(text), '含有 XML 无法承载的字符 (holds a character that XML cannot hold)')
  return {
    base64encode: [encoded, '<s-s?:s>'],
    base64decode: [decoded, '<s-s?:s>'],
    readJson: [json, '<x-:x>'],
    readXml: [xml, '<s-:x>'],
    xmlText: [markup, '<s-:s>'],
  }
}

/** With line breaks, and in the alphabet of URLs too, as Buffer reads it. */
const BASE64 = /^[\w+/\s-]*={0,2}$/
