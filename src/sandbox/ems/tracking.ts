// Moves parcels along their journeys and tells the customer of every stop (interface 040002), again and again until
// it is acknowledged. A stop is written into the books before anyone is told, and parcels do not wait for the telling:
// a push that is late may be overtaken by the next.

import { randomUUID } from 'node:crypto'
import type { CityContext } from '../actor.ts'
import { beijingTime } from '../beijing-time.ts'
import type { OrderLine, PostBooks } from './books.ts'
import type { Stop } from './journey.ts'
import { sealPush } from './sealing.ts'

const MOST_REFUSALS = 20
const REFUSED_PAUSE_MS = 2_000
const SECOND_MS = 1_000

export interface Tracking {
  /** Walks the stops one after another; ends early when the order is cancelled. */
  travel(line: OrderLine, stops: readonly Stop[]): void
  /** Writes one stop down at once and tells the customer of it. */
  announce(line: OrderLine, stop: Stop): Promise<void>
}

export function createTracking(
  context: CityContext,
  books: PostBooks,
  about: { actor: string; signKey: string },
): Tracking {
  function travel(line: OrderLine, [stop, ...rest]: readonly Stop[]): void {
    if (!stop) return
    context.later(stop.afterMs, async () => {
      if (line.state === 'cancelled') return
      travel(line, rest)
      await announce(line, stop)
    })
  }

  async function announce(line: OrderLine, stop: Stop): Promise<void> {
    line.state = stop.state
    const item = trackItem(line, stop)
    line.track.push(item)
    if (stop.opCode === '742') books.count('reversals')
    await tell(item, 0)
  }

  async function tell(item: Record<string, string>, refusals: number): Promise<void> {
    books.count('pushes')
    const answer = await context.push(about.actor, {
      method: 'POST',
      path: `/v1/carriers/${about.actor}/tracking`,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(pushOf(item, about.signKey)),
    })
    if (isAcknowledged(answer)) return
    books.count('pushesRefused')
    if (refusals < MOST_REFUSALS) context.later(REFUSED_PAUSE_MS, () => tell(item, refusals + 1))
  }

  return { travel, announce }
}

function pushOf(item: Record<string, string>, signKey: string) {
  return {
    logitcsInterface: sealPush(item, signKey),
    method: '040002',
    msgType: '0',
    senderNo: '',
    serialNo: randomUUID(),
    timeStamp: beijingTime(Date.now()),
    version: 'v1.0.0',
  }
}

function isAcknowledged(answer: { status: number; body: string }): boolean {
  if (answer.status < 200 || answer.status > 299) return false
  try {
    const said: unknown = JSON.parse(answer.body)
    return typeof said === 'object' && said !== null && 'code' in said && said.code === '00000'
  } catch {
    return false
  }
}

const nearReceiver = new Set(['516', '713', '702', '704', '705', '742'])

function trackItem(line: OrderLine, stop: Stop): Record<string, string> {
  const { sender, receiver, logisticsOrderNo } = line.form
  const place = nearReceiver.has(stop.opCode) ? receiver : sender
  return {
    waybillNo: line.waybill,
    orderNo: logisticsOrderNo,
    opCode: stop.opCode,
    opName: stop.opName,
    opDesc: `【${place.city}】${stop.opName}`,
    opTime: beijingTime(nextMoment(line)),
    opOrgCode: '47500001',
    opOrgName: `${place.county}揽投部`,
    opOrgProvName: place.prov,
    opOrgCity: place.city,
    operatorNo: '47500012',
    operatorName: '邮政投递员',
    ...(stop.deliverCode ? { deliverCode: stop.deliverCode } : {}),
    ...(stop.attemptDeliveryCode ? { attemptDeliveryCode: stop.attemptDeliveryCode } : {}),
  }
}

/** Whole seconds, never the same twice for one parcel: a hurried city must not blur the order of its stops. */
function nextMoment(line: OrderLine): number {
  line.lastMoment = Math.max(Date.now(), line.lastMoment + SECOND_MS)
  return line.lastMoment
}
