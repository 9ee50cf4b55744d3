// What each service of the simulated SF answers to its msgData. Must answer only from the books;
// HTTP and the proof of origin are in index.ts.

import type { SfBooks, SfOrder } from './books.ts'
import type { ServiceAnswer } from './envelope.ts'
import type { SfJourneys } from './journey.ts'

type Fields = Record<string, unknown>
type Service = (msgData: unknown, labelUrl: (waybill: string) => string) => ServiceAnswer

const refused = (errorCode: string, errorMsg: string): ServiceAnswer => ({ errorCode, errorMsg })

export function openServices(
  books: SfBooks,
  journeys: SfJourneys,
  about: { monthlyCards?: readonly string[]; labelToken: string },
): Readonly<Record<string, Service>> {
  return {
    EXP_RECE_CREATE_ORDER: create,
    EXP_RECE_SEARCH_ORDER_RESP: (msgData) => {
      const order = books.find(String(fields(msgData).orderId))
      return order ? { msgData: shown(order) } : refused('6150', '找不到该订单')
    },
    EXP_RECE_UPDATE_ORDER: cancel,
    EXP_RECE_SEARCH_ROUTES: routes,
    EXP_RECE_FILTER_ORDER_BSP: (msgData) => ({
      msgData: (Array.isArray(msgData) ? msgData : []).map(filtered),
    }),
    COM_RECE_CLOUD_PRINT_WAYBILLS: print,
  }

  function create(msgData: unknown): ServiceAnswer {
    const said = fields(msgData)
    const complaint = complaintOf(said, about.monthlyCards)
    if (complaint) {
      books.count('ordersRefused')
      return complaint
    }
    const orderId = String(said.orderId)
    if (books.find(orderId)) {
      books.count('duplicatesRefused')
      return refused('8016', '重复下单')
    }
    const [sender, receiver] = parties(said)
    const order = books.enter({
      orderId,
      phoneTails: [sender, receiver].map(({ mobile, tel }) => String(mobile ?? tel).slice(-4)),
      places: [String(sender.city), String(receiver.city)],
    })
    books.count('orders')
    journeys.travel(order)
    return { msgData: shown(order) }
  }

  function cancel(msgData: unknown): ServiceAnswer {
    const { orderId, dealType, waybillNoInfoList } = fields(msgData)
    const order = books.find(String(orderId))
    if (String(dealType) !== '2') return refused('8001', 'dealType不合法')
    if (!order) return refused('6150', '找不到该订单')
    const named = (Array.isArray(waybillNoInfoList) ? waybillNoInfoList : []).map(
      (one) => fields(one).waybillNo,
    )
    if (named.some((waybill) => waybill !== order.waybill)) return { msgData: { orderId, resStatus: 1 } }
    if (order.state === 'cancelled') return refused('8037', '已消单')
    if (order.state !== 'ordered') return refused('8252', '订单已确认，不能取消')
    order.state = 'cancelled'
    books.count('cancellations')
    return { msgData: { orderId, waybillNoInfoList, resStatus: 2 } }
  }

  /** Routes are told only to who ordered, or knows a phone. */
  function routes(msgData: unknown): ServiceAnswer {
    const { trackingType, trackingNumber, checkPhoneNo } = fields(msgData)
    const numbers = (Array.isArray(trackingNumber) ? trackingNumber : []).map(String)
    if (numbers.length === 0 || numbers.length > 10) return refused('8001', 'trackingNumber为空或超过10个')
    const known = numbers.map((number) =>
      String(trackingType) === '2' ? books.find(number) : books.findWaybill(number),
    )
    const told = (order: SfOrder | undefined) =>
      order && (checkPhoneNo === undefined || order.phoneTails.includes(String(checkPhoneNo)))
        ? order.routes
        : []
    return {
      msgData: {
        routeResps: numbers.map((number, i) => ({
          mailNo: known[i]?.waybill ?? number,
          routes: told(known[i]),
        })),
      },
    }
  }

  function print(msgData: unknown, labelUrl: (waybill: string) => string): ServiceAnswer {
    const { templateCode, documents, fileType } = fields(msgData)
    const waybills = (Array.isArray(documents) ? documents : []).map((one) =>
      String(fields(one).masterWaybillNo),
    )
    if (!templateCode || fileType !== 'pdf') return refused('8001', 'templateCode、fileType不合法')
    if (waybills.length === 0 || !waybills.every((waybill) => books.findWaybill(waybill))) {
      return refused('6150', '找不到该运单')
    }
    books.count('labels')
    const files = waybills.map((waybillNo) => ({
      waybillNo,
      url: labelUrl(waybillNo),
      token: about.labelToken,
      pageNo: 1,
    }))
    return { obj: { fileType: 'pdf', files } }
  }
}

function shown({ orderId, waybill }: SfOrder) {
  return {
    orderId,
    originCode: '378',
    destCode: '378',
    filterResult: 2,
    waybillNoInfoList: [{ waybillType: 1, waybillNo: waybill }],
  }
}

function filtered(one: unknown) {
  const list = fields(one).contactInfos
  const addresses = (Array.isArray(list) ? list : []).map((contact) => String(fields(contact).address ?? ''))
  if (addresses.length === 0 || addresses.includes('')) return { filterResult: 1, remark: '3' }
  return /岛|礁/.test(addresses.join('')) ? { filterResult: 3, remark: '2' } : { filterResult: 2 }
}

/** At least as strict as the real one, so that a careless order is noticed here first. */
function complaintOf(said: Fields, monthlyCards: readonly string[] | undefined): ServiceAnswer | undefined {
  const [sender, receiver] = parties(said)
  const card = String(said.monthlyCard ?? '')
  if (!said.orderId || String(said.orderId).length > 64) return refused('8001', 'orderId为空或过长')
  if (monthlyCards ? !monthlyCards.includes(card) : !/^\d{6,20}$/.test(card))
    return refused('8119', '月结卡号不存在或失效')
  if (!Number.isInteger(said.expressTypeId)) return refused('8057', '产品不可用')
  if (![1, 2, 3].includes(Number(said.payMethod))) return refused('8001', 'payMethod不合法')
  const cargo = Array.isArray(said.cargoDetails) ? said.cargoDetails : []
  if (cargo.length === 0 || !cargo.every((one) => fields(one).name))
    return refused('8001', 'cargoDetails为空')
  for (const party of [sender, receiver]) {
    const missing = ['contact', 'province', 'city', 'county', 'address'].find((name) => !party[name])
    if (missing) return refused('8001', `contactInfoList.${missing}为空`)
    if (!/^[+\d][\d-]{6,19}$/.test(String(party.mobile ?? party.tel ?? '')))
      return refused('8196', '电话号码异常')
  }
  return undefined
}

function parties(said: Fields): [Fields, Fields] {
  const list = (Array.isArray(said.contactInfoList) ? said.contactInfoList : []).map(fields)
  const ofType = (type: number) => list.find(({ contactType }) => Number(contactType) === type) ?? {}
  return [ofType(1), ofType(2)]
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
