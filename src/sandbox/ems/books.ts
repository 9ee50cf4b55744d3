// The post's own books: one line per order, and the numbers it allots. Knows nothing of HTTP or of the gateway.

import type { ActorBooks } from '../actor.ts'
import type { OrderForm } from './order-form.ts'

export interface OrderLine {
  waybill: string
  form: OrderForm
  state: string
  /** Track items as they were made, oldest first. */
  track: Record<string, string>[]
  /** When the latest stop was, ms since the epoch; 0 before the first. */
  lastMoment: number
}

export interface PostBooks {
  find(orderNumber: string): OrderLine | undefined
  findWaybill(waybill: string): OrderLine | undefined
  enter(form: OrderForm): OrderLine
  count(what: string): void
  read(): ActorBooks
}

export function openBooks(): PostBooks {
  const byOrder = new Map<string, OrderLine>()
  const byWaybill = new Map<string, OrderLine>()
  const counts: Record<string, number> = {}
  const allot = waybills()
  return {
    find: (orderNumber) => byOrder.get(orderNumber),
    findWaybill: (waybill) => byWaybill.get(waybill),
    enter(form) {
      const line: OrderLine = { waybill: allot(), form, state: 'ordered', track: [], lastMoment: 0 }
      byOrder.set(form.logisticsOrderNo, line)
      byWaybill.set(line.waybill, line)
      return line
    },
    count(what) {
      counts[what] = (counts[what] ?? 0) + 1
    },
    read: () => ({ effects: [...byOrder.values()].map(bookLine), counts: { ...counts } }),
  }
}

function bookLine({ form, waybill, state }: OrderLine) {
  return { kind: 'parcel', key: form.logisticsOrderNo, reference: waybill, times: 1, state }
}

/** Thirteen digits: 1, eleven that grow, a check digit. They start at the time, so that no run repeats another's. */
function waybills(): () => string {
  let serial = Math.floor(Date.now() / 10) % 1e11
  return () => {
    const body = `1${String(serial++).padStart(11, '0')}`
    return body + checkDigit(body)
  }
}

function checkDigit(body: string): string {
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0)
  return String((10 - (sum % 10)) % 10)
}
