// The envelope of both directions: `{ txnBodyCom: { appMark, time, sign, params }, txnCommCom: {} }`.
// `sign` covers the time and the secret only, never params: that is how the interface is made.

import { hash } from 'node:crypto'
import { toLocal } from '../../src/adapter-kit/beijing-time.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { CHINA_OFFSET, toIso } from '../../src/adapter-kit/local-time.ts'
import { isRecord, nested, record, text } from '../../src/adapter-kit/loose-json.ts'
import { checkTime, refuse, sameText } from '../../src/adapter-kit/signing/scheme.ts'
import { parseStrictJson } from '../../src/adapter-kit/strict-json.ts'
import type { HaochapingSettings } from './settings.ts'

export function wrapped(params: Record<string, unknown>, settings: HaochapingSettings, now: Date): string {
  const time = toLocal(now).replaceAll(/\D/g, '')
  const { appMark } = settings
  return JSON.stringify({
    txnBodyCom: { appMark, time, sign: signOf(settings, time), params },
    txnCommCom: {},
  })
}

/**
 * `params` of a message that is signed with our secret, within five minutes.
 * @throws AdapterFailure 'unauthorised' for any other, 'unrecognised' for what is no envelope
 */
export function unwrapped(message: InboundMessage, settings: HaochapingSettings): Record<string, unknown> {
  const { txnBodyCom } = record(parseStrictJson(message.body.toString('utf8')))
  const { appMark, time, sign, params } = record(txnBodyCom)
  const signedAt = text(time) ?? ''
  if (appMark !== settings.appMark) refuse('appMark 不符', 'appMark is not ours')
  if (!sameText(String(sign).toLowerCase(), signOf(settings, signedAt).toLowerCase()))
    refuse('sign 有误', 'sign is wrong')
  checkTime(Date.parse(toIso(signedAt, CHINA_OFFSET)), message.receivedAt)
  message.proved?.()
  const read = nested(params)
  if (isRecord(read)) return read
  throw new AdapterFailure('unrecognised', '消息没有 params (the message has no params)')
}

function signOf({ appMark, appWord, digest, letters }: HaochapingSettings, time: string): string {
  const sign = hash(digest, time + appMark + appWord, 'hex')
  return letters === 'upper' ? sign.toUpperCase() : sign
}
