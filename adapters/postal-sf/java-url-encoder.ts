// java.net.URLEncoder.encode(text, "UTF-8"), which SF's servers run over what they sign: every byte must agree.
// It keeps A-Z a-z 0-9 . - * _, writes a space as +, and everything else as %XX in capitals.

/** The text as Java's URLEncoder writes it. A lone surrogate becomes a question mark, as there. */
export function javaUrlEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?'))
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}
