// Why a slot cannot be had, in both languages.

import type { AdapterFailure } from '../adapter-kit/failures.ts'
import type { DepartmentSlot } from '../domain/department-slots.ts'
import { nearest } from '../domain/nearest.ts'
import type { Slot } from '../domain/slots.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'
import type { Booking } from '../ledger/bookings.ts'

/** Of the request in which a slot stands alone; a submission has its own place for it. */
const at = '/slot'

export const noSuchSlot = (id: string): FieldError =>
  fieldError(
    at,
    'unknown-slot',
    `no hall or booking system offers the slot ${id.slice(0, 64)}: see GET /v1/slots`,
    `没有号源 ${id.slice(0, 64)}，请查询 GET /v1/slots`,
  )

export function otherMatters({ hall, offer }: Slot, matter: string): FieldError {
  const near = nearest(matter, offer.matters)
  return fieldError(
    at,
    'slot-for-others',
    `the slots ${offer.code} of hall ${hall} are not for ${matter}${near ? `; did you mean ${near}?` : ''}`,
    `大厅 ${hall} 的号源 ${offer.code} 不用于事项 ${matter}`,
  )
}

export const notOpen = ({ from, offer }: Slot): FieldError =>
  fieldError(
    at,
    'slot-not-open',
    `the slot of ${from} cannot be booked: it has begun, lies on a day off or more than ${offer.aheadDays} days ahead`,
    `${from} 的时段不可预约：已开始、非工作日或超过提前 ${offer.aheadDays} 天的范围`,
  )

export const full = ({ from }: { from: string }): FieldError =>
  fieldError(at, 'slot-full', `the slot of ${from} is full: choose another`, `${from} 的时段已约满，请另选`)

export const notHeld = (id: string): FieldError =>
  fieldError(
    at,
    'slot-not-held',
    `${id.slice(0, 64)} is not held for you any more, or never was: hold a slot again`,
    `${id.slice(0, 64)} 未为您保留或保留已过期，请重新预约`,
  )

export const heldForAnother = ({ id, matter }: Booking): FieldError =>
  fieldError(
    at,
    'slot-for-others',
    `${id} is held for the matter ${matter}, which is not done by appointment here`,
    `${id} 是为事项 ${matter} 保留的，此处没有预约办理该事项`,
  )

/** Somebody was quicker, or the slot has changed: not the caller's mistake. */
const lost: ReadonlySet<string> = new Set(['slot-full', 'slot-gone'])

export const refusedProblem = (fault: FieldError): Error => {
  if (!lost.has(fault.code)) return problem('invalid-request', { errors: [fault] })
  const { message, messageZh } = fault
  return problem('conflict-state', { detail: message, detailZh: messageZh, errors: [fault] })
}

export const overProblem = (): Error =>
  problem('conflict-state', {
    detail: 'this appointment is over: hold another slot',
    detailZh: '该预约已取消或已过期，请重新预约',
  })

export const noSuchBooking = (id: string): Error =>
  problem('not-found', {
    detail: `there is no appointment ${id.slice(0, 64)}`,
    detailZh: `没有预约 ${id.slice(0, 64)}`,
  })

/** Who keeps a department's slots. */
interface BookKeeper {
  system: string
  title: { zh: string; en: string }
}

export const begun = ({ from }: DepartmentSlot): FieldError =>
  fieldError(at, 'slot-not-open', `the slot of ${from} has begun`, `${from} 的时段已开始，不可预约`)

export const notServed = (
  { system, title }: BookKeeper,
  { division }: DepartmentSlot,
  matter: string,
): FieldError =>
  fieldError(
    at,
    'slot-for-others',
    `the slots of ${title.en} (${system}) in ${division} are not for ${matter}`,
    `${title.zh}（${system}）在 ${division} 的号源不用于事项 ${matter}`,
  )

export const slotGone = ({ from }: DepartmentSlot): FieldError =>
  fieldError(
    at,
    'slot-gone',
    `the slot of ${from} is not there any more, or was moved: choose another`,
    `${from} 的时段已撤销或已调整，请另选`,
  )

/** Why slots of a booking system are missing from an answer. */
export const awayWords = ({ system, title }: BookKeeper): { detail: string; detailZh: string } => ({
  detail: `the booking system ${title.en} (${system}) gives no answer at present`,
  detailZh: `预约系统“${title.zh}”（${system}）暂时无法答复`,
})

export function bookAway(missing: readonly (BookKeeper & { failure: AdapterFailure })[]): Error {
  const words = missing.map(awayWords)
  const waitMs = Math.max(...missing.map(({ failure }) => failure.retryAfterMs ?? 0))
  return problem('unavailable', {
    detail: `${words.map(({ detail }) => detail).join('; ')}; try again later`,
    detailZh: `${words.map(({ detailZh }) => detailZh).join('；')}，请稍后重试`,
    ...(waitMs > 0 ? { headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } } : {}),
  })
}

export const bookRefuses = ({ system, title }: BookKeeper): Error =>
  problem('conflict-state', {
    detail: `the booking system ${title.en} (${system}) refuses this: choose another slot, or ask the department`,
    detailZh: `预约系统“${title.zh}”（${system}）拒绝了该预约，请另选时段或咨询该部门`,
  })

/** Another process is at the same request, or was until a moment ago. */
export const underWay = (): Error =>
  problem('unavailable', {
    detail: 'this reservation is under way: repeat it with the same Idempotency-Key',
    detailZh: '该预约正在办理中，请用相同的 Idempotency-Key 重试',
    headers: { 'retry-after': '2' },
  })
