// What the post insists on before it takes an order (interface 020003): every complaint in its own words.
// Pure; must be at least as strict as the real one, so that a careless order is noticed here first.

import { isBeijingTime } from '../beijing-time.ts'

export interface OrderForm {
  logisticsOrderNo: string
  pickupType: string
  sender: PartyForm
  receiver: PartyForm
}

export interface PartyForm {
  name: string
  prov: string
  city: string
  county: string
  address: string
}

type Fields = Record<string, unknown>

/** The order, or why it is refused. */
export function readOrder(body: unknown, customerNumber: string): OrderForm | string[] {
  if (!Array.isArray(body) || body.length !== 1) return ['报文体必须是只含一个订单的数组']
  const order = fields(body[0])
  const complaints = [
    ...ourNumber(order, customerNumber),
    ...product(order),
    ...pickup(order),
    ...party(order, 'sender'),
    ...party(order, 'receiver'),
    ...cargos(order),
  ]
  return complaints.length > 0 ? complaints : (body[0] as OrderForm)
}

function ourNumber(order: Fields, customerNumber: string): string[] {
  return [
    ...demand(isBeijingTime(order.createdTime), 'createdTime'),
    ...demand(isText(order.ecommerceUserId, 50), 'ecommerceUserId'),
    ...demand(isText(order.logisticsOrderNo, 50), 'logisticsOrderNo'),
    ...demand(order.senderNo === undefined || order.senderNo === customerNumber, 'senderNo'),
  ]
}

function product(order: Fields): string[] {
  return [
    ...demand(['1', '2', '3', '4'].includes(String(order.contentsAttribute)), 'contentsAttribute'),
    ...demand(['1', '2', '3', '9', '10', '11'].includes(String(order.bizProductNo)), 'bizProductNo'),
    ...demand(order.paymentMode === undefined || /^[1-7]$/.test(String(order.paymentMode)), 'paymentMode'),
  ]
}

function pickup(order: Fields): string[] {
  const { pickupType, pickupPreBeginTime: from, pickupPreEndTime: to } = order
  const times = from === undefined && to === undefined
  const ordered = isBeijingTime(from) && isBeijingTime(to) && String(from) < String(to)
  return [
    ...demand(pickupType === undefined || ['0', '1'].includes(String(pickupType)), 'pickupType'),
    ...demand(times || ordered, 'pickupPreBeginTime/pickupPreEndTime'),
  ]
}

function party(order: Fields, role: 'sender' | 'receiver'): string[] {
  const who = fields(order[role])
  const phone = String(who.mobile ?? who.phone ?? '')
  return [
    ...['name', 'prov', 'city', 'county', 'address'].flatMap((name) =>
      demand(isText(who[name], 200), `${role}.${name}`),
    ),
    ...demand(/^[+\d][\d-]{6,19}$/.test(phone), `${role}.mobile`),
  ]
}

function cargos(order: Fields): string[] {
  const list = Array.isArray(order.cargos) ? order.cargos : []
  return demand(
    list.length > 0 && list.every((cargo) => isText(fields(cargo).cargoName, 200)),
    'cargos.cargoName',
  )
}

function demand(holds: boolean, field: string): string[] {
  return holds ? [] : [`${field}为空或不合法`]
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longest
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
