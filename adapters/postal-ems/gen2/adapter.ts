// The second generation (OrderNormal XML), still met in county systems: takes orders, and nothing else that is published.
// Its parcels are followed by a tracker (tracking-kuaidi100).

import type { Adapter, Attempt, ParcelContent, Receipt } from '../../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { readXmlMembers } from '../../../src/adapter-kit/xml-members.ts'
import { personsOf } from '../masking.ts'
import { addressOf, type EmsSettings, type Gen2Settings } from '../settings.ts'
import { gen2Answers } from './codes.ts'
import { digestOf, orderXml, receiptOf } from './order.ts'

/** The path is the branch's own. */
const PATH = '/iwaybillno-web/a/iwaybill/receive'
const ANSWER_MAX_BYTES = 256 * 1024

/** @throws AdapterFailure 'unrecognised' when the settings lack what this generation needs */
export function createGen2(settings: EmsSettings): Adapter {
  const { gen2 } = settings
  if (!gen2) {
    throw new AdapterFailure('unrecognised', 'profile gen2-xml 需要设置 gen2 (needs the setting gen2)', {
      sent: false,
    })
  }
  const { refusesRepeatedOrders: honoursKey = true } = settings
  const send = (parcel: ParcelContent, attempt: Attempt) => createOrder(settings, gen2, parcel, attempt)
  return { outgoing: { createOrder: { send, honoursKey } } }
}

async function createOrder(
  settings: EmsSettings,
  gen2: Gen2Settings,
  parcel: ParcelContent,
  attempt: Attempt,
): Promise<Receipt> {
  const xml = orderXml(parcel, attempt.now(), {
    customerNumber: parcel.customerNumber ?? settings.customerNumber,
    ecommerceNo: gen2.ecommerceNo,
    logisticsProvider: gen2.logisticsProvider ?? 'B',
    baseProductNo: gen2.baseProductNo ?? '1',
    bizProductNo: settings.bizProductNo ?? '1',
  })
  const form = new URLSearchParams({
    msg_type: 'ORDERCREATE',
    ...gen2.form,
    logistics_interface: xml,
    data_digest: digestOf(xml, gen2.secret),
  })
  const response = await attempt.http.request({
    method: 'POST',
    url: addressOf(settings, PATH),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: form.toString(),
    maxBytes: ANSWER_MAX_BYTES,
  })
  const rows = [...(settings.answers ?? []), ...gen2Answers]
  return receiptOf(readXmlMembers(response.text()), parcel.parcelId, rows, personsOf(parcel))
}
