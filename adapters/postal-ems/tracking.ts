// What the carrier says of a parcel's way, pushed (040002) or asked for (040001): the same item is the same event.
// A push's only proof of origin is the shared SM4 key; senderNo was seen empty and is not trusted.

import { createHash } from 'node:crypto'
import { fromLocal } from '../../src/adapter-kit/beijing-time.ts'
import type {
  EventDetail,
  ExternalEvent,
  FollowedParcel,
  HttpAnswer,
  InboundMessage,
  IncomingOutcome,
  Reading,
  Trail,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, nested, parsed, text } from '../../src/adapter-kit/loose-json.ts'
import { pushOf, readEach, trailOf } from '../../src/adapter-kit/trail.ts'
import { unseal } from './cipher.ts'
import { deliveredTo, notDelivered, type TrackRow, trackRowByCode } from './statuses.ts'

const METHOD = '040002'
const MOST_ITEMS = 500

type TrackTable = ReadonlyMap<string, TrackRow>

/**
 * @param signKeys every key of the system; the push does not say which.
 * @throws AdapterFailure 'unauthorised' when no key opens it, 'unrecognised' when what is inside is not understood.
 */
export function readPush(
  message: InboundMessage,
  signKeys: readonly string[],
  table: TrackTable = trackRowByCode,
): Reading {
  const push = parsed(message.body.toString('utf8'))
  const sealed = isRecord(push) ? text(push.logitcsInterface) : undefined
  if (!isRecord(push) || !sealed || push.method !== METHOD) {
    throw new AdapterFailure('unrecognised', '不是 040002 轨迹推送 (not a tracking push)')
  }
  const plain = opened(sealed, signKeys)
  message.proved?.()
  const items = Array.isArray(plain) ? plain : [plain]
  return pushOf(readEach(limited(items), (item) => trackEvent(item, table)))
}

/**
 * The retBody of 040001: `{responseItems: [...]}`, or the list itself; nothing when there is no scan yet.
 * @throws AdapterFailure 'unrecognised' for what is no such list, or is of another parcel
 */
export function readTrail(body: unknown, parcel: FollowedParcel, table: TrackTable): Trail {
  const value = nested(body) ?? body
  const items = isRecord(value) ? (nested(value.responseItems) ?? value.responseItems ?? []) : (value ?? [])
  if (items === '') return { events: [] }
  if (!Array.isArray(items)) {
    throw new AdapterFailure('unrecognised', '轨迹查询没有 responseItems (no responseItems in the answer)')
  }
  const own = limited(items).map((item) => ({ item, known: ofParcel(item, parcel) }))
  return trailOf(
    readEach(
      own,
      ({ known }) => trackEvent(known, table),
      ({ item }) => item,
    ),
  )
}

function ofParcel(item: unknown, { waybill, parcelId }: FollowedParcel): unknown {
  if (!isRecord(item)) return item
  const theirs = text(item.waybillNo)
  if (theirs !== undefined && theirs !== waybill) {
    throw new AdapterFailure('unrecognised', '轨迹属于另一邮件 (the trail is of another parcel)')
  }
  return { ...item, waybillNo: waybill, orderNo: parcelId }
}

function limited(items: readonly unknown[]): readonly unknown[] {
  if (items.length <= MOST_ITEMS) return items
  throw new AdapterFailure('unrecognised', `轨迹超过 ${MOST_ITEMS} 条 (more than ${MOST_ITEMS} track items)`)
}

function opened(sealed: string, signKeys: readonly string[]): unknown {
  for (const signKey of signKeys) {
    const plain = unseal(sealed, signKey)
    const value = plain === null ? undefined : parsed(plain)
    if (value !== undefined) return value
  }
  throw new AdapterFailure('unauthorised', '轨迹推送无法用我方密钥解开 (no key of ours opens the push)')
}

/** One event of a parcel; none for a code that changes nothing we track. */
export function trackEvent(item: unknown, table: TrackTable = trackRowByCode): ExternalEvent[] {
  if (!isRecord(item)) throw new AdapterFailure('unrecognised', '轨迹不是对象 (a track item is no object)')
  const waybill = text(item.waybillNo)
  const opCode = text(item.opCode)
  const at = fromLocal(text(item.opTime) ?? '')
  if (!waybill || !opCode || !at) {
    throw new AdapterFailure(
      'unrecognised',
      '轨迹缺少 waybillNo、opCode 或 opTime (a track item lacks a field)',
    )
  }
  const row = table.get(`${opCode}/${text(item.deliverCode) ?? ''}`) ?? table.get(opCode)
  if (!row) {
    const code = { code: opCode }
    throw new AdapterFailure('unrecognised', `未知轨迹代码 ${opCode.slice(0, 10)} (unknown opCode)`, code)
  }
  if (row.word === null) return []
  const parcelId = text(item.orderNo)
  return [
    {
      id: eventId(waybill, opCode, at, text(item.opOrgCode)),
      type: row.word,
      at,
      reference: waybill,
      ...(parcelId ? { parcelId } : {}),
      detail: detailOf(item, row, table),
    },
  ]
}

/** The same for every repetition: the push's serialNo is new each time and therefore left out. */
function eventId(...facts: (string | undefined)[]): string {
  return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 32)
}

function detailOf(item: Record<string, unknown>, row: TrackRow, table: TrackTable): EventDetail {
  const place = ['opOrgProvName', 'opOrgCity', 'opOrgName'].map((name) => text(item[name]) ?? '').join('')
  const handledBy = text(item.operatorName)
  const reason = reasonOf(item, row)
  const reversed = row.reverses === undefined ? undefined : table.get(row.reverses)
  return {
    ...(reversed?.word ? { reverses: reversed.word } : {}),
    ...(reason ? { reason } : {}),
    ...(place ? { place } : {}),
    ...(handledBy ? { handledBy } : {}),
    more: { opCode: row.code, opName: row.meaning.zh, ...receivedBy(item) },
  }
}

function reasonOf(item: Record<string, unknown>, row: TrackRow): string | undefined {
  if (row.code !== '705') return row.reason
  const code = text(item.attemptDeliveryCode)
  if (!code) return '未妥投，原因未说明'
  const known = Object.hasOwn(notDelivered, code) ? notDelivered[code] : undefined
  return known ?? `未妥投，原因代码 ${code.slice(0, 10)}`
}

function receivedBy(item: Record<string, unknown>): Record<string, unknown> {
  const code = text(item.deliverCode)
  return code ? { deliverCode: code, deliveredTo: deliveredTo[code]?.zh ?? null } : {}
}

/** `{serialNo, code, codeMessage, senderNo}`; anything but 00000 makes the carrier push again. */
export function acknowledgePush(outcome: IncomingOutcome, message: InboundMessage): HttpAnswer {
  const push = parsed(message.body.toString('utf8'))
  const field = (name: string) => (isRecord(push) ? (text(push[name]) ?? '') : '')
  const answer = {
    serialNo: field('serialNo'),
    code: outcome.ok ? '00000' : 'S00001',
    codeMessage: outcome.ok ? '成功' : outcome.code,
    senderNo: field('senderNo'),
  }
  return {
    status: outcome.ok ? 200 : outcome.status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(answer),
  }
}
