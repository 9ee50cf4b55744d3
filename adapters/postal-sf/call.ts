// One call of /std/service: the form, its proof of origin, and the answer's two layers.
// Must not know what is asked; nothing here retries, waits or (but for the token) remembers.

import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { accessTokens } from './access-token.ts'
import { type Answer, type Asked, readAnswer } from './answer.ts'
import { msgDigest, requestNumber } from './digest.ts'
import type { CompleteSettings } from './settings.ts'

/** @throws AdapterFailure as answer.ts names it */
export type Call = (serviceCode: string, msgData: unknown, asked: Asked, attempt: Attempt) => Promise<Answer>

export function openLine(settings: CompleteSettings): Call {
  const { checkword, oauthSecret, partnerID, tokenUrl } = settings
  if (oauthSecret === undefined) {
    return (serviceCode, msgData, asked, attempt) => {
      const timestamp = String(attempt.now().getTime())
      const json = JSON.stringify(msgData)
      const proof = { msgDigest: msgDigest(json, timestamp, checkword ?? '') }
      return speak(settings, { serviceCode, json, timestamp, proof }, asked, attempt)
    }
  }
  const tokens = accessTokens({ url: tokenUrl, partnerID, secret: oauthSecret })
  return async function call(serviceCode, msgData, asked, attempt): Promise<Answer> {
    const { token, fresh } = await tokens.current(attempt)
    const timestamp = String(attempt.now().getTime())
    const request = { serviceCode, json: JSON.stringify(msgData), timestamp, proof: { accessToken: token } }
    try {
      return await speak(settings, request, asked, attempt)
    } catch (error) {
      if (!(error instanceof AdapterFailure) || error.kind !== 'unauthorised') throw error
      tokens.forget(token)
      // The gateway refuses a token before the service hears of anything, so asking again with a new one is safe.
      if (fresh || error.status !== undefined) throw error
      return call(serviceCode, msgData, asked, attempt)
    }
  }
}

interface Request {
  serviceCode: string
  json: string
  timestamp: string
  proof: Record<string, string>
}

async function speak(
  settings: CompleteSettings,
  { serviceCode, json, timestamp, proof }: Request,
  asked: Asked,
  attempt: Attempt,
): Promise<Answer> {
  const form = new URLSearchParams({
    partnerID: settings.partnerID,
    requestID: requestNumber(attempt.key, serviceCode, timestamp, json),
    serviceCode,
    timestamp,
    ...proof,
    msgData: json,
  })
  const response = await attempt.http.request({
    method: 'POST',
    url: settings.serviceUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: form.toString(),
  })
  return readAnswer(response.json(), settings.answers, asked)
}
