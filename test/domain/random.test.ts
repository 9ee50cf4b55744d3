// Whatever comes, in whatever order, however often: the laws that hold for every life of a submission.

import fc from 'fast-check'
import t from 'tap'
import { type CaseEvent, caseEvents, failedStates, settledStates } from '../../src/domain/case-states.ts'
import type { DomainEvent } from '../../src/domain/events.ts'
import { parcelEvents } from '../../src/domain/events.ts'
import type { Aggregate, Transfer, Wait } from '../../src/domain/submission.ts'
import { after, begin, certificate, type Life, material, matter, rulesWith, submission } from './life.ts'

// ---- what may come --------------------------------------------------------------------------------------------

type Move =
  | { by: 'department'; nth: number; event: CaseEvent; minutes: number; paper: boolean }
  | {
      by: 'carrier'
      nth: number
      event: (typeof parcelEvents)[number]
      minutes: number
      id: number
      reverses: boolean
    }
  | { by: 'system'; nth: number; end: 'delivered' | 'refused' | 'buried' | 'revived' | 'overdue' }
  | { by: 'applicant'; nth: number; does: 'supplement' | 'withdraw' | 'attend' }

const nth = fc.nat(5)
const minutes = fc.integer({ min: -60, max: 600 })
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      by: fc.constant('department' as const),
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
      nth,
      end: fc.constantFrom(
        'delivered' as const,
        'delivered' as const,
        'refused' as const,
        'buried' as const,
        'revived' as const,
        'overdue' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      by: fc.constant('applicant' as const),
      nth,
      does: fc.constantFrom('supplement' as const, 'withdraw' as const, 'attend' as const),
    }),
  },
)
const moves = fc.array(move, { minLength: 1, maxLength: 40 })

/** Certificates are old at once, and every result is registered. */
const rules = rulesWith({
  subscribes: () => true,
  certificates: { maxAgeMs: () => 0, registration: () => ({ registry: 'registry', certificateType: 'T' }) },
})

const city = () =>
  begin(
    submission({
      cases: [
        matter('licence'),
        matter('food', { after: ['licence'], paperResult: true }),
        matter('signboard', { after: ['food'] }),
        matter('water', { mode: 'appointment', waitsForAttendance: true }),
      ],
      materials: [
        certificate('C1', { matters: ['licence', 'food', 'water'], uploadInstead: true, reusableDays: 9 }),
        material('P1', 'paper', { matters: ['food'], holdsCase: true }),
      ],
      holder: 'h',
    }),
    rules,
  )

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)]

function asEvent(move: Move, { state }: Life): DomainEvent | undefined {
  const one = pick(state.cases, move.nth)!
  switch (move.by) {
    case 'department':
      return {
        type: 'case.reported',
        caseId: one.id,
        event: move.event,
        at: after(move.minutes),
        system: one.system,
        detail: move.paper
          ? { result: { type: move.nth % 2 ? 'paper' : 'electronic', name: '证' } }
          : { reason: '因' },
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
        at: after(minutes),
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
      if (move.end === 'refused')
        return { type: 'transfer.refused', transferId, code: `certificate-${move.nth % 2}`, reason: 'no' }
      if (move.end === 'overdue') return { type: 'certificate.overdue', transferId }
      if (move.end === 'buried') return { type: 'transfer.buried', transferId, reason: 'no' }
      return { type: 'transfer.revived', transferId, by: 'op', reason: '' }
    }
    case 'applicant':
      if (move.does === 'withdraw') return { type: 'case.withdrawal-asked', caseId: one.id, reason: '' }
      if (move.does === 'attend')
        return { type: 'appointment.reported', caseId: one.id, outcome: 'attended', at: after(0) }
      return { type: 'case.supplement-received', caseId: one.id, materials: [{ code: 'C1', files: [] }] }
  }
}

// ---- the laws -------------------------------------------------------------------------------------------------

const isOpen = (one: Transfer): boolean => ['held', 'due', 'dead'].includes(one.state)

function isAsked({ transfers }: Aggregate, wait: Wait): boolean {
  const forRegistry = wait.for === 'certificate' || wait.for === 'recheck'
  if (!forRegistry && !(wait.for === 'supplement' && wait.orCertificate)) return true
  return transfers.some((it) => isOpen(it) && 'material' in it.about && it.about.material === wait.material)
}

/** Each law as a sentence when it is broken. */
function broken(state: Aggregate): string[] {
  const said: string[] = []
  const law = (holds: boolean, sentence: string): void => void (holds || said.push(sentence))
  for (const [lane, list] of Map.groupBy(state.transfers.filter(isOpen), (one) => one.lane)) {
    const going = list.filter((one) => one.state !== 'held')
    const first = Math.min(...list.map((one) => one.sequence))
    law(going.length === 1 && going[0]!.sequence === first, `lane ${lane} goes in order`)
  }
  for (const one of state.cases) {
    const sent = state.transfers.filter((it) => it.operation === 'submitCase' && it.caseId === one.id)
    law(sent.length <= 1, `${one.matter.code} is sent at most once`)
    law(one.waits.length === 0 || one.state === 'pending', `${one.matter.code} waits only while pending`)
    for (const wait of one.waits)
      law(isAsked(state, wait), `${one.matter.code} waits for a registry that is being asked`)
    const registered = state.transfers.filter(
      (it) => it.operation === 'registerCertificate' && it.caseId === one.id,
    )
    law(registered.length <= 1, `the result of ${one.matter.code} is registered at most once`)
    const home = state.parcels.filter((it) => it.direction === 'deliver' && it.caseId === one.id)
    law(home.length <= 1, `${one.matter.code} is posted home at most once`)
  }
  const ids = [...state.cases, ...state.transfers, ...state.parcels].map((one) => one.id)
  law(new Set(ids).size === ids.length, 'ids are unique')
  law(state.submission.counts.transfers === state.transfers.length, 'no transfer disappears')
  const allSettled = state.cases.every((one) => settledStates.has(one.state))
  law((state.submission.state === 'open') === !allSettled, 'the submission is open while a case is')
  if (state.cases.every((one) => failedStates.has(one.state)))
    law(state.submission.state === 'refused', 'all refused is refused')
  return said
}

function wentBack(before: Aggregate, now: Aggregate): string[] {
  return before.cases.flatMap((one, i) => {
    const next = now.cases[i]!.state
    const stays = !settledStates.has(one.state) || next === one.state || next === 'closed'
    return stays ? [] : [`${one.matter.code} went from ${one.state} to ${next}`]
  })
}

t.test('no order of events breaks a law, and nothing throws', async (t) => {
  fc.assert(
    fc.property(moves, (list) => {
      const life = city()
      for (const one of list) {
        const event = asEvent(one, life)
        if (!event) continue
        const before = life.state
        const decision = life.tell(event)
        const said = [...broken(life.state), ...wentBack(before, life.state)]
        if (decision.outcome === 'duplicate' || decision.outcome === 'refused') {
          if (life.state !== before || decision.entries.length > 0) said.push('nothing new changes nothing')
        } else if (decision.entries.length === 0 && !event.type.startsWith('transfer.'))
          said.push(`${event.type} was ${decision.outcome} without an entry`)
        if (said.length > 0) throw new Error(`${said.join('; ')} after ${JSON.stringify(event)}`)
      }
      const numbers = life.entries.map((one) => one.number)
      return numbers.every((number, i) => number === i + 1)
    }),
    { numRuns: 600 },
  )
  t.pass()
})

t.test('every event again, at once, changes no state', async (t) => {
  fc.assert(
    fc.property(moves, (list) => {
      const life = city()
      for (const one of list) {
        const event = asEvent(one, life)!
        life.tell(event)
        const { cases, parcels, submission: settled } = life.state
        const [states, count, rolled] = [cases.map((it) => it.state), parcels.length, settled.state]
        life.tell(event)
        // A dead letter sent again is a new try, not a repeat.
        if (one.by === 'system') continue
        const same =
          life.state.cases.every((it, i) => it.state === states[i]) &&
          life.state.parcels.length === count &&
          life.state.submission.state === rolled
        if (!same) throw new Error(`a repeat moved something: ${JSON.stringify(event)}`)
      }
    }),
    { numRuns: 300 },
  )
  t.pass()
})

t.test('deciding is the same every time', async (t) => {
  fc.assert(
    fc.property(moves, (list) => {
      const [one, other] = [city(), city()]
      for (const it of list) {
        const event = asEvent(it, one)
        if (!event) continue
        one.tell(event)
        other.tell(event)
      }
      return JSON.stringify(one.state) === JSON.stringify(other.state)
    }),
    { numRuns: 100 },
  )
  t.pass()
})
