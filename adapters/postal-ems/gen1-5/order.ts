// Canonical parcel -> the JSON of `orderNormal`, and `{success: "T"|"F", responseOrders}` -> receipt. Pure.

import type { ParcelContent, PostalParty, Receipt } from '../../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { isRecord, nested, text } from '../../../src/adapter-kit/loose-json.ts'
import { refusal } from '../answer.ts'
import { type AnswerRow, meaningOf } from '../return-codes.ts'
import { orderNumber } from '../translate.ts'

/** One order. `txLogisticID` is the parcel's own id on every try: a fresh one for each try posts the papers twice. */
export function orderNormal(parcel: ParcelContent, serviceType: number): string {
  return JSON.stringify({
    orderNormals: [
      {
        sender: party(parcel.sender, parcel.note),
        receiver: party(parcel.receiver),
        serviceType,
        txLogisticID: orderNumber(parcel.parcelId),
      },
    ],
  })
}

/** This generation has no field for the county. */
function party({ name, mobile, province, city, county, address, postcode }: PostalParty, remark?: string) {
  return {
    name,
    ...(postcode ? { postCode: postcode } : {}),
    phone: mobile,
    mobile,
    prov: province,
    city,
    address: county + address,
    ...(remark ? { remark } : {}),
  }
}

/**
 * Taken only when the answer says so itself, of this very order, and with a waybill.
 * @throws AdapterFailure 'rejected' for "F" (or as the rows say); 'unrecognised' for anything else
 */
export function receiptOf(
  json: unknown,
  parcelId: string,
  rows: readonly AnswerRow[],
  persons: readonly string[],
): Receipt {
  const answer = isRecord(json) ? json : {}
  const list = nested(answer.responseOrders) ?? answer.responseOrders
  const order = (Array.isArray(list) ? list : [])
    .filter(isRecord)
    .find((one) => text(one.txLogisticID) === parcelId)
  const waybill = text(order?.mailNo)
  if (answer.success === 'T' && order?.success === 'T' && waybill) return { reference: waybill }
  if (answer.success !== 'F' && order?.success !== 'F') {
    throw new AdapterFailure(
      'unrecognised',
      '回复既不是本订单的成功也不是失败 (neither a success nor a refusal of this order)',
    )
  }
  const said = order?.success === 'F' ? order : answer
  const code = text(said.errorCode) ?? text(answer.errorCode) ?? 'F'
  const message = text(said.errorMsg) ?? text(answer.errorMsg) ?? ''
  const means = meaningOf({ apiCode: '', code, message }, rows) ?? 'rejected'
  if (means === 'duplicate') return { ...(waybill ? { reference: waybill } : {}), duplicate: true }
  throw refusal(means === 'done' ? null : means, { code, message }, persons)
}
