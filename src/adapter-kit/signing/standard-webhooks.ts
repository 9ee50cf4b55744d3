// Standard Webhooks (https://www.standardwebhooks.com), symmetric signatures `v1`:
// base64 HMAC-SHA256 over `<id>.<seconds>.<body>`. Several live secrets give several signatures.

import { createHmac } from 'node:crypto'
import type { InboundMessage } from '../contract.ts'
import { checkTime, headerOf, refuse, sameText } from './scheme.ts'

export interface StandardWebhooks {
  /** The three `webhook-*` headers; `at` is cut to seconds. */
  sign(id: string, at: Date, body: string | Buffer): Record<string, string>
  /** The message's id when one signature fits one secret within ±300 s; AdapterFailure 'unauthorised' otherwise. */
  verify(message: Pick<InboundMessage, 'headers' | 'body' | 'receivedAt'>): string
}

/** @param secrets newest first, each `whsec_<base64>` (or plain base64) */
export function standardWebhooks(secrets: readonly string[]): StandardWebhooks {
  const keys = secrets.map(keyOf)
  const signatures = (id: string, seconds: string, body: string | Buffer) =>
    keys.map(
      (key) => `v1,${createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64')}`,
    )

  return {
    sign(id, at, body) {
      const seconds = String(Math.floor(at.getTime() / 1000))
      return {
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': signatures(id, seconds, body).join(' '),
      }
    },
    verify({ headers, body, receivedAt }) {
      const id = headerOf(headers, 'webhook-id')
      const seconds = headerOf(headers, 'webhook-timestamp')
      checkTime(Number(seconds) * 1000, receivedAt)
      const given = headerOf(headers, 'webhook-signature').split(' ')
      const ours = signatures(id, seconds, body)
      if (!given.some((one) => ours.some((own) => sameText(one, own)))) refuse('the signature does not fit')
      return id
    },
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret, 'base64')
}
