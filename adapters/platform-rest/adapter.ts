// Speaks with a platform over HTTP: tells it events, reads its submissions. Transport only; the words are in
// cloud-event.ts, own-message.ts, answers.ts and incoming.ts.

import type { Adapter, Attempt, NotifyContent, Receipt } from '../../src/adapter-kit/contract.ts'
import { EVENT_SOURCE } from '../../src/adapter-kit/event-source.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { standardWebhooks } from '../../src/adapter-kit/signing.ts'
import { readStatuses, receiptReader } from './answers.ts'
import { cloudEvent } from './cloud-event.ts'
import { createIncoming } from './incoming.ts'
import { ownMessage } from './own-message.ts'
import { completeCallbacks } from './presets.ts'
import type { CallbackSettings, PlatformSettings } from './settings.ts'
import { callbackSigner } from './signed.ts'

/** Standard Webhooks asks for 24 to 64 bytes; shorter ones are a mistyped secret. */
const SHORTEST_SECRET_BYTES = 16
const MOST_SKEW_MS = 120_000

/** One platform. @throws AdapterFailure 'unrecognised' for settings that cannot work */
export function createPlatformRest(settings: PlatformSettings): Adapter {
  const { incoming } = settings
  const callbacks = settings.callbacks && completeCallbacks(settings.callbacks)
  const adapter: Adapter = { outgoing: {}, incoming: createIncoming(incoming ?? {}) }
  if (callbacks === undefined) return adapter
  return {
    ...adapter,
    ...(callbacks.source === undefined ? {} : { eventSource: callbacks.source }),
    outgoing: { notify: { send: notifier(callbacks), honoursKey: callbacks.repeatable ?? true } },
    check: (attempt) => check(callbacks, attempt),
  }
}

/** The event's id is the webhook's id on every attempt, by which the platform recognises a repeated one. */
function notifier(
  settings: CallbackSettings,
): (content: NotifyContent, attempt: Attempt) => Promise<Receipt> {
  const { token, answer, message, secrets = [], digest = 'sha256', source = EVENT_SOURCE } = settings
  for (const secret of secrets) checkSecret(secret)
  const webhooks = secrets.length === 0 ? undefined : standardWebhooks(secrets, { digest })
  const write = message === undefined ? cloudEvent(source) : ownMessage(message)
  const sign = callbackSigner(settings)
  const receiptOf = receiptReader(answer)
  const charset = message?.charset ?? 'utf-8'
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return async (content, attempt) => {
    const written = await write(content)
    if (!written) return {}
    const { contentType, body, ...signed } = sign(written, attempt)
    const headers = {
      'content-type': contentType,
      ...authorization,
      ...signed.headers,
      ...webhooks?.sign(content.id, attempt.now(), body),
      'idempotency-key': attempt.key,
      ...(content.replay ? { 'webhook-replay': 'true' } : {}),
    }
    const response = await attempt.http.request({
      method: 'POST',
      url: signed.url,
      headers,
      body,
      accept: readStatuses,
      charset,
    })
    return receiptOf(response)
  }
}

function checkSecret(secret: string): void {
  if (secret.startsWith('whsk_')) return
  if (secret.startsWith('whpk_'))
    throw new AdapterFailure(
      'unrecognised',
      'callbacks.secrets 中的 whpk_ 是公钥，签名须用私钥 whsk_ (whpk_ is a public key: callbacks are signed with the private key whsk_)',
    )
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length
  if (bytes >= SHORTEST_SECRET_BYTES) return
  throw new AdapterFailure(
    'unrecognised',
    `callbacks.secrets 中的密钥只有 ${bytes} 字节，须为 whsec_ 加 24 字节以上的 Base64；可用 tongban keys webhook 生成 (a webhook secret has ${bytes} bytes; whsec_ and the Base64 of 24 or more are needed: tongban keys webhook makes one)`,
  )
}

/** Reaches the address without any effect, and compares the clocks: a signature is refused beyond 300 s. */
async function check(
  { url }: CallbackSettings,
  { http, now }: Attempt,
): Promise<{ ok: boolean; summary: string }> {
  const { status, headers } = await http.request({
    method: 'GET',
    url,
    accept: [400, 401, 403, 404, 405, 406, 415],
  })
  const theirs = typeof headers.date === 'string' ? Date.parse(headers.date) : Number.NaN
  const skewMs = Math.abs(now().getTime() - theirs)
  if (skewMs > MOST_SKEW_MS) {
    return {
      ok: false,
      summary: `reached (${status}), but its clock differs by ${Math.round(skewMs / 1000)} s`,
    }
  }
  return {
    ok: true,
    // Nothing was signed, so nothing is proved of the secret.
    summary: `已连通 ${status}，密钥未验证 (reached, ${status}; the secret is not proved by it)${Number.isNaN(theirs) ? '，对方未给出时间 (it does not tell its time)' : ''}`,
  }
}
