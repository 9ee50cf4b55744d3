// Seats in departments' own systems. Each is written down before it is asked for, asked for under one number
// however often its request is repeated, and given back, again and again, as long as nobody wants it and the
// system has not said that it is free.

import type { Receipt, ReservationContent, ReservedSlot } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import { isRecord } from '../adapter-kit/loose-json.ts'
import type { BookCalls } from '../delivery/book-calls.ts'
import { type DepartmentSlot, readDepartmentSlot } from '../domain/department-slots.ts'
import { newId } from '../identifiers.ts'
import type { Pool } from '../ledger/database.ts'
import {
  claimReservation,
  claimReturn,
  endReturn,
  giveUp,
  type Kept,
  letGo,
  noteReturnFailed,
  type Reservation,
  returnAllUnused,
  returnUnused,
} from '../ledger/reservations.ts'

export interface ReservationDeps {
  ledger: { readonly writers: Pool }
  calls: BookCalls
  catalogues: { inForce(): { matters: ReadonlyMap<string, MatterNames> } }
}

type MatterAsked = ReservationContent['matter']

interface MatterNames {
  name: { zh: string }
  taskCode?: string
}

interface ReservationWish {
  slot: DepartmentSlot
  matter: string
  client: string
  key: string
}

/**
 * `busy`: another process is at the same request. `other`: the key was used for another one. `changed`: the
 * slot is at another time by now.
 */
type Reserved = Kept | 'busy' | 'other' | 'changed'

/**
 * A seat at the system, to be kept by a booking at once. @throws AdapterFailure when it cannot be had, or
 * when nobody knows: then the same request may come again, and goes on with the same reservation
 */
export async function reserveSeat(deps: ReservationDeps, wish: ReservationWish): Promise<Reserved> {
  const { writers } = deps.ledger
  const { slot, matter, client, key } = wish
  const mine = await claimReservation(writers, {
    id: newId('rsv'),
    system: slot.system,
    slot: slot.id,
    startsAt: slot.from,
    matter,
    client,
    key,
  })
  if (!mine) return 'busy'
  if (mine.slot !== slot.id || mine.matter !== matter) {
    await letGo(writers, mine, 'its key was used for another slot')
    return 'other'
  }
  const content = contentOf(deps, mine, slot)
  const receipt = await answered(deps, mine, content)
  const { from, to, place } = reservedSlot(receipt)
  if (Date.parse(from) === Date.parse(slot.from))
    return {
      id: mine.id,
      claims: mine.claims,
      reference: receipt.reference ?? null,
      endsAt: to,
      place: place ?? null,
    }
  await giveUp(writers, mine, 'returning', `reserved for ${from}`, receipt.reference)
  await giveBack(deps, mine.id)
  return 'changed'
}

/** Asked, and looked for once where the answer did not come. */
async function answered(
  deps: ReservationDeps,
  mine: Reservation,
  content: ReservationContent,
): Promise<Receipt> {
  const { calls } = deps
  try {
    return checked(await calls.reserve(mine.system, content, mine.claims))
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    const found = mayBeThere(error) ? await lookedFor(deps, mine.system, content) : null
    if (found) return found
    await leave(deps, mine, error)
    throw error
  }
}

async function lookedFor(
  { calls }: ReservationDeps,
  system: string,
  content: ReservationContent,
): Promise<Receipt | null> {
  try {
    const found = await calls.find(system, content)
    return found ? checked(found) : null
  } catch (error) {
    if (error instanceof AdapterFailure) return null
    throw error
  }
}

/** Refused at once and for good, it is over; else a repeat may go on with it, or the rounds give it back. */
async function leave(
  { ledger: { writers } }: ReservationDeps,
  mine: Reservation,
  failure: AdapterFailure,
): Promise<void> {
  const { message } = failure
  if (!mayBeThere(failure) && mine.claims === 1) await giveUp(writers, mine, 'ended', message)
  else if (failure.kind === 'rejected') await giveUp(writers, mine, 'returning', message)
  else await letGo(writers, mine, message)
}

const mayBeThere = ({ kind, sent }: AdapterFailure): boolean =>
  sent && kind !== 'rejected' && kind !== 'throttled' && kind !== 'unauthorised'

const isMoment = (value: unknown): value is string =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value))

/** @throws AdapterFailure 'unrecognised' for a receipt that does not say when */
function checked(receipt: Receipt): Receipt {
  const { data } = receipt
  if (isRecord(data) && isMoment(data.from) && isMoment(data.to)) return receipt
  throw new AdapterFailure('unrecognised', '回执未写明时段 (the receipt does not say when)')
}

const reservedSlot = ({ data }: Receipt): ReservedSlot => data as ReservedSlot

/** As the catalogue in force has it; one that it has no more goes by its code. */
export function namedMatter({ catalogues }: Pick<ReservationDeps, 'catalogues'>, code: string): MatterAsked {
  const known = catalogues.inForce().matters.get(code)
  const { taskCode } = known ?? {}
  return { code, name: known?.name.zh ?? code, ...(taskCode === undefined ? {} : { taskCode }) }
}

const contentOf = (
  deps: ReservationDeps,
  { id, matter }: Pick<Reservation, 'id' | 'matter'>,
  { division, own, from }: DepartmentSlot,
): ReservationContent => ({
  reservationId: id,
  matter: namedMatter(deps, matter),
  division,
  slot: own,
  from,
})

/** Of a booking that has just been cancelled or moved away: at once where the system answers, else by the rounds. */
export async function giveBackUnused(deps: ReservationDeps, id: string): Promise<void> {
  await returnUnused(deps.ledger.writers, id)
  await giveBack(deps, id)
}

async function giveBack(deps: ReservationDeps, id: string): Promise<void> {
  const one = await claimReturn(deps.ledger.writers, { id })
  if (one) await returned(deps, one)
}

/** Whatever nobody wants any more; a system that is away is left alone until the next round. */
export async function giveBackAll(deps: ReservationDeps, signal?: AbortSignal): Promise<void> {
  const { writers } = deps.ledger
  await returnAllUnused(writers)
  const away = new Set<string>()
  while (!signal?.aborted) {
    const one = await claimReturn(writers, { away: [...away] })
    if (!one) return
    const failure = await returned(deps, one)
    if (failure && failure.kind !== 'rejected') away.add(one.system)
  }
}

/** Resolves with why it was not given back, if so. */
async function returned(deps: ReservationDeps, one: Reservation): Promise<AdapterFailure | undefined> {
  const { ledger, calls } = deps
  const slot = readDepartmentSlot(one.slot)!
  try {
    const reference = one.reference ?? (await unanswered(deps, one, slot))
    if (reference !== null)
      await calls.cancel(one.system, {
        reservationId: one.id,
        ...(reference === undefined ? {} : { reference }),
        slot: slot.own,
        reason: '申请人取消、改期或未在保留时间内确认',
      })
    // What was never answered may still arrive: it is looked for again.
    if (one.reference !== null || one.settled) await endReturn(ledger.writers, one.id)
    return undefined
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    await noteReturnFailed(ledger.writers, one.id, error.message)
    return error
  }
}

/** The system's number of a reservation whose answer never came. null: it is not there. undefined: nobody can say. */
async function unanswered(
  deps: ReservationDeps,
  one: Reservation,
  slot: DepartmentSlot,
): Promise<string | null | undefined> {
  const found = await deps.calls.find(one.system, contentOf(deps, one, slot))
  return found === null ? null : found?.reference
}
