// The generation between the first and the second: one GET with the order in its query, still built into one-window
// products. Every county's authorisation is its customer number (邮寄客户编号), or one of its own.

import type { Adapter, Attempt, ParcelContent, Receipt } from '../../../src/adapter-kit/contract.ts'
import { personsOf } from '../masking.ts'
import { addressOf, type EmsSettings } from '../settings.ts'
import { orderNormal, receiptOf } from './order.ts'

/** The path is the branch's own. */
const PATH = '/emsorder/orderNormal'

/** Its refusals of a repeated order are not published, so it is trusted with one only when the settings say so. */
export function createGen15(settings: EmsSettings): Adapter {
  const { refusesRepeatedOrders: honoursKey = false } = settings
  const send = (parcel: ParcelContent, attempt: Attempt) => createOrder(settings, parcel, attempt)
  return { outgoing: { createOrder: { send, honoursKey } } }
}

async function createOrder(settings: EmsSettings, parcel: ParcelContent, attempt: Attempt): Promise<Receipt> {
  const response = await attempt.http.request({
    method: 'GET',
    url: addressOf(settings, PATH),
    query: {
      authorization: authorizationFor(settings, parcel.customerNumber),
      orderNormal: orderNormal(parcel, settings.gen15?.serviceType ?? 1),
    },
  })
  return receiptOf(response.json(), parcel.parcelId, settings.answers ?? [], personsOf(parcel))
}

function authorizationFor(settings: EmsSettings, customerNumber = settings.customerNumber): string {
  const own = settings.accounts?.find((account) => account.customerNumber === customerNumber)
  if (own) return own.authorization
  return customerNumber === settings.customerNumber
    ? (settings.authorization ?? customerNumber)
    : customerNumber
}
