// The second generation of the post's interface as a branch runs it: a form with `<OrderNormal>` XML and its
// digest. Takes orders and nothing else; whoever wants to know where a parcel is asks a tracker. It must not
// know the adapter.

import { createHash } from 'node:crypto'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { Actor } from '../actor.ts'
import { isBeijingTime } from '../beijing-time.ts'
import { openBooks, type PostBooks } from '../ems/books.ts'
import { formsOf, readForms } from './forms.ts'
import { complaintsAbout, type Fields, fieldsOf, isText, partyOf } from './parties.ts'

interface Gen2Options {
  /** Default 'ems-gen2'. */
  name?: string
  /** Signs every order. */
  secret: string
  /** 电商标识 with a contract. */
  ecommerceNo: string
  /** Customer numbers with a contract; any of 6 to 20 digits when left out. */
  customers?: readonly string[]
  /** Answers an order that it has with the waybill it gave; others say only that they have it. */
  tellsWaybillAgain?: boolean
}

/** The path is the branch's own. */
const PATH = '/iwaybillno-web/a/iwaybill/receive'

const parser = new XMLParser({
  parseTagValue: false,
  ignoreDeclaration: true,
  isArray: (name) => name === 'Cargo',
})

export function createEmsGen2(options: Gen2Options): Actor {
  const books = openBooks()
  return {
    name: options.name ?? 'ems-gen2',
    routes(app) {
      readForms(app)
      app.post(PATH, async (request, reply) => {
        books.count('requests')
        return reply.type('text/xml; charset=utf-8').send(answer(formsOf(request.body), books, options))
      })
    },
    books: () => books.read(),
  }
}

function answer(form: Record<string, string>, books: PostBooks, options: Gen2Options): string {
  const { logistics_interface: xml = '', data_digest: digest, msg_type: type } = form
  if (type !== 'ORDERCREATE') return refused(books, 'S05:消息类型错误')
  if (digest !== digestOf(xml, options.secret)) return refused(books, 'S02:签名错误')
  const order = orderIn(xml)
  if (!order) return refused(books, 'S01:报文格式错误')
  if (order.ecommerce_no !== options.ecommerceNo) return refused(books, 'S03:物流公司编号错误')
  const missing = missingIn(order, options)
  if (missing.length > 0) return refused(books, `B03:${missing.join('、')}为空或不合法`)
  const number = String(order.logistics_order_no)
  const known = books.find(number)
  if (known) {
    books.count('duplicatesRefused')
    const again = options.tellsWaybillAgain ? `<waybill_no>${known.waybill}</waybill_no>` : ''
    return told(`<success>false</success><reason>B06</reason>${again}`)
  }
  const { waybill } = books.enter({
    logisticsOrderNo: number,
    pickupType: order.pickup === undefined ? '0' : '1',
    sender: partyOf(order.sender),
    receiver: partyOf(order.receiver),
  })
  books.count('orders')
  return told(
    `<success>true</success><logistics_order_no>${number}</logistics_order_no><waybill_no>${waybill}</waybill_no><route_code>475-K01</route_code>`,
  )
}

/** Base64 of the raw MD5 of the very text with the secret behind it. */
function digestOf(xml: string, secret: string): string {
  return createHash('md5').update(`${xml}${secret}`).digest('base64')
}

function orderIn(xml: string): Fields | undefined {
  if (/<!DOCTYPE/i.test(xml) || XMLValidator.validate(xml) !== true) return undefined
  const { OrderNormal: order } = parser.parse(xml) as Fields
  return typeof order === 'object' && order !== null ? fieldsOf(order) : undefined
}

function missingIn(order: Fields, { customers }: Gen2Options): string[] {
  const number = String(order.logistics_order_no ?? '')
  const customer = String(order.sender_no ?? '')
  const known = customers ? customers.includes(customer) : /^\d{6,20}$/.test(customer)
  const cargos = fieldsOf(order.cargos).Cargo
  const named = Array.isArray(cargos) && cargos.every((one) => isText(fieldsOf(one).cargo_name))
  const checks: [string, boolean][] = [
    ['created_time', isBeijingTime(order.created_time)],
    ['logistics_provider', order.logistics_provider === 'A' || order.logistics_provider === 'B'],
    ['sender_type', order.sender_type === '1'],
    ['sender_no', known],
    ['inner_channel', order.inner_channel === '0'],
    ['logistics_order_no', /^[\w-]{1,50}$/.test(number)],
    ['base_product_no', order.base_product_no === '1' || order.base_product_no === '2'],
    ['biz_product_no', isText(order.biz_product_no)],
    ['cargos', named],
  ]
  return [
    ...checks.filter(([, fits]) => !fits).map(([name]) => name),
    ...complaintsAbout(order.sender, 'sender', ['name', 'prov', 'city', 'county', 'address']),
    ...complaintsAbout(order.receiver, 'receiver', ['name', 'prov', 'city', 'county', 'address']),
  ]
}

function refused(books: PostBooks, reason: string): string {
  books.count('ordersRefused')
  return told(`<success>false</success><reason>${reason}</reason>`)
}

const told = (response: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><responses><responseItems><response>${response}</response></responseItems></responses>`
