// Kuaidi100's callback: a form with `param` (JSON) and its `sign`. The signature is checked before param is read;
// its salt belongs to the parcel that the address names.

import type { HttpAnswer, InboundMessage, IncomingOutcome, Reading } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, parsed, record, text } from '../../src/adapter-kit/loose-json.ts'
import { pushOf } from '../../src/adapter-kit/trail.ts'
import type { CompleteSettings } from './settings.ts'
import { callbackSign, saltOf, sameSign } from './signature.ts'
import { trailIn } from './trail.ts'

/** The query member of the callback's address that names our parcel. */
export const PARCEL = 'parcel'

/** polling: still on its way; shutdown: ended; abort: given up; updateall: everything told anew. */
const kinds = new Set(['polling', 'shutdown', 'abort', 'updateall'])

/** @throws AdapterFailure 'unauthorised' without our salt's signature, 'unrecognised' for what is not understood */
export function readCallback(message: InboundMessage, settings: CompleteSettings): Reading {
  const form = new URLSearchParams(message.body.toString('utf8'))
  const [param, sign] = [form.get('param'), form.get('sign')]
  const named = message.query[PARCEL]
  const parcelId = typeof named === 'string' && named !== '' ? named : undefined
  if (
    param === null ||
    sign === null ||
    !sameSign(sign, callbackSign(param, saltOf(settings.salt, parcelId)))
  ) {
    throw new AdapterFailure('unauthorised', '回调的签名不对 (the signature of the callback is wrong)')
  }
  message.proved?.()
  const said = record(parsed(param))
  const status = text(said.status)
  if (!status || !kinds.has(status)) {
    const what = `未知的回调状态 ${status?.slice(0, 20) ?? ''} (unknown status of a callback)`
    throw new AdapterFailure('unrecognised', what, status ? { code: status } : {})
  }
  if (status === 'abort' && tellsNothing(said.lastResult)) return { events: [] }
  const { events, unread = [] } = trailIn(said.lastResult, parcelId, settings.states)
  return pushOf({ read: events, unread })
}

/** Of what was given up it leaves out the trail, or sends the empty form of one. */
function tellsNothing(lastResult: unknown): boolean {
  if (lastResult === undefined || lastResult === null || lastResult === '') return true
  if (!isRecord(lastResult)) return false
  const { nu, data } = lastResult
  const isEmpty = data === undefined || data === null || (Array.isArray(data) && data.length === 0)
  return isEmpty && text(nu) === undefined
}

/** Anything but result true makes Kuaidi100 call again. */
export function acknowledgeCallback(outcome: IncomingOutcome): HttpAnswer {
  const answer = outcome.ok
    ? { result: true, returnCode: '200', message: '成功' }
    : { result: false, returnCode: '500', message: outcome.code }
  return {
    status: outcome.ok ? 200 : outcome.status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(answer),
  }
}
