// The way of an SF parcel, and the telling of it: a stop is written down, then pushed until it is acknowledged.
// A late push may be overtaken by the next; parcels do not wait for the telling.

import type { CityContext } from '../actor.ts'
import { beijingTime } from '../beijing-time.ts'
import { fraction } from '../random.ts'
import type { SfBooks, SfOrder, SfRoute } from './books.ts'

const stops = {
  '50': { state: 'collected', remark: '顺丰速运 已收取快件', near: 0 },
  '30': { state: 'in-transit', remark: '快件已装车，准备发往下一站', near: 0 },
  '31': { state: 'in-transit', remark: '快件到达营业点', near: 1 },
  '44': { state: 'out-for-delivery', remark: '快件交给派件员，正在派送途中', near: 1 },
  '70': { state: 'delivery-failed', remark: '快件派送不成功，收件人不在，约定再派', near: 1 },
  '80': { state: 'delivered', remark: '已签收，感谢使用顺丰', near: 1 },
  '8000': { state: 'delivered', remark: '在官网“运单资料&签收图”可查看签收人信息', near: 1 },
} as const

type OpCode = keyof typeof stops

const STEP_MS = 1_500
const REFUSED_PAUSE_MS = 2_000
const MOST_REFUSALS = 20
const SECOND_MS = 1_000

export interface SfJourneys {
  /** Walks the stops one after another; ends early when the order is cancelled. */
  travel(order: SfOrder): void
}

export function openJourneys(
  context: CityContext,
  books: SfBooks,
  about: { actor: string; seed: string; failedFirst: number; pushToken?: string },
): SfJourneys {
  const codesOf = ({ orderId }: SfOrder): OpCode[] => {
    const fails = fraction(about.seed, orderId, 'journey') < about.failedFirst
    return ['50', '30', '31', '44', ...(fails ? (['70', '44'] as const) : []), '80', '8000']
  }

  function walk(order: SfOrder, [opCode, ...rest]: readonly OpCode[], step: number): void {
    if (!opCode) return
    context.later(STEP_MS * (0.4 + fraction(about.seed, order.orderId, 'pace', step)), async () => {
      if (order.state === 'cancelled') return
      walk(order, rest, step + 1)
      const route = pass(order, opCode)
      if (about.pushToken !== undefined) await tell(order, route, about.pushToken, 0)
    })
  }

  async function tell(order: SfOrder, route: SfRoute, token: string, refusals: number): Promise<void> {
    books.count('pushes')
    const waybillRoute = {
      id: String(order.routes.indexOf(route) + 1),
      mailno: order.waybill,
      orderid: order.orderId,
      ...route,
    }
    const answer = await context.push(about.actor, {
      method: 'POST',
      path: `/v1/carriers/${about.actor}/tracking?${new URLSearchParams({ token })}`,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ Body: { WaybillRoute: [waybillRoute] } }),
    })
    if (answer.status === 200 && /"return_code"\s*:\s*"0000"/.test(answer.body)) return
    books.count('pushesRefused')
    if (refusals < MOST_REFUSALS) {
      context.later(REFUSED_PAUSE_MS, () => tell(order, route, token, refusals + 1))
    }
  }

  return { travel: (order) => walk(order, codesOf(order), 0) }
}

/** Whole seconds, never the same twice for one parcel. */
function pass(order: SfOrder, opCode: OpCode): SfRoute {
  const { state, remark, near } = stops[opCode]
  order.lastMoment = Math.max(Date.now(), order.lastMoment + SECOND_MS)
  order.state = state
  const route = {
    acceptTime: beijingTime(order.lastMoment),
    acceptAddress: order.places[near],
    remark,
    opCode,
  }
  order.routes.push(route)
  return route
}
