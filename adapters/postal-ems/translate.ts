// Canonical parcel -> EMS order and cancellation, EMS answer -> receipt. Pure: no clock, no HTTP, no key.
// Follows 中小电商企业接口规范 V2.7 (interfaces 020003 and 020006).

import { toLocal } from '../../src/adapter-kit/beijing-time.ts'
import type { ParcelContent, ParcelReference, PostalParty, Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, nested, text } from '../../src/adapter-kit/loose-json.ts'
import type { Answer } from './answer.ts'
import type { CompleteSettings } from './settings.ts'

const LONGEST_ORDER_NUMBER = 50
const WAYBILL = /(?<!\d)\d{13}(?!\d)/

/**
 * Our number of the order (logisticsOrderNo): the parcel's id, so that every try, replay and push of one
 * parcel names the same order.
 */
export function orderNumber(parcelId: string): string {
  if (parcelId.length > LONGEST_ORDER_NUMBER) {
    throw new AdapterFailure('unrecognised', '邮件编号超过 50 个字符 (parcel id longer than 50 characters)', {
      sent: false,
    })
  }
  return parcelId
}

/** The body of 020003: an array of exactly one order. */
export function orderBody(
  parcel: ParcelContent,
  customerNumber: string,
  at: Date,
  settings: CompleteSettings,
) {
  return [
    {
      createdTime: toLocal(at),
      senderNo: customerNumber,
      ecommerceUserId: orderNumber(parcel.parcelId),
      logisticsOrderNo: orderNumber(parcel.parcelId),
      contentsAttribute: settings.contentsAttribute,
      bizProductNo: settings.bizProductNo,
      pickupType: settings.pickupType[parcel.direction],
      ...pickupTimes(parcel.pickup),
      paymentMode: settings.paymentMode[parcel.direction],
      ...(parcel.note ? { pickupNotes: parcel.note } : {}),
      ...(settings.projectId ? { projectId: settings.projectId } : {}),
      sender: party(parcel.sender),
      receiver: party(parcel.receiver),
      cargos: parcel.contents.map(({ name, quantity }) => ({ cargoName: name, cargoQuantity: quantity })),
    },
  ]
}

function pickupTimes(pickup: ParcelContent['pickup']) {
  if (!pickup) return {}
  return {
    pickupPreBeginTime: toLocal(new Date(pickup.from)),
    pickupPreEndTime: toLocal(new Date(pickup.to)),
  }
}

function party({ name, mobile, province, city, county, address, postcode }: PostalParty) {
  return {
    name,
    mobile,
    ...(postcode ? { postCode: postcode } : {}),
    prov: province,
    city,
    county,
    address,
  }
}

/** The body of 020006. */
export function cancellationBody({ parcelId, reference, reason }: ParcelReference) {
  return { logisticsOrderNo: orderNumber(parcelId), waybillNo: reference, cancelReason: reason }
}

/**
 * The receipt of an order: the waybill, and what the label needs. A repeated order need not repeat its waybill;
 * the receipt is then without reference, and the first tracking push (which carries our number) brings it.
 * @throws AdapterFailure 'unrecognised' when a new order has no waybill, or the answer is for another order.
 */
export function orderReceipt(answer: Answer, parcelId: string): Receipt {
  const order = orderOf(answer.body)
  const theirs = text(order.logisticsOrderNo)
  if (theirs && theirs !== orderNumber(parcelId)) {
    throw new AdapterFailure('unrecognised', '回执属于另一订单 (the answer is for another order)')
  }
  const waybills = (text(order.waybillNo) ?? '').split(',').filter((number) => number !== '')
  if (answer.means === 'duplicate')
    return { ...reference(waybills[0] ?? WAYBILL.exec(answer.message)?.[0]), duplicate: true }
  if (!waybills[0])
    throw new AdapterFailure('unrecognised', '接单成功但没有运单号 (accepted without a waybill number)')
  return { reference: waybills[0], data: labelFacts(order, waybills) }
}

const reference = (waybill: string | undefined): Receipt => (waybill ? { reference: waybill } : {})

function orderOf(body: unknown): Record<string, unknown> {
  const value = nested(body) ?? body
  const order = Array.isArray(value) ? value[0] : value
  return isRecord(order) ? order : {}
}

function labelFacts(order: Record<string, unknown>, waybills: string[]) {
  const names = ['routeCode', 'packageCode', 'packageCodeName', 'markDestinationCode', 'markDestinationName']
  const facts = names.flatMap((name) => (text(order[name]) ? [[name, text(order[name])]] : []))
  return { ...Object.fromEntries(facts), ...(waybills.length > 1 ? { waybills } : {}) }
}
