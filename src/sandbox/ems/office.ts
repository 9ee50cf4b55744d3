// The counter of the simulated post: what each interface answers to a body that was already opened.
// Must answer only from the books; HTTP and sealing are in index.ts.

import type { CityContext } from '../actor.ts'
import type { PostBooks } from './books.ts'
import { openDesk } from './desk.ts'
import { type JourneyShares, journeyOf, stop } from './journey.ts'
import { readOrder } from './order-form.ts'
import type { Tracking } from './tracking.ts'

export interface PostAnswer {
  retCode: '00000' | 'S00001' | 'B00001'
  retMsg: string
  /** Goes out as JSON text inside the JSON. */
  retBody?: unknown
}

export interface Office {
  answer(apiCode: string, body: unknown, customerNumber: string): PostAnswer
}

const done = (retBody?: unknown): PostAnswer => ({ retCode: '00000', retMsg: '成功', retBody })
export const refused = (retMsg: string, retBody?: unknown): PostAnswer => ({
  retCode: 'B00001',
  retMsg,
  retBody,
})

type Fields = Record<string, unknown>

export function openOffice(
  context: CityContext,
  books: PostBooks,
  tracking: Tracking,
  about: { seed: string; shares: JourneyShares },
): Office {
  const interfaces: Record<string, (body: unknown, customerNumber: string) => PostAnswer> = {
    '020003': takeOrder,
    '020006': cancelOrder,
    '040001': showTrack,
    ...Object.fromEntries(
      Object.entries(openDesk(books)).map(([apiCode, ask]) => [apiCode, (body: unknown) => told(ask(body))]),
    ),
  }
  return {
    answer(apiCode, body, customerNumber) {
      const handle = interfaces[apiCode]
      return handle ? handle(body, customerNumber) : refused('apiCode不存在')
    },
  }

  function takeOrder(body: unknown, customerNumber: string): PostAnswer {
    const form = readOrder(body, customerNumber)
    if (Array.isArray(form)) {
      books.count('ordersRefused')
      return refused(form.join('；'))
    }
    const known = books.find(form.logisticsOrderNo)
    if (known) {
      books.count('duplicatesRefused')
      return refused('订单号重复', { logisticsOrderNo: form.logisticsOrderNo, waybillNo: known.waybill })
    }
    const line = books.enter(form)
    books.count('orders')
    tracking.travel(line, journeyOf(form.logisticsOrderNo, about.seed, about.shares))
    return done({
      logisticsOrderNo: form.logisticsOrderNo,
      waybillNo: line.waybill,
      ...label(form.receiver.county),
    })
  }

  function cancelOrder(body: unknown): PostAnswer {
    const { logisticsOrderNo, waybillNo, cancelReason } = fields(body)
    const line = books.find(String(logisticsOrderNo))
    if (!cancelReason) return refused('cancelReason为空或不合法')
    if (!line || line.waybill !== waybillNo) return refused('订单不存在')
    if (line.state === 'cancelled') return refused('订单已撤单')
    if (line.state !== 'ordered') return refused('邮件已收寄，不能撤单')
    line.state = 'cancelled'
    context.later(0, () => tracking.announce(line, stop('801', 0)))
    books.count('cancellations')
    return done()
  }

  function showTrack(body: unknown): PostAnswer {
    const line = books.findWaybill(String(fields(body).waybillNo))
    return line ? done({ responseItems: line.track }) : refused('运单号不存在')
  }
}

function told(said: { done: unknown } | { refused: string }): PostAnswer {
  return 'done' in said ? done(said.done) : refused(said.refused)
}

function label(county: string) {
  return {
    routeCode: '475-K01-01-03',
    packageCode: '47500000',
    packageCodeName: '开封集包',
    markDestinationCode: '475',
    markDestinationName: county,
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
