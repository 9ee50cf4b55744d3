// Canonical parcel -> OrderNormal XML with its digest, and the answer -> receipt. Pure.

import { createHash } from 'node:crypto'
import { toLocal } from '../../../src/adapter-kit/beijing-time.ts'
import type { ParcelContent, PostalParty, Receipt } from '../../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { isRecord, text } from '../../../src/adapter-kit/loose-json.ts'
import { refusal } from '../answer.ts'
import { type AnswerRow, meaningOf } from '../return-codes.ts'
import { orderNumber } from '../translate.ts'
import { type Element, writeXml } from './xml.ts'

interface Gen2Order {
  customerNumber: string
  ecommerceNo: string
  logisticsProvider: string
  baseProductNo: string
  bizProductNo: string
}

/** Base64 of the raw MD5 of the XML with the secret behind it, UTF-8. */
export function digestOf(xml: string, secret: string): string {
  return createHash('md5')
    .update(xml + secret, 'utf8')
    .digest('base64')
}

/** One order; every try of a parcel carries the same `logistics_order_no`. */
export function orderXml(parcel: ParcelContent, at: Date, about: Gen2Order): string {
  const number = orderNumber(parcel.parcelId)
  return writeXml([
    'OrderNormal',
    [
      ['created_time', toLocal(at)],
      ['logistics_provider', about.logisticsProvider],
      ['ecommerce_no', about.ecommerceNo],
      ['ecommerce_user_id', number],
      ['sender_type', 1],
      ['sender_no', about.customerNumber],
      ['inner_channel', 0],
      ['logistics_order_no', number],
      ['base_product_no', about.baseProductNo],
      ['biz_product_no', about.bizProductNo],
      ...pickupTimes(parcel.pickup),
      ['pickup_notes', parcel.note],
      ['sender', party(parcel.sender)],
      ['pickup', parcel.direction === 'collect' ? party(parcel.sender) : undefined],
      ['receiver', party(parcel.receiver)],
      ['cargos', parcel.contents.map(cargo)],
    ],
  ])
}

function pickupTimes(pickup: ParcelContent['pickup']): Element[] {
  if (!pickup) return []
  return [
    ['pickup_pre_begin_time', toLocal(new Date(pickup.from))],
    ['pickup_pre_end_time', toLocal(new Date(pickup.to))],
  ]
}

function party({ name, mobile, province, city, county, address }: PostalParty): Element[] {
  return [
    ['name', name],
    ['mobile', mobile],
    ['prov', province],
    ['city', city],
    ['county', county],
    ['address', address],
  ]
}

function cargo({ name, quantity }: { name: string; quantity: number }): Element {
  return [
    'Cargo',
    [
      ['cargo_name', name],
      ['cargo_quantity', quantity],
    ],
  ]
}

/**
 * Reads the one `success` of the answer, wherever it stands, and what is beside it.
 * @throws AdapterFailure named by the S.. or B.. code; 'unrecognised' without one, or for another order
 */
export function receiptOf(
  xml: unknown,
  parcelId: string,
  rows: readonly AnswerRow[],
  persons: readonly string[],
): Receipt {
  const said = onlyAnswer(xml)
  const theirs = field(said, 'logistics_order_no', 'txLogisticID', 'order_no')
  if (theirs && theirs !== parcelId) {
    throw new AdapterFailure('unrecognised', '回执属于另一订单 (the answer is for another order)')
  }
  const waybill = field(said, 'waybill_no', 'waybillNo', 'mailNo')
  const success = field(said, 'success')?.toLowerCase()
  if (success === 'true') {
    if (waybill) return { reference: waybill, ...facts(said) }
    throw new AdapterFailure('unrecognised', '接单成功但没有运单号 (accepted without a waybill number)')
  }
  if (success !== 'false')
    throw new AdapterFailure('unrecognised', '回复的 success 无法识别 (unknown success)')
  const message = field(said, 'reason', 'msg', 'remark') ?? ''
  const code =
    field(said, 'error_code', 'errorCode') ?? /\b[SB]\d{2}\b/.exec(message)?.[0] ?? message.slice(0, 20)
  const means = meaningOf({ apiCode: '', code, message }, rows)
  if (means === 'duplicate') return { ...(waybill ? { reference: waybill } : {}), duplicate: true }
  throw refusal(means === 'done' ? null : means, { code, message }, persons)
}

type Fields = Record<string, unknown>

function onlyAnswer(xml: unknown): Fields {
  const found = answersIn(xml)
  const [only] = found
  if (found.length === 1 && only) return only
  throw new AdapterFailure('unrecognised', '回复中不是恰好一个结果 (not exactly one result in the answer)')
}

/** Depth is limited where the XML is read. */
function answersIn(node: unknown): Fields[] {
  if (Array.isArray(node)) return node.flatMap(answersIn)
  if (!isRecord(node)) return []
  return 'success' in node ? [node] : Object.values(node).flatMap(answersIn)
}

function field(said: Fields, ...names: string[]): string | undefined {
  return names.map((name) => textOf(said[name])).find((value) => value !== undefined)
}

/** Attributes beside it say nothing. */
const textOf = (member: unknown): string | undefined => text(isRecord(member) ? member['#text'] : member)

function facts(said: Fields): Pick<Receipt, 'data'> {
  const routeCode = field(said, 'route_code', 'routeCode')
  return routeCode ? { data: { routeCode } } : {}
}
