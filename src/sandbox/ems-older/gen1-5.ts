// The generation between the first and the second, as one-window products still call it: one GET with the
// order as JSON in its query, under the authorisation of the county. It does not know its orders again: the
// same one twice is two parcels, which is what its callers have to live with. It must not know the adapter.

import type { Actor } from '../actor.ts'
import { openBooks, type PostBooks } from '../ems/books.ts'
import { complaintsAbout, type Fields, fieldsOf, partyOf } from './parties.ts'

interface Gen15Options {
  /** Default 'ems-gen1-5'. */
  name?: string
  /** Of the counties: 邮寄客户编号, or what the branch gave instead. */
  authorizations: readonly string[]
  /** Refuses an order that it has (not published; some branches do). Default false. */
  refusesRepeatedOrders?: boolean
}

/** The path is the branch's own. */
const PATH = '/emsorder/orderNormal'

export function createEmsGen15(options: Gen15Options): Actor {
  const books = openBooks()
  const doubles = new Map<string, number>()
  return {
    name: options.name ?? 'ems-gen1-5',
    routes(app) {
      app.get(PATH, async (request) => {
        books.count('requests')
        return answer(request.query as Record<string, string>, { books, doubles }, options)
      })
    },
    books() {
      const { effects, counts } = books.read()
      return { counts, effects: effects.map((one) => ({ ...one, times: doubles.get(one.key) ?? 1 })) }
    },
  }
}

interface Parts {
  books: PostBooks
  /** Order numbers to how often they took effect. */
  doubles: Map<string, number>
}

function answer(query: Record<string, string>, parts: Parts, options: Gen15Options): unknown {
  if (!options.authorizations.includes(query.authorization ?? '')) return failed('E01', '授权码无效')
  const orders = ordersIn(query.orderNormal)
  if (!orders) return failed('E02', '报文格式错误')
  return {
    success: 'T',
    responseOrders: orders.map((order) => take(order, parts, options)),
    errorCode: '',
    errorMsg: '',
  }
}

function take(order: Fields, { books, doubles }: Parts, options: Gen15Options) {
  const number = String(order.txLogisticID ?? '')
  const parties = ['name', 'mobile', 'prov', 'city', 'address']
  const missing = [
    ...(/^[\w-]{1,50}$/.test(number) ? [] : ['txLogisticID']),
    ...(order.serviceType === 1 ? [] : ['serviceType']),
    ...complaintsAbout(order.sender, 'sender', parties),
    ...complaintsAbout(order.receiver, 'receiver', parties),
  ]
  if (missing.length > 0) {
    books.count('ordersRefused')
    return { txLogisticID: number, success: 'F', errorCode: 'E12', errorMsg: `${missing.join('、')}有误` }
  }
  const known = books.find(number)
  if (known && options.refusesRepeatedOrders) {
    books.count('duplicatesRefused')
    return { txLogisticID: number, success: 'F', errorCode: 'E20', errorMsg: '订单号重复' }
  }
  doubles.set(number, (doubles.get(number) ?? 0) + 1)
  books.count('orders')
  const { waybill } = books.enter({
    logisticsOrderNo: number,
    pickupType: '1',
    sender: partyOf(order.sender),
    receiver: partyOf(order.receiver),
  })
  return { txLogisticID: number, success: 'T', mailNo: waybill, errorCode: '', errorMsg: '' }
}

const failed = (errorCode: string, errorMsg: string) => ({
  success: 'F',
  responseOrders: [],
  errorCode,
  errorMsg,
})

function ordersIn(text: string | undefined): Fields[] | undefined {
  try {
    const { orderNormals } = fieldsOf(JSON.parse(text ?? ''))
    return Array.isArray(orderNormals) && orderNormals.length > 0 ? orderNormals.map(fieldsOf) : undefined
  } catch {
    return undefined
  }
}
