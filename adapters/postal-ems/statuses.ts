// EMS opCodes: their code -> our word -> what it means. A code that is not here is a failure for a person.
// Must stay a table: what a status does to a parcel is the domain's business.

import type { ParcelEventType, StatusRow, Title } from '../../src/adapter-kit/contract.ts'

/** `code` is an opCode, or an opCode and the deliverCode with which it means something else: `704/180`. */
export interface TrackRow extends StatusRow {
  word: ParcelEventType | null
  /** The opCode that this one takes back; `word` is then where the parcel stands again. */
  reverses?: string
  /** Fixed reason where the code itself is one. */
  reason?: string
}

const row = (code: string, word: ParcelEventType | null, zh: string, en: string, more = {}): TrackRow => ({
  code,
  word,
  meaning: { zh, en },
  ...more,
})

export const trackRows: readonly TrackRow[] = [
  row('203', 'parcel.collected', '收寄计费', 'Taken from the sender and weighed'),
  row('207', 'parcel.ordered', '撤销收寄', 'Takes back 203', { reverses: '203' }),
  row('208', null, '客户交接', 'Handed over in bulk; 203 follows'),
  row('305', 'parcel.in-transit', '揽投发运', 'Left the collecting office'),
  row('389', 'parcel.in-transit', '处理中心封车', 'Left a sorting centre'),
  row('954', 'parcel.in-transit', '到达处理中心', 'Reached a sorting centre'),
  row('516', 'parcel.in-transit', '总包到寄达地', 'Reached the destination city'),
  row('713', 'parcel.in-transit', '到达投递机构', 'Reached the delivery office'),
  row('702', 'parcel.out-for-delivery', '投递下段', 'The courier carries it'),
  row('742', 'parcel.in-transit', '撤销投递下段', 'Takes back 702', { reverses: '702' }),
  row('704', 'parcel.delivered', '妥投', 'Delivered'),
  row('704/180', 'parcel.lost', '理赔签收', 'Signed for compensation', { reason: '邮件已理赔签收' }),
  row('743', 'parcel.out-for-delivery', '撤销妥投', 'Takes back 704', { reverses: '704' }),
  row('705', 'parcel.delivery-failed', '未妥投', 'Could not be delivered'),
  row('744', 'parcel.out-for-delivery', '撤销未妥投', 'Takes back 705', { reverses: '705' }),
  row('723', 'parcel.out-for-delivery', '转窗投', 'Waits for the receiver at a counter'),
  row('747', 'parcel.out-for-delivery', '自提点已接收', 'Waits for the receiver in a locker or shop'),
  row('748', 'parcel.delivered', '收件人取走', 'Taken from the locker or shop by the receiver'),
  row('750', 'parcel.in-transit', '投递员收回', 'Taken back from the locker by the courier'),
  row('708', 'parcel.returning', '退件登记', 'On the way back to the sender'),
  row('741', 'parcel.returning', '妥投退回登记', 'Given back after delivery, on the way to the sender'),
  row('711', 'parcel.returned', '退回妥投', 'Given back to the sender; not a delivery'),
  row('756', null, '收件人改址', 'The receiver changed the address'),
  row('802', null, '改址', 'Address changed'),
  row('803', null, '改址', 'Address changed'),
  row('801', 'parcel.cancelled', '撤单', 'Order cancelled'),
  row('987', 'parcel.lost', '丢失已赔付', 'Lost, compensated'),
  row('988', 'parcel.lost', '丢失已赔付', 'Lost, compensated'),
  row('013', 'parcel.delivery-failed', '拦截', 'Stopped on the way', { reason: '邮件被拦截' }),
  row('651', 'parcel.in-transit', '物流异常', 'Held up on the way', { reason: '物流异常' }),
]

export const trackRowByCode: ReadonlyMap<string, TrackRow> = new Map(trackRows.map((r) => [r.code, r]))

const title = (zh: string, en: string): Title => ({ zh, en })

/** deliverCode of 704: to whom it was given. */
export const deliveredTo: Readonly<Record<string, Title>> = {
  '10': title('本人', 'the receiver'),
  '20': title('他人代收', 'someone for the receiver'),
  '30': title('自提点', 'a pick-up point'),
  '50': title('包裹柜', 'a locker'),
  '60': title('收发室', 'the mail room'),
  '70': title('物业', 'the property office'),
  '90': title('协议信箱', 'an agreed letter box'),
  '100': title('其他', 'other'),
  '160': title('村委会', 'the village committee'),
  '161': title('家门口', 'the doorstep'),
  '162': title('办公室', 'the office'),
  '180': title('理赔签收', 'nobody: signed for compensation'),
  ZDY: title('自定义', 'as agreed'),
}

/** attemptDeliveryCode of 705: why it was not delivered, as operators and applicants read it. */
export const notDelivered: Readonly<Record<string, string>> = {
  '1': '地址有误，待再投',
  '2': '地址有误，无法联系',
  '3': '查无此人',
  '4': '收件人不在且无法联系',
  '5': '收件人已迁移',
  '6': '收件人要求延迟投递',
  '7': '拒收',
  '8': '收件人要求自取',
  '9': '转窗口投递',
  '10': '寄件人撤回',
  '11': '改址',
  '12': '改址',
  '13': '邮件丢失',
  '14': '待收费',
  '15': '等待退回',
  '16': '其他原因',
}
