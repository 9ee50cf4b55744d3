// What may happen to a submission of four matters, by chance: departments, carriers, systems, applicants, whoever holds
// papers, and the clock, late, early, repeated and in any order. Must know no law of the domain.

import fc from 'fast-check'
import { dayAfter, dayOf } from '../../src/domain/calendar.ts'
import { type CaseEvent, caseEvents } from '../../src/domain/case-states.ts'
import type { Limits } from '../../src/domain/clock.ts'
import type { Decision } from '../../src/domain/decide.ts'
import { type DomainEvent, parcelEvents } from '../../src/domain/events.ts'
import { type Keeper, keeperKinds, keeperOf } from '../../src/domain/paper.ts'
import type { Aggregate, Transfer } from '../../src/domain/submission.ts'
import { after, begin, certificate, type Life, material, matter, rulesWith, submission } from './life.ts'

type Move = { waited: number } & (
  | { by: 'department'; nth: number; event: CaseEvent; minutes: number; paper: boolean }
  | {
      by: 'carrier'
      nth: number
      event: (typeof parcelEvents)[number]
      minutes: number
      id: number
      reverses: boolean
    }
  | {
      by: 'system'
      nth: number
      end: 'delivered' | 'refused' | 'buried' | 'revived' | 'vouched' | 'given-up'
    }
  | { by: 'applicant'; nth: number; does: (typeof wishes)[number] }
  | { by: 'clock'; nth: number }
  | { by: 'watch'; nth: number }
  | { by: 'operator'; nth: number }
  | { by: 'served'; nth: number; satisfaction: 1 | 5 }
  | { by: 'hands'; nth: number; to: Keeper['kind']; receives: boolean }
)

const wishes = [
  'supplement',
  'upload the paper',
  'withdraw',
  'withdraw all',
  'attend',
  'miss',
  'rebook',
  'cancel',
  'go online',
  'go to the counter',
  'go to a window',
  'redo',
] as const

/** What leaves more of a life to be lived. */
const milder = wishes.filter((one) => !one.startsWith('withdraw'))

const nth = fc.nat(5)
/** Late by hours, or ahead of the gateway's clock. */
const minutes = fc.integer({ min: -600, max: 20 })
/** Minutes since the move before: mostly few, sometimes weeks. */
const waited = fc.oneof({ weight: 5, arbitrary: fc.nat(60) }, { weight: 1, arbitrary: fc.nat(30 * 24 * 60) })
const move = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      by: fc.constant('department' as const),
      waited,
      nth,
      event: fc.constantFrom(...caseEvents),
      minutes,
      paper: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      by: fc.constant('carrier' as const),
      waited,
      nth,
      event: fc.constantFrom(...parcelEvents),
      minutes,
      id: fc.nat(9),
      reverses: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      by: fc.constant('system' as const),
      waited,
      nth,
      end: fc.constantFrom(
        'delivered' as const,
        'delivered' as const,
        'refused' as const,
        'buried' as const,
        'revived' as const,
        'vouched' as const,
        'given-up' as const,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      by: fc.constant('applicant' as const),
      waited,
      nth,
      does: fc.constantFrom(...wishes, ...milder, ...milder),
    }),
  },
  { weight: 2, arbitrary: fc.record({ by: fc.constant('clock' as const), waited, nth }) },
  { weight: 1, arbitrary: fc.record({ by: fc.constantFrom('watch' as const, 'operator'), waited, nth }) },
  {
    weight: 1,
    arbitrary: fc.record({
      by: fc.constant('served' as const),
      waited,
      nth,
      satisfaction: fc.constantFrom(1 as const, 5 as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      by: fc.constant('hands' as const),
      waited,
      nth,
      to: fc.constantFrom(...keeperKinds),
      receives: fc.boolean(),
    }),
  },
) satisfies fc.Arbitrary<Move>
export const moves = fc.array(move as fc.Arbitrary<Move>, { minLength: 1, maxLength: 40 })

const limits: Limits = {
  acceptance: { days: 5, unit: 'G' },
  decision: { days: 10, unit: 'Z' },
  issuance: { days: 4, unit: 'G' },
  supplement: { days: 3, unit: 'G' },
  specialProcedure: { days: 6, unit: 'Z' },
  appointment: { days: 3, unit: 'G' },
  warnShare: 0.8,
  escalation: [1, 2],
  supplementTimeout: 'terminate',
  appointmentTimeout: 'terminate',
  notices: 1,
}
const rules = rulesWith({
  subscribes: () => true,
  limits: () => limits,
  rating: () => 'rating',
  custody: { applicantDays: 1, windowDays: 1, carrierDays: 1, departmentDays: 1, receiptDays: 1 },
  certificates: {
    maxAgeMs: () => 60 * 60_000,
    registration: () => ({ registry: 'registry', certificateType: 'type-licence' }),
  },
})

const city = () =>
  begin(
    submission({
      cases: [
        matter('licence'),
        matter('food', { after: ['licence'], paperResult: true }),
        matter('signboard', { after: ['food'] }),
        matter('water', {
          ...{ mode: 'appointment', waitsForAttendance: true },
          slot: 'hall-1.water.20261201T0930',
        }),
      ],
      materials: [
        certificate('C1', { matters: ['licence', 'water'], uploadInstead: true }),
        material('R1', 'result', { matters: ['food'], from: 'licence' }),
        material('P1', 'paper', { matters: ['food'], holdsCase: true }),
      ],
    }),
    rules,
  )

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)]

/** `now` in minutes since the beginning. */
function asEvent(move: Move, { state }: Life, now: number): DomainEvent | undefined {
  const one = pick(state.cases, move.nth)!
  switch (move.by) {
    case 'department':
      return {
        type: 'case.reported',
        caseId: one.id,
        event: move.event,
        at: after(now + move.minutes),
        system: one.system,
        detail: resultOf(move),
      }
    case 'carrier': {
      const parcel = pick(state.parcels, move.nth)!
      const detail = move.reverses ? { reverses: String((move.id + 1) % 10) } : {}
      const { event, minutes, id } = move
      return {
        type: 'parcel.reported',
        parcelId: parcel.id,
        eventId: String(id),
        event,
        at: after(now + minutes),
        system: 'ems',
        detail,
      }
    }
    case 'system': {
      // What is held was never attempted; what is settled may be heard of again.
      const tried = state.transfers.filter((one) => one.state !== 'held')
      const transferId = pick(tried, move.nth * 7)!.id
      if (move.end === 'delivered')
        return { type: 'transfer.delivered', transferId, receipt: { reference: transferId } }
      if (move.end === 'refused') return { type: 'transfer.refused', transferId, code: 'no', reason: 'no' }
      if (move.end === 'buried') return { type: 'transfer.buried', transferId, reason: 'no' }
      const byHand = { transferId, by: 'op', reason: '' }
      if (move.end === 'vouched') return { type: 'transfer.vouched', ...byHand, reference: transferId }
      return { type: `transfer.${move.end}`, ...byHand }
    }
    case 'applicant':
      return wish(move.does, one.id, now, one.matter.code)
    case 'clock':
      return { type: 'clock.rang', caseId: one.id }
    case 'watch':
      return { type: 'certificate.overdue', transferId: pick(state.transfers, move.nth)!.id }
    case 'operator':
      return toldAgain(state, move.nth)
    case 'served': {
      const { system, number } = one.services?.[0] ?? { system: 'rating', number: 1 }
      const evaluation = { satisfaction: move.satisfaction, at: after(now) }
      return { type: 'case.rated', caseId: one.id, system, service: number, evaluation }
    }
    case 'hands':
      return move.receives
        ? { type: 'material.received', caseId: one.id, at: after(now), system: one.system }
        : handedOver(state, move.to, now)
  }
}

function toldAgain({ transfers }: Aggregate, nth: number): DomainEvent {
  const told = transfers.flatMap(({ about }) => ('event' in about && !about.replay ? [about.event] : []))
  const events = told.slice(nth % Math.max(1, told.length)).slice(0, 2)
  return { type: 'callbacks.replayed', system: 'food', events, by: 'op', reason: '' }
}

function handedOver({ cases }: Aggregate, kind: Keeper['kind'], now: number): DomainEvent {
  const food = cases[1]!
  const paper = food.papers?.find(({ material }) => material === 'P1') ?? {
    material: 'P1',
    name: '',
    links: [],
  }
  const from = keeperOf(paper, food.system)
  return {
    type: 'material.handed-over',
    papers: [{ material: 'P1' }],
    from,
    to: { kind },
    at: after(now),
    by: 'client:hall',
  }
}

const resultOf = (move: Move & { by: 'department' }) =>
  move.paper
    ? { result: { type: 'paper', name: '证' } as const }
    : {
        reason: '因',
        ...(move.nth % 2 ? { result: { type: 'electronic', name: '证', number: '1' } as const } : {}),
      }

/** Of a book that says when, some days ahead, or of one that does not. */
function slotAt(now: number): string {
  const day = dayAfter(dayOf(after(now)), now % 6)
  return now % 3 === 0 ? `S-${now % 2}` : `hall-1.water.${day.replaceAll('-', '')}T0930`
}

export function wish(does: (typeof wishes)[number], caseId: string, now: number, code: string): DomainEvent {
  const at = after(now)
  const mode = { type: 'case.mode-asked', caseId, reason: '', waitsForAttendance: true } as const
  switch (does) {
    case 'supplement':
      return {
        type: 'case.supplement-received',
        caseId,
        materials: ['C1', 'R1'].slice(0, 1 + (now % 2)).map((given) => ({ code: given, files: [] })),
      }
    case 'upload the paper':
      return { type: 'case.supplement-received', caseId, materials: [{ code: 'P1', files: [] }] }
    case 'withdraw':
      return { type: 'case.withdrawal-asked', caseId, reason: '' }
    case 'withdraw all':
      return { type: 'submission.withdrawal-asked', reason: '' }
    case 'attend':
      return { type: 'appointment.reported', caseId, outcome: 'attended', at }
    case 'miss':
      return { type: 'appointment.reported', caseId, outcome: 'missed', at }
    case 'rebook':
      return { type: 'appointment.reported', caseId, outcome: 'rebooked', at, slot: slotAt(now) }
    case 'cancel':
      return { type: 'appointment.reported', caseId, outcome: 'cancelled', at }
    case 'go online':
      return { ...mode, mode: 'online' }
    case 'go to the counter':
      return { ...mode, mode: 'appointment', slot: slotAt(now) }
    case 'go to a window':
      return { ...mode, mode: 'agent', agent: { hall: 'H', window: '01', clerk: '王' } }
    case 'redo':
      return {
        type: 'submission.redone',
        by: `sub_${now}`,
        externalId: `E-${now}`,
        matters: [code],
        over: [],
      }
  }
}

/** Tells each in its turn, with the time that has passed; `heed` sees every decision. */
export function liveThrough(
  list: readonly Move[],
  heed: (life: Life, event: DomainEvent, before: Aggregate, decision: Decision, now: number) => void,
): { life: Life; now: number } {
  const life = city()
  let now = 0
  for (const one of list) {
    now += one.waited
    const event = asEvent(one, life, now)
    if (!event) continue
    const before = life.state
    heed(life, event, before, life.tell(event, after(now)), now)
  }
  return { life, now }
}

export const isOpen = (one: Transfer): boolean => ['held', 'due', 'dead'].includes(one.state)
