// The OAuth2 way in, for partners who were given it instead of msgDigest. A token lives two hours; it is kept for as
// long as SF says, and is the only thing of this adapter that outlives a call.

import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, text } from '../../src/adapter-kit/loose-json.ts'

const MARGIN_MS = 5 * 60 * 1000
const USUAL_SECONDS = 7200

interface AccessTokens {
  /** A token that is still good by the attempt's clock, and whether it had to be fetched just now. */
  current(attempt: Attempt): Promise<{ token: string; fresh: boolean }>
  /** SF refused it: the next `current` fetches another. */
  forget(token: string): void
}

export function accessTokens(about: { url: string; partnerID: string; secret: string }): AccessTokens {
  let kept: { token: string; untilMs: number } | undefined
  return {
    async current(attempt) {
      const now = attempt.now().getTime()
      if (kept && now < kept.untilMs) return { token: kept.token, fresh: false }
      const { token, seconds } = await fetchToken(about, attempt)
      kept = { token, untilMs: now + seconds * 1000 - MARGIN_MS }
      return { token, fresh: true }
    },
    forget(token) {
      if (kept?.token === token) kept = undefined
    },
  }
}

async function fetchToken(
  { url, partnerID, secret }: { url: string; partnerID: string; secret: string },
  attempt: Attempt,
): Promise<{ token: string; seconds: number }> {
  const response = await attempt.http.request({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ partnerID, secret, grantType: 'password' }).toString(),
  })
  const said = response.json()
  const token = isRecord(said) ? text(said.accessToken) : undefined
  const code = isRecord(said) ? text(said.apiResultCode) : undefined
  if (isRecord(said) && token && code === 'A1000') {
    const seconds = Number(text(said.expiresIn) ?? USUAL_SECONDS)
    return { token, seconds: Number.isFinite(seconds) ? seconds : USUAL_SECONDS }
  }
  const kind =
    code === 'A1099' ? 'unavailable' : code === 'A1005' ? 'throttled' : code ? 'unauthorised' : 'unrecognised'
  const options = code ? { code, sent: false } : { sent: false }
  throw new AdapterFailure(
    kind,
    `顺丰没有给出 accessToken (no accessToken)：${code?.slice(0, 20) ?? ''}`,
    options,
  )
}
