// What SF says of a parcel's way, asked for or pushed: the same scan is the same event.
// A push carries no signature; the token in its address is checked before anything is read.

import { createHash, timingSafeEqual } from 'node:crypto'
import { fromLocal } from '../../src/adapter-kit/beijing-time.ts'
import type {
  ExternalEvent,
  FollowedParcel,
  HttpAnswer,
  InboundMessage,
  IncomingOutcome,
  Reading,
  Trail,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, parsed, record, text } from '../../src/adapter-kit/loose-json.ts'
import { pushOf, readEach, trailOf } from '../../src/adapter-kit/trail.ts'
import { isOfEitherWay, type RouteTable } from './statuses.ts'

const MOST_ROUTES = 500

/** msgData of EXP_RECE_SEARCH_ROUTES: by waybill, standard routes, in Chinese. */
export function routesBody({ waybill, phoneTail }: FollowedParcel) {
  return {
    language: '0',
    trackingType: '1',
    trackingNumber: [waybill],
    methodType: '1',
    ...(phoneTail ? { checkPhoneNo: phoneTail } : {}),
  }
}

/** None when there is no scan yet. @throws AdapterFailure 'unrecognised' for what is no list, or of another waybill */
export function readRoutes(data: unknown, parcel: FollowedParcel, table: RouteTable): Trail {
  const responses = record(data).routeResps
  if (!Array.isArray(responses)) {
    throw new AdapterFailure('unrecognised', '路由查询没有 routeResps (no routeResps in the answer)')
  }
  const own = responses.filter(isRecord).filter(({ mailNo }) => text(mailNo) === parcel.waybill)
  if (own.length < responses.length) {
    throw new AdapterFailure('unrecognised', '路由属于另一运单 (the routes are of another waybill)')
  }
  const routes = own.flatMap((one) => (Array.isArray(one.routes) ? one.routes : []))
  const ours = { mailno: parcel.waybill, orderid: parcel.parcelId }
  return trailOf(readEach(limited(routes), (route) => routeEvent({ ...record(route), ...ours }, table)))
}

/**
 * `{Body: {WaybillRoute: [...]}}`; a route that is not understood hides no other.
 * @throws AdapterFailure 'unauthorised' without our token, 'unrecognised' for what is not understood
 */
export function readPush(message: InboundMessage, token: string, table: RouteTable): Reading {
  const theirs = message.query.token
  if (typeof theirs !== 'string' || !same(theirs, token)) {
    throw new AdapterFailure('unauthorised', '推送地址的 token 不对 (the token of the push address is wrong)')
  }
  message.proved?.()
  const body = record(record(parsed(message.body.toString('utf8'))).Body)
  const routes = isRecord(body.WaybillRoute) ? [body.WaybillRoute] : body.WaybillRoute
  if (!Array.isArray(routes)) {
    throw new AdapterFailure('unrecognised', '不是路由推送 (not a route push)')
  }
  return pushOf(readEach(limited(routes), (route) => routeEvent(record(route), table)))
}

function limited(routes: readonly unknown[]): readonly unknown[] {
  if (routes.length <= MOST_ROUTES) return routes
  throw new AdapterFailure('unrecognised', `路由超过 ${MOST_ROUTES} 条 (more than ${MOST_ROUTES} routes)`)
}

/** None for a code that changes nothing we track. */
function routeEvent(route: Record<string, unknown>, table: RouteTable): ExternalEvent[] {
  const waybill = text(route.mailno) ?? text(route.mailNo)
  const opCode = text(route.opCode)
  const at = fromLocal(text(route.acceptTime) ?? '')
  if (!waybill || !opCode || !at) {
    throw new AdapterFailure('unrecognised', '路由缺少运单号、opCode 或 acceptTime (a route lacks a field)')
  }
  const row = table.get(opCode)
  if (!row) {
    const what = `未知路由代码 ${opCode.slice(0, 10)} (unknown opCode)`
    throw new AdapterFailure('unrecognised', what, { code: opCode })
  }
  if (row.word === null) return []
  const parcelId = text(route.orderid) ?? text(route.orderId)
  const place = text(route.acceptAddress)
  const failed = row.word === 'parcel.delivery-failed' ? text(route.remark) : undefined
  return [
    {
      id: createHash('sha256').update([waybill, opCode, at].join('\n')).digest('hex').slice(0, 32),
      type: row.word,
      at,
      reference: waybill,
      ...(parcelId ? { parcelId } : {}),
      detail: {
        ...(failed ? { reason: failed } : {}),
        ...(isOfEitherWay(row, table) ? { eitherWay: true } : {}),
        ...(place ? { place } : {}),
        more: { opCode, opName: row.meaning.zh },
      },
    },
  ]
}

function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

/** Anything but 0000 makes SF push again. */
export function acknowledgePush(outcome: IncomingOutcome): HttpAnswer {
  const answer = outcome.ok
    ? { return_code: '0000', return_msg: '成功' }
    : { return_code: '1000', return_msg: outcome.code }
  return {
    status: outcome.ok ? 200 : outcome.status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(answer),
  }
}
