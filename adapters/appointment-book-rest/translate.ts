// Our question, reservation and cancellation -> requests; answers -> slots and receipts. Pure: no clock, no
// HTTP, no secret.

import { type Said, textOf } from '../../src/adapter-kit/answer-codes.ts'
import type {
  BookSlot,
  CancellationContent,
  Questions,
  Receipt,
  ReservationContent,
  ReservedSlot,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { JsonCall } from '../../src/adapter-kit/json-call.ts'
import { CHINA_OFFSET, toIso, toLocal } from '../../src/adapter-kit/local-time.ts'
import { isRecord } from '../../src/adapter-kit/loose-json.ts'
import { statusOf } from '../../src/adapter-kit/status-table.ts'
import { type BookSettings, itemOf } from './settings.ts'
import { statuses } from './statuses.ts'

type Data = Readonly<Record<string, unknown>>

export function slotsCall(
  { matter, division, from, to }: Questions['slots']['asked'],
  settings: BookSettings,
): JsonCall {
  const query = new URLSearchParams({ item: itemOf(settings, matter), area: division, from, to })
  return { method: 'GET', path: `/slots?${query}` }
}

export function slotsIn({ data }: Said): BookSlot[] {
  if (!Array.isArray(data.slots)) throw unread('slots')
  return data.slots.map((one) => {
    if (!isRecord(one)) throw unread('slots')
    const { total } = one
    return {
      id: slotNo(one),
      ...spanOf(one),
      free: countOf(one.left, 'left'),
      ...(total === undefined ? {} : { capacity: countOf(total, 'total') }),
    }
  })
}

export function reserveCall(
  { reservationId, matter, division, slot, from }: ReservationContent,
  settings: BookSettings,
): JsonCall {
  const begin = toLocal(from, CHINA_OFFSET)
  const body = { orderNo: reservationId, item: itemOf(settings, matter), area: division, slotNo: slot, begin }
  return { method: 'POST', path: '/reservations', body }
}

export const findCall = ({ reservationId }: Pick<ReservationContent, 'reservationId'>): JsonCall => ({
  method: 'GET',
  path: `/reservations/${encodeURIComponent(reservationId)}`,
})

/** `absent` to a reservation is no answer to it. */
export function reservedIn({ means, data }: Said): Receipt {
  if (means === 'absent') throw unread('reservationNo')
  const slot: ReservedSlot = spanOf(data)
  const receipt = { reference: textOf(data, 'reservationNo'), data: slot }
  return means === 'duplicate' ? { ...receipt, duplicate: true } : receipt
}

/** null: it was never there, or holds no seat any more. */
export function foundIn(said: Said): Receipt | null {
  if (said.means === 'absent') return null
  const { word } = statusOf(statuses, textOf(said.data, 'state'))
  return word === 'over' ? null : reservedIn({ ...said, means: 'done' })
}

export const cancelCall = ({ reservationId, reference, reason }: CancellationContent): JsonCall => ({
  method: 'POST',
  path: `/reservations/${encodeURIComponent(reservationId)}/cancellation`,
  body: { ...(reference === undefined ? {} : { reservationNo: reference }), reason },
})

/** What it has not got holds no seat either. */
export const cancelledIn = ({ means }: Said, { reference }: CancellationContent): Receipt => ({
  ...(reference === undefined ? {} : { reference }),
  ...(means === 'done' ? {} : { duplicate: true }),
})

function slotNo(one: Data): string {
  const id = textOf(one, 'slotNo')
  if (/^[\w.~-]{1,40}$/.test(id)) return id
  throw new AdapterFailure(
    'unrecognised',
    'slotNo 只能是至多 40 位字母、数字和 . _ ~ - (slotNo must be at most 40 letters, digits and . _ ~ -)',
  )
}

/** Local time, as all of China has it. */
function spanOf(one: Data): ReservedSlot {
  const { place } = one
  return {
    from: toIso(one.begin, CHINA_OFFSET),
    to: toIso(one.end, CHINA_OFFSET),
    ...(typeof place === 'string' && place !== '' ? { place: place.slice(0, LONGEST_PLACE) } : {}),
  }
}

const LONGEST_PLACE = 200

function countOf(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw unread(name)
}

const unread = (name: string): AdapterFailure =>
  new AdapterFailure('unrecognised', `应答中的 ${name} 无法识别 (${name} cannot be read)`)
