// Transport to China Post EMS (api.ems.com.cn): one form POST per interface, sealed body, plain answer.
// What is said is in translate.ts and tracking.ts; nothing here retries, waits or remembers.

import type {
  Adapter,
  Attempt,
  ParcelContent,
  ParcelReference,
  Receipt,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { type Answer, readAnswer } from './answer.ts'
import { seal } from './cipher.ts'
import { toLocal } from './local-time.ts'
import { personsOf } from './masking.ts'
import {
  type Account,
  accountFor,
  type CompleteSettings,
  complete,
  type EmsSettings,
  signKeys,
} from './settings.ts'
import { acknowledgePush, readPush } from './tracking.ts'
import { cancellationBody, orderBody, orderReceipt } from './translate.ts'

const apiCodes = { order: '020003', cancel: '020006', parseAddress: '060001' } as const

/** An EMS system. @throws AdapterFailure 'unrecognised' for a key that cannot be one. */
export function createPostalEms(given: EmsSettings): Adapter {
  const settings = complete(given)
  const keys = signKeys(settings)
  return {
    outgoing: {
      createOrder: {
        send: (parcel, attempt) => createOrder(settings, parcel, attempt),
        honoursKey: settings.refusesRepeatedOrders,
      },
      cancelOrder: { send: (parcel, attempt) => cancelOrder(settings, parcel, attempt), honoursKey: true },
    },
    incoming: { read: (message) => readPush(message, keys), acknowledge: acknowledgePush },
    check: (attempt) => check(settings, attempt),
  }
}

async function createOrder(
  settings: CompleteSettings,
  parcel: ParcelContent,
  attempt: Attempt,
): Promise<Receipt> {
  const account = accountFor(settings, parcel.customerNumber)
  const body = orderBody(parcel, account.customerNumber, attempt.now(), settings)
  const answer = await call(settings, account, apiCodes.order, body, attempt, personsOf(parcel))
  return orderReceipt(answer, parcel.parcelId)
}

async function cancelOrder(
  settings: CompleteSettings,
  parcel: ParcelReference,
  attempt: Attempt,
): Promise<Receipt> {
  const account = accountFor(settings, parcel.customerNumber)
  const answer = await call(settings, account, apiCodes.cancel, cancellationBody(parcel), attempt, [
    parcel.reason,
  ])
  return { reference: parcel.reference, ...(answer.means === 'duplicate' ? { duplicate: true } : {}) }
}

/** Parses a public address: no order, no cost, and it needs the same credentials as an order. */
async function check(
  settings: CompleteSettings,
  attempt: Attempt,
): Promise<{ ok: boolean; summary: string }> {
  const body = [{ wholeAddress: '河南省开封市龙亭区晋安路市民之家' }]
  try {
    await call(settings, accountFor(settings, undefined), apiCodes.parseAddress, body, attempt, [])
    return { ok: true, summary: '地址与授权有效 (address and credentials accepted)' }
  } catch (error) {
    if (error instanceof AdapterFailure) return { ok: false, summary: error.message }
    throw error
  }
}

async function call(
  settings: CompleteSettings,
  account: Account,
  apiCode: string,
  body: unknown,
  attempt: Attempt,
  persons: readonly string[],
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
  })
  return readAnswer(response.json(), settings.answers, { apiCode, persons })
}
