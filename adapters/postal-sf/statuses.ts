// SF's route opCodes: their code -> our word -> what it means. Public lists disagree (80 is "signed" in most, "reached
// the outlet" in one, with 160 for "signed"), so every row can be replaced by the setting opCodes.
// A code that is not here is a failure for a person, never "in transit".

import type { ParcelEventType, StatusRow } from '../../src/adapter-kit/contract.ts'

interface RouteRow extends StatusRow {
  word: ParcelEventType | null
}

const row = (code: string, word: ParcelEventType | null, zh: string, en: string): RouteRow => ({
  code,
  word,
  meaning: { zh, en },
})

export const routeRows: readonly RouteRow[] = [
  row('54', 'parcel.collected', '上门收件', 'Fetched from the sender'),
  row('50', 'parcel.collected', '顺丰已收件', 'Taken from the sender'),
  row('51', 'parcel.collected', '一票多件子件收件', 'One of several pieces taken'),
  row('30', 'parcel.in-transit', '装车，准备发往下一站', 'Loaded for the next stop'),
  row('36', 'parcel.in-transit', '封车，正在发往下一站', 'On the road'),
  row('31', 'parcel.in-transit', '到达中转场或网点', 'Reached a stop'),
  row('44', 'parcel.out-for-delivery', '正在派送途中', 'The courier carries it'),
  row('204', 'parcel.out-for-delivery', '派件责任交接', 'Handed to the courier'),
  row('125', 'parcel.out-for-delivery', '放入丰巢柜', 'Waits for the receiver in a locker'),
  row('33', 'parcel.delivery-failed', '派件异常', 'Could not be delivered for now'),
  row('70', 'parcel.delivery-failed', '派送不成功', 'Could not be delivered'),
  row('130', 'parcel.delivered', '丰巢柜已取件', 'Taken from the locker'),
  row('80', 'parcel.delivered', '已签收', 'Signed for'),
  row('8000', null, '签收图已上传', 'A picture of the signature exists'),
  row('99', 'parcel.returning', '应客户要求退回', 'On the way back at the customer’s wish'),
  row('648', 'parcel.returning', '快件退回或转寄', 'Sent back or on'),
]

/** What SF says in the same words on the way back to the sender. */
const ofEitherWay: ReadonlySet<ParcelEventType | null> = new Set([
  'parcel.collected',
  'parcel.in-transit',
  'parcel.out-for-delivery',
  'parcel.delivery-failed',
  'parcel.delivered',
])

/** Unless the settings know a code for "given back to the sender". */
export function isOfEitherWay({ word }: RouteRow, table: RouteTable): boolean {
  return ofEitherWay.has(word) && ![...table.values()].some((one) => one.word === 'parcel.returned')
}

export type RouteTable = ReadonlyMap<string, RouteRow>

/** The rows of the settings over those above. */
export function routeTable(own: readonly { code: string; word: ParcelEventType | null }[]): RouteTable {
  const known = new Map(routeRows.map((one) => [one.code, one]))
  for (const { code, word } of own) {
    const usual = known.get(code)
    const meaning = usual?.word === word ? usual.meaning : { zh: `路由 ${code}`, en: `opCode ${code}` }
    known.set(code, { code, word, meaning })
  }
  return known
}
