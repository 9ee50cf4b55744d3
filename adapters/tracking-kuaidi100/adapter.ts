// Kuaidi100 (快递100): told of parcels that others carry, asked where they are, and heard when it calls back.
// It orders nothing. Nothing here retries, waits or remembers.

import type { Adapter, Attempt, FollowedParcel, Receipt, Trail } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { record, text } from '../../src/adapter-kit/loose-json.ts'
import { acknowledgeCallback, PARCEL, readCallback } from './callback.ts'
import { goodOr } from './codes.ts'
import { type CompleteSettings, comOf, complete, type Kuaidi100Settings } from './settings.ts'
import { querySign, saltOf } from './signature.ts'
import { trailIn } from './trail.ts'

const ANSWER_MAX_BYTES = 512 * 1024

export function createKuaidi100Tracking(given: Kuaidi100Settings): Adapter {
  const settings = complete(given)
  return {
    outgoing: {
      followParcel: { send: (parcel, attempt) => subscribe(settings, parcel, attempt), honoursKey: true },
    },
    tracking: { read: (parcel, attempt) => query(settings, parcel, attempt) },
    incoming: {
      read: (message) => readCallback(message, settings),
      acknowledge: acknowledgeCallback,
    },
    check: (attempt) => check(settings, attempt),
  }
}

/** A number that no carrier gives out: whoever looks it up has accepted the signature, which covers key and customer. */
const NOBODYS = '000000000000'

/** @throws AdapterFailure, 'unauthorised' for a wrong key or customer */
async function check(
  settings: CompleteSettings,
  attempt: Attempt,
): Promise<{ ok: boolean; summary: string }> {
  const [carrier = ''] = Object.keys(settings.carriers)
  try {
    await query(settings, { parcelId: '', waybill: NOBODYS, carrier, phoneTail: '0000' }, attempt)
  } catch (error) {
    if (!(error instanceof AdapterFailure) || error.kind !== 'rejected') throw error
  }
  return { ok: true, summary: '签名有效 (the signature is accepted)' }
}

async function subscribe(
  settings: CompleteSettings,
  parcel: FollowedParcel,
  attempt: Attempt,
): Promise<Receipt> {
  const { key, salt, callbackUrl, resultv2 } = settings
  const { waybill, parcelId, phoneTail } = followed(parcel)
  const param = JSON.stringify({
    company: comOf(settings, parcel.carrier),
    number: waybill,
    key,
    parameters: {
      callbackurl: `${callbackUrl}?${new URLSearchParams({ [PARCEL]: parcelId })}`,
      salt: saltOf(salt, parcelId),
      ...(resultv2 ? { resultv2 } : {}),
      ...(phoneTail ? { phone: phoneTail } : {}),
    },
  })
  const said = await post(settings, '/poll', { schema: 'json', param }, attempt)
  const code = text(said.returnCode)
  if (!code) throw new AdapterFailure('unrecognised', '快递100的回复没有 returnCode (no returnCode)')
  const means = goodOr('subscribe', code, text(said.message) ?? '', settings.answers)
  return { reference: waybill, ...(means === 'duplicate' ? { duplicate: true } : {}) }
}

async function query(settings: CompleteSettings, parcel: FollowedParcel, attempt: Attempt): Promise<Trail> {
  const { key, customer, resultv2 } = settings
  const { waybill, phoneTail, parcelId } = followed(parcel)
  const param = JSON.stringify({
    com: comOf(settings, parcel.carrier),
    num: waybill,
    ...(phoneTail ? { phone: phoneTail } : {}),
    ...(resultv2 ? { resultv2 } : {}),
  })
  const form = { customer, sign: querySign(param, key, customer), param }
  const said = await post(settings, '/poll/query.do', form, attempt)
  if (text(said.status) === '200' && said.message === 'ok') {
    if (text(said.nu) === waybill) return trailIn(said, parcelId, settings.states)
    throw new AdapterFailure('unrecognised', '轨迹属于另一运单 (the trail is of another waybill)')
  }
  const code = text(said.returnCode)
  if (!code) throw new AdapterFailure('unrecognised', '快递100的回复没有 returnCode (no returnCode)')
  if (goodOr('query', code, text(said.message) ?? '', settings.answers) === 'nothing') return { events: [] }
  throw new AdapterFailure('unrecognised', '返回码与内容相矛盾 (code and content contradict each other)', {
    code,
  })
}

function followed(parcel: FollowedParcel): FollowedParcel {
  if (parcel.waybill !== '') return parcel
  throw new AdapterFailure('rejected', '邮件还没有运单号 (the parcel has no waybill yet)', { sent: false })
}

async function post(
  { baseUrl }: CompleteSettings,
  path: string,
  form: Record<string, string>,
  attempt: Attempt,
): Promise<Record<string, unknown>> {
  const response = await attempt.http.request({
    method: 'POST',
    url: baseUrl + path,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(form).toString(),
    maxBytes: ANSWER_MAX_BYTES,
  })
  return record(response.json())
}
