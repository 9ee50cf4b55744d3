// Canonical parcel -> SF order, its cancellation and look-up; SF's answer -> receipt. Pure.

import { toLocal } from '../../src/adapter-kit/beijing-time.ts'
import type { ParcelContent, ParcelReference, PostalParty, Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, record, text } from '../../src/adapter-kit/loose-json.ts'
import type { Answer } from './answer.ts'
import type { CompleteSettings } from './settings.ts'

const LONGEST_ORDER_ID = 64
/** How long a person of SF's is left alone with an order before it is looked up again. */
const SCREENING_PAUSE_MS = 5 * 60 * 1000
/** filterResult of an order. */
const BY_HAND = '1'
const OUT_OF_REACH = '3'
const LANGUAGE = 'zh-CN'

/** Our number of the order: the parcel's id, on every try and in every push. */
export function orderId(parcelId: string): string {
  if (parcelId.length <= LONGEST_ORDER_ID) return parcelId
  const what = '邮件编号超过 64 个字符 (parcel id longer than 64 characters)'
  throw new AdapterFailure('unrecognised', what, { sent: false })
}

/** msgData of EXP_RECE_CREATE_ORDER. */
export function orderBody(parcel: ParcelContent, settings: CompleteSettings) {
  return {
    language: LANGUAGE,
    orderId: orderId(parcel.parcelId),
    monthlyCard: parcel.customerNumber ?? settings.monthlyCard,
    expressTypeId: settings.expressTypeId,
    payMethod: settings.payMethod[parcel.direction],
    parcelQty: 1,
    isDocall: settings.isDocall[parcel.direction],
    ...(parcel.pickup ? { sendStartTm: toLocal(new Date(parcel.pickup.from)) } : {}),
    ...(parcel.note ? { remark: parcel.note } : {}),
    cargoDetails: parcel.contents.map(({ name, quantity }) => ({ name, count: quantity })),
    contactInfoList: [contact(1, parcel.sender), contact(2, parcel.receiver)],
  }
}

/** Type 1 sends, 2 receives. */
export function contact(contactType: 1 | 2, { name, mobile, province, city, county, address }: PostalParty) {
  return { contactType, contact: name, mobile, province, city, county, address, country: 'CN' }
}

/** msgData of EXP_RECE_SEARCH_ORDER_RESP. */
export function searchBody(parcelId: string) {
  return { searchType: '1', orderId: orderId(parcelId), language: LANGUAGE }
}

/** msgData of EXP_RECE_UPDATE_ORDER; dealType 2 cancels. */
export function cancellationBody({ parcelId, reference }: ParcelReference) {
  return {
    dealType: 2,
    language: LANGUAGE,
    orderId: orderId(parcelId),
    ...(reference ? { waybillNoInfoList: [{ waybillType: 1, waybillNo: reference }] } : {}),
  }
}

/** Screened, and surely not carried. */
export const isTurnedDown = ({ data }: Answer): boolean => text(record(data).filterResult) === OUT_OF_REACH

/**
 * The receipt of an order newly taken or found.
 * @throws AdapterFailure 'undecided' while SF screens it by hand, 'rejected' when SF will not carry it; 'unrecognised'
 *   without a waybill, or for another order
 */
export function orderReceipt(answer: Answer, parcelId: string): Receipt {
  const said = record(answer.data)
  const theirs = text(said.orderId)
  if (theirs !== undefined && theirs !== orderId(parcelId)) {
    throw new AdapterFailure('unrecognised', '回执属于另一订单 (the answer is for another order)')
  }
  const filterResult = text(said.filterResult)
  if (isTurnedDown(answer)) {
    throw new AdapterFailure('rejected', '顺丰：不可收派 (SF does not carry there)', {
      code: 'filterResult 3',
    })
  }
  const waybill = masterWaybill(said.waybillNoInfoList)
  if (waybill) return { reference: waybill, ...(filterResult ? { data: { filterResult } } : {}) }
  if (filterResult === BY_HAND) {
    throw new AdapterFailure('undecided', '顺丰：订单待人工筛单 (SF screens the order by hand)', {
      code: 'filterResult 1',
      retryAfterMs: SCREENING_PAUSE_MS,
    })
  }
  throw new AdapterFailure('unrecognised', '接单成功但没有运单号 (accepted without a waybill number)')
}

function masterWaybill(list: unknown): string | undefined {
  const waybills = (Array.isArray(list) ? list : []).filter(isRecord)
  const master = waybills.find(({ waybillType }) => text(waybillType) === '1') ?? waybills[0]
  return text(master?.waybillNo)
}

/** @throws AdapterFailure 'rejected' when SF says that order and waybill do not belong together */
export function cancellationReceipt(answer: Answer, reference: string): Receipt {
  if (answer.means === 'duplicate') return { reference, duplicate: true }
  const status = text(record(answer.data).resStatus)
  if (status === '2') return { reference }
  if (status === '1') {
    const what = '顺丰：订单号与运单号不匹配 (order and waybill do not belong together)'
    throw new AdapterFailure('rejected', what, { code: 'resStatus 1' })
  }
  throw new AdapterFailure(
    'unrecognised',
    '未知的 resStatus (unknown resStatus)',
    status ? { code: status } : {},
  )
}
