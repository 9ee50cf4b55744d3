// One submission's world: the gateway's books, the outside systems' own, and a clock. Everything that is told the
// domain goes through `tell`, where a database may fail, a batch may form and a process may forget.

import { startOf } from '../../src/domain/calendar.ts'
import type { CaseEvent, CaseState } from '../../src/domain/case-states.ts'
import type { Rules } from '../../src/domain/decide.ts'
import type { DomainEvent, EventDetail } from '../../src/domain/events.ts'
import { ringsOn } from '../../src/domain/ringing.ts'
import type { Aggregate, Case, Entry, Transfer } from '../../src/domain/submission.ts'
import type { Books, Told } from './books.ts'
import type { City } from './city.ts'
import type { Faults } from './faults.ts'
import { law } from './law.ts'

export type Outcome = 'applied' | 'noted' | 'duplicate' | 'refused' | 'replayed'

export interface World {
  readonly random: () => number
  readonly city: City
  readonly faults: Faults
  readonly books: Books
  /** Milliseconds since the epoch. */
  now: number
  rules: Rules
  /** The end: no more faults, and every party does its duty. */
  calm: boolean
  /** What delivery knows of transfers it has tried. */
  readonly tries: Map<string, Try>
  readonly desks: Map<string, Desk>
  readonly outside: Outside
  /** Numbers for messages. */
  messages: number
  readonly witness: Witness
}

/** Sees everything that is told, and what comes of it. */
export interface Witness {
  telling?(told: Told): void
  heard?(told: Told, outcome: Outcome, entries: readonly Entry[]): void
}

export interface Try {
  /** An earlier attempt may have arrived. */
  look: boolean
  /** Nobody can tell: a person must decide. */
  undecided: boolean
}

/** A department's desk for one case. */
export interface Desk {
  taken: boolean
  state: CaseState
  /** Said, but not yet sent. */
  outbox: Report[]
  /** Sent, to be repeated. */
  sent: Report[]
}

export interface Report {
  key: string
  event: CaseEvent
  at: string
  detail: EventDetail
}

/** The outside systems' own books. */
interface Outside {
  /** Effects by the transfer's id. */
  readonly effects: Map<string, number>
  /** The last event that a subscriber has of a subject. */
  readonly last: Map<string, number>
  /** Parcels that the carrier has an order for. */
  readonly orders: Set<string>
  /** Reports of the post so far. */
  scans: number
}

/** The submission as the gateway has it; there is one once a world has begun. */
export const known = (world: World): Aggregate => world.books.aggregate!

export const iso = (ms: number): string => {
  if (ms !== lastMs) [lastMs, lastIso] = [ms, new Date(ms).toISOString()]
  return lastIso
}
// A moment is mostly asked for several times in a row.
let [lastMs, lastIso] = [Number.NaN, '']

export const due = (world: World): Transfer[] => known(world).transfers.filter((one) => one.state === 'due')

/** A transfer that was never tried has nothing to look for. */
export function tryOf({ tries }: World, id: string): Try {
  const known = tries.get(id)
  if (known) return known
  const fresh: Try = { look: false, undecided: false }
  tries.set(id, fresh)
  return fresh
}

/** A desk that nobody has spoken to has not taken the case. */
export function deskOf({ desks }: World, caseId: string): Desk {
  const there = desks.get(caseId)
  if (there) return there
  const desk: Desk = { taken: false, state: 'dispatched', outbox: [], sent: [] }
  desks.set(caseId, desk)
  return desk
}

/** A key of its own for a message of this source. */
export const newKey = (world: World, source: string): string => `${source} ${++world.messages}`

const nothing: readonly Entry[] = []

/** Tells the domain. `message` makes it happen once. */
export function tell(world: World, event: DomainEvent, message?: string): Outcome {
  const { books, random, rules, faults } = world
  const told: Told = { event, now: iso(world.now), rules, ...(message ? { message } : {}) }
  const outcome = record(world, told)
  if (world.calm) {
    books.commit()
    return outcome
  }
  if (random() < faults.batched) return outcome
  books.commit(random() < faults.commitLost)
  if (random() < faults.answerLost) repeat(world, told)
  if (random() < faults.forgotten) books.reload()
  return outcome
}

function record(world: World, told: Told): Outcome {
  world.witness.telling?.(told)
  const decision = world.books.record(told)
  const outcome = decision === 'replayed' ? decision : decision.outcome
  world.witness.heard?.(told, outcome, decision === 'replayed' ? nothing : decision.entries)
  return outcome
}

/** The commit stood, but its answer was lost: whoever told it tells it again. */
function repeat(world: World, told: Told): void {
  const before = known(world)
  const outcome = record(world, told)
  world.books.commit()
  const harmless = outcome === 'replayed' || outcome === 'duplicate' || outcome === 'refused'
  law(
    harmless || mayAct(told, before),
    'what is told twice happens once',
    () => `${told.event.type} was ${outcome}`,
  )
}

/**
 * A bell that rings late rings for every card that is due by then; callbacks are told again as often as
 * somebody asks.
 */
function mayAct({ event, now }: Told, { cases }: Aggregate): boolean {
  if (event.type === 'callbacks.replayed') return true
  if (event.type !== 'clock.rang') return false
  const one = cases.find(({ id }) => id === event.caseId)
  return one !== undefined && isDue(one, Date.parse(now))
}

/** The day has come on which the case has to be looked at. */
export function isDue(one: Case, now: number): boolean {
  const on = ringsOn(one)
  return on !== null && now >= Date.parse(startOf(on))
}
