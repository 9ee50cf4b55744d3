// XML of the second generation, written with everything escaped. Must not know what the elements mean.

/** An element's content: text, or elements in order. */
type Content = string | number | readonly Element[]
export type Element = readonly [name: string, content: Content | undefined]

/** Elements without content are left out. */
export function writeXml([name, content]: Element): string {
  if (content === undefined) return ''
  const inside = typeof content === 'object' ? content.map(writeXml).join('') : escaped(String(content))
  return `<${name}>${inside}</${name}>`
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Characters that XML 1.0 cannot hold at all are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}
