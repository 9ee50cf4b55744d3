// The current generation (api.ems.com.cn, 国内协议客户 API): which interface each operation and question is.
// What is said is in translate.ts, questions.ts and tracking.ts.

import { checkedBy } from '../../src/adapter-kit/check.ts'
import type {
  Adapter,
  Attempt,
  FollowedParcel,
  ParcelContent,
  ParcelReference,
  Receipt,
  Trail,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { call } from './call.ts'
import { personsOf } from './masking.ts'
import { openQuestions } from './questions.ts'
import {
  accountFor,
  accountsOf,
  type CompleteSettings,
  complete,
  type EmsSettings,
  signKeys,
} from './settings.ts'
import { acknowledgePush, readPush, readTrail } from './tracking.ts'
import { cancellationBody, orderBody, orderNumber, orderReceipt } from './translate.ts'

const apiCodes = { order: '020003', cancel: '020006', track: '040001', parseAddress: '060001' } as const

/** @throws AdapterFailure 'unrecognised' for a key that cannot be one. */
export function createOpenApi(given: EmsSettings): Adapter {
  const settings = complete(given)
  const keys = signKeys(settings)
  const { orderQuery } = settings
  return {
    outgoing: {
      createOrder: {
        send: (parcel, attempt) => createOrder(settings, parcel, attempt),
        ...(orderQuery
          ? { find: (parcel, attempt) => findOrder(settings, orderQuery.apiCode, parcel, attempt) }
          : {}),
        honoursKey: settings.refusesRepeatedOrders,
      },
      cancelOrder: { send: (parcel, attempt) => cancelOrder(settings, parcel, attempt), honoursKey: true },
    },
    incoming: { read: (message) => readPush(message, keys, settings.opCodes), acknowledge: acknowledgePush },
    tracking: { read: (parcel, attempt) => readTracking(settings, parcel, attempt) },
    questions: openQuestions(settings),
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
  const asked = { account, apiCode: apiCodes.order, body, persons: personsOf(parcel) }
  return orderReceipt(await call(settings, asked, attempt), parcel.parcelId)
}

/** Only where the branch has opened an order query to this customer; the published interface has none. */
async function findOrder(
  settings: CompleteSettings,
  apiCode: string,
  parcel: ParcelContent,
  attempt: Attempt,
): Promise<Receipt | null> {
  const account = accountFor(settings, parcel.customerNumber)
  const body = { logisticsOrderNo: orderNumber(parcel.parcelId) }
  const asked = { account, apiCode, body, persons: personsOf(parcel), looking: true }
  const answer = await call(settings, asked, attempt)
  return answer.means === 'absent' ? null : orderReceipt(answer, parcel.parcelId)
}

async function cancelOrder(
  settings: CompleteSettings,
  parcel: ParcelReference,
  attempt: Attempt,
): Promise<Receipt> {
  const account = accountFor(settings, parcel.customerNumber)
  const body = cancellationBody(parcel)
  const asked = { account, apiCode: apiCodes.cancel, body, persons: [parcel.reason] }
  const answer = await call(settings, asked, attempt)
  return { reference: parcel.reference, ...(answer.means === 'duplicate' ? { duplicate: true } : {}) }
}

/** A waybill does not tell under whose account it went out: the next account is asked where one refuses. */
async function readTracking(
  settings: CompleteSettings,
  parcel: FollowedParcel,
  attempt: Attempt,
): Promise<Trail> {
  const body = { waybillNo: parcel.waybill, direction: '0' }
  let refused: unknown
  for (const account of accountsOf(settings)) {
    try {
      const answer = await call(settings, { account, apiCode: apiCodes.track, body, persons: [] }, attempt)
      return readTrail(answer.body, parcel, settings.opCodes)
    } catch (error) {
      if (!(error instanceof AdapterFailure) || error.kind !== 'rejected') throw error
      refused = error
    }
  }
  throw refused
}

/** Parses a public address: no order, no cost, and it needs the same credentials as an order. */
function check(settings: CompleteSettings, attempt: Attempt): Promise<{ ok: boolean; summary: string }> {
  const body = [{ wholeAddress: '河南省开封市龙亭区晋安路市民之家' }]
  const account = accountFor(settings, undefined)
  return checkedBy(
    () => call(settings, { account, apiCode: apiCodes.parseAddress, body, persons: [] }, attempt),
    '地址与授权有效 (address and credentials accepted)',
  )
}
