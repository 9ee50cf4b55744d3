// SF's own books: one line per order, and the numbers it allots. Knows nothing of HTTP or of the gateway.

import type { ActorBooks } from '../actor.ts'

export interface SfOrder {
  orderId: string
  waybill: string
  /** Last four digits that a route query must know. */
  phoneTails: readonly string[]
  /** Place names, sender's and receiver's. */
  places: readonly [string, string]
  state: string
  routes: SfRoute[]
  /** When the latest stop was, ms since the epoch; 0 before the first. */
  lastMoment: number
}

export interface SfRoute {
  acceptTime: string
  acceptAddress: string
  remark: string
  opCode: string
}

export interface SfBooks {
  find(orderId: string): SfOrder | undefined
  findWaybill(waybill: string): SfOrder | undefined
  enter(order: Pick<SfOrder, 'orderId' | 'phoneTails' | 'places'>): SfOrder
  count(what: string): void
  read(): ActorBooks
}

export function openSfBooks(): SfBooks {
  const byOrder = new Map<string, SfOrder>()
  const byWaybill = new Map<string, SfOrder>()
  const counts: Record<string, number> = {}
  let serial = Math.floor(Date.now() / 10) % 1e12
  return {
    find: (orderId) => byOrder.get(orderId),
    findWaybill: (waybill) => byWaybill.get(waybill),
    enter(about) {
      const waybill = `SF1${String(serial++).padStart(12, '0')}`
      const order: SfOrder = { ...about, waybill, state: 'ordered', routes: [], lastMoment: 0 }
      byOrder.set(about.orderId, order)
      byWaybill.set(waybill, order)
      return order
    },
    count(what) {
      counts[what] = (counts[what] ?? 0) + 1
    },
    read: () => ({
      effects: [...byOrder.values()].map(({ orderId, waybill, state }) => ({
        kind: 'parcel',
        key: orderId,
        reference: waybill,
        times: 1,
        state,
      })),
      counts: { ...counts },
    }),
  }
}
