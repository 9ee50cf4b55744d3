// One call of the current generation: a form POST with the sealed body, and its plain answer.
// Must not know what is asked; nothing here retries, waits or remembers.

import { toLocal } from '../../src/adapter-kit/beijing-time.ts'
import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { type Answer, readAnswer } from './answer.ts'
import { seal } from './cipher.ts'
import type { Account, CompleteSettings } from './settings.ts'

interface Call {
  account: Account
  apiCode: string
  body: unknown
  /** What must not reach a summary. */
  persons: readonly string[]
  looking?: boolean
  /** Largest answer, bytes; labels are the only large ones. */
  maxBytes?: number
}

/** @throws AdapterFailure as answer.ts names it */
export async function call(
  settings: CompleteSettings,
  { account, apiCode, body, persons, looking = false, maxBytes }: Call,
  attempt: Attempt,
): Promise<Answer> {
  const form = new URLSearchParams({
    apiCode,
    senderNo: account.customerNumber,
    authorization: account.authorization,
    timeStamp: toLocal(attempt.now()),
    logitcsInterface: seal(JSON.stringify(body), account.signKey),
    msgType: '0',
    version: 'V1.0.0',
  })
  const response = await attempt.http.request({
    method: 'POST',
    url: settings.url,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: form.toString(),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })
  return readAnswer(response.json(), settings.answers, { apiCode, persons, looking })
}
