// JSON Pointers (RFC 6901): `/` between keys, and a `/` or `~` within one written as `~1` and `~0`.

/** One key of a pointer, without its `/`. */
export const pointerPart = (key: string | number): string =>
  typeof key === 'string' && /[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : String(key)

/** The key that was written so. */
export const keyOfPart = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

/** Of the keys on the way from the top. */
export const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((key) => `/${pointerPart(key)}`).join('')
