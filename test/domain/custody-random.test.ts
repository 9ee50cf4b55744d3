// Whatever windows, departments and carriers tell of papers, in whatever order: the laws of custody.

import fc from 'fast-check'
import t from 'tap'
import { type DomainEvent, parcelEvents } from '../../src/domain/events.ts'
import { type Keeper, sameKeeper, standing } from '../../src/domain/paper.ts'
import { ringsOn } from '../../src/domain/ringing.ts'
import { after, begin, type Life, material, matter, rulesWith, submission } from './life.ts'

const custody = { applicantDays: 1, windowDays: 1, carrierDays: 1, departmentDays: 1, receiptDays: 1 }
const rules = rulesWith({ custody, subscribes: () => true })
const keepers: readonly Keeper[] = [
  { kind: 'applicant' },
  { kind: 'window', hall: 'h', window: '1' },
  { kind: 'window', hall: 'h', window: '2' },
  { kind: 'carrier' },
  { kind: 'carrier', system: 'ems' },
  { kind: 'department', system: 'licence' },
]
const takenIn = { by: keepers[1]!, at: after(0) }

const minutes = fc.integer({ min: -100, max: 6_000 })
const keeper = fc.constantFrom(...keepers)
const move = fc.oneof(
  fc.record({ by: fc.constant('window' as const), from: keeper, to: keeper, minutes, result: fc.boolean() }),
  fc.record({
    by: fc.constant('carrier' as const),
    nth: fc.nat(1),
    event: fc.constantFrom(...parcelEvents),
    reverses: fc.option(fc.constantFrom(...parcelEvents)),
    minutes,
    id: fc.nat(30),
  }),
  fc.record({ by: fc.constant('department' as const), minutes }),
  fc.record({ by: fc.constant('clock' as const), minutes }),
)

const city = (): Life => {
  const life = begin(
    submission({
      cases: [matter('licence', { paperResult: true })],
      materials: [material('deed', 'paper', { takenIn }), material('plan', 'paper')],
    }),
    rules,
  )
  life.report('licence', 'case.issued')
  return life
}

function asEvent(one: typeof move extends fc.Arbitrary<infer M> ? M : never, life: Life): DomainEvent {
  const caseId = life.state.cases[0]!.id
  const at = after(one.minutes)
  switch (one.by) {
    case 'window': {
      const { from, to, result } = one
      const papers = [result ? { result: 'licence' } : { material: 'deed' }]
      return { type: 'material.handed-over', papers, from, to, at, by: 'client:platform' }
    }
    case 'carrier': {
      const { id: parcelId } = life.state.parcels[one.nth]!
      const detail = one.reverses ? { reverses: one.reverses } : {}
      return {
        type: 'parcel.reported',
        parcelId,
        eventId: String(one.id),
        event: one.event,
        at,
        system: 'ems',
        detail,
      }
    }
    case 'department':
      return { type: 'material.received', caseId, at, system: 'licence' }
    case 'clock':
      return { type: 'clock.rang', caseId }
  }
}

function broken({ state }: Life): string[] {
  return (state.cases[0]!.papers ?? []).flatMap(({ name, links }) => {
    if (links.some((link) => !standing(link))) return []
    return links.flatMap(({ from, gap }, i) => {
      const expected = i === 0 ? undefined : links[i - 1]!.to
      return !expected || gap || sameKeeper(expected, from) ? [] : [`${name}: link ${i} begins nowhere`]
    })
  })
}

t.test(
  'a chain is connected or says where it is not; no news changes nothing; nothing rings for ever',
  async (t) => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: 30 }), (list) => {
        const life = city()
        for (const one of list) {
          const event = asEvent(one, life)
          const before = life.state
          const now = after(Math.max(0, one.minutes))
          const { outcome } = life.tell(event, now)
          const said = broken(life)
          if ((outcome === 'duplicate' || outcome === 'refused') && life.state !== before)
            said.push(`${outcome} changed something`)
          if (
            event.type !== 'clock.rang' &&
            outcome !== 'refused' &&
            life.tell(event, now).outcome === 'applied'
          )
            said.push('the same once more was applied')
          if (event.type === 'clock.rang') {
            const on = ringsOn(life.state.cases[0]!)
            if (on !== null && Date.parse(`${on}T00:00:00+08:00`) <= Date.parse(now))
              said.push('it rings for ever')
          }
          if (said.length > 0) throw new Error(`${said.join('; ')} after ${JSON.stringify(event)}`)
        }
      }),
      { numRuns: 1_000 },
    )
    t.pass()
  },
)
