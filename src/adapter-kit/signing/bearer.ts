// RFC 6750 bearer tokens, for systems that trust the connection and want only a token.

import { headerOf, refuse, type Signer, sameText, type Verifier } from './scheme.ts'

/** Sends the first token; accepts any of them, so that tokens can be rotated. */
export function bearer(tokens: readonly string[]): { sign: Signer; verify: Verifier } {
  const headers = { Authorization: `Bearer ${tokens[0] ?? ''}` }
  return {
    sign: () => ({ ...headers }),
    verify: (message) => {
      const given = headerOf(message.headers, 'Authorization')
      if (!tokens.some((token) => sameText(given, `Bearer ${token}`)))
        refuse('令牌不符', 'the token is not ours')
    },
  }
}
