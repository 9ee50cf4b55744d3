// Why a slot cannot be had, in both languages.

import { nearest } from '../domain/nearest.ts'
import type { Slot } from '../domain/slots.ts'
import { type FieldError, fieldError } from '../intake/field-error.ts'
import { problem } from '../intake/problems.ts'
import type { Booking } from '../ledger/bookings.ts'

/** Of the request in which a slot stands alone; a submission has its own place for it. */
const at = '/slot'

export const noSuchSlot = (id: string): FieldError =>
  fieldError(
    at,
    'slot-unknown',
    `no hall offers the slot ${id.slice(0, 64)}: see GET /v1/slots`,
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

export const full = ({ from }: Slot): FieldError =>
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

export const fullProblem = (slot: Slot): Error => {
  const { message, messageZh } = full(slot)
  return problem('conflict-state', { detail: message, detailZh: messageZh, errors: [full(slot)] })
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
