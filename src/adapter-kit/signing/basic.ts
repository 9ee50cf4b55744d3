// RFC 7617 basic authentication; credentials go as UTF-8.

import { headerOf, refuse, type Signer, sameText, type Verifier } from './scheme.ts'

export function basic(username: string, password: string): { sign: Signer; verify: Verifier } {
  const value = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const headers = { Authorization: value }
  return {
    sign: () => ({ ...headers }),
    verify: (message) => {
      if (!sameText(headerOf(message.headers, 'Authorization'), value))
        refuse('用户名或密码不符', 'the credentials are not ours')
    },
  }
}
