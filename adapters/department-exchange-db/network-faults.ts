// What the drivers report when no server spoke, and the one thing taken out of a server's words: a name.

import type { Fault } from './faults.ts'

/** Anything that is not a server's own answer: the connection did not come about, or broke. */
export function networkFault(error: unknown): Fault {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (/does not support SSL/.test(String(message))) return { meaning: 'no-tls', code: 'no TLS' }
  return { meaning: 'lost', code: typeof code === 'string' ? code : 'connection lost' }
}

const NAME =
  /(?:column|field|relation|table|列|关系|表)\s*["'`“]((?:[\p{L}\p{N}_$]+["'`]?\.["'`]?)*[\p{L}\p{N}_$]+)["'`”]/iu

/** The table or column that a server's message names; nothing else of it, since it repeats values. */
export function nameIn(message: string): string | undefined {
  return NAME.exec(message)?.[1]?.replaceAll(/["'`]/g, '').split('.').at(-1)
}
