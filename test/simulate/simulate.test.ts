// The simulation in little, on every run of the tests; and that it would find what it is there to find.

import t from 'tap'
import { type Decision, decide } from '../../src/domain/decide.ts'
import type { Aggregate, Case, Transfer } from '../../src/domain/submission.ts'
import { actors } from './actors/index.ts'
import type { Profile } from './faults.ts'
import { citiesOf, type Decide, live } from './life.ts'
import { readOptions } from './options.ts'
import { reportText, violationText } from './report.ts'
import { examine, simulate, simulateSideBySide } from './run.ts'
import type { Witness } from './world.ts'

const run = (cases: number, seed: number, faults: Profile = 'default', broken: Decide = decide) =>
  simulate({ cases, seed, faults, shrink: true, decide: broken })

t.test('thousands of random lives keep every law, and every one ends', async (t) => {
  for (const [seed, faults] of [
    [1, 'none'],
    [2, 'default'],
    [3, 'harsh'],
  ] as const) {
    const found = run(2_500, seed, faults)
    t.strictSame(found.broken, {}, `${faults}\n${found.violations.length > 0 ? reportText(found) : ''}`)
    t.comment(`${found.events} events in ${found.seconds.toFixed(1)} s`)
  }
})

t.test('the same seed gives the same lives, another seed gives others', async (t) => {
  const [one, again, other] = [run(300, 11), run(300, 11), run(300, 12)]
  t.equal(again.digest, one.digest)
  const timeless = { seconds: 0, cpuSeconds: 0 }
  t.strictSame({ ...again, ...timeless }, { ...one, ...timeless })
  t.not(other.digest, one.digest)
})

t.test('threads side by side live the same lives', async (t) => {
  const options = { cases: 3_000, seed: 13, faults: 'default', shrink: true } as const
  const [one, two] = [simulate(options), await simulateSideBySide(options, 2)]
  const timeless = { seconds: 0, cpuSeconds: 0 }
  t.strictSame({ ...two, ...timeless }, { ...one, ...timeless })
})

t.test('halls remind, forget to say who came, and say it late; some cases end of that', async (t) => {
  const found = { reminded: 0, unreported: 0, late: 0, ended: 0 }
  const lapsed = new Set<string>()
  const heard: Witness['heard'] = (_, __, entries) => {
    for (const { type, caseId, data } of entries) {
      if (type === 'appointment.reminded') found.reminded++
      if (type === 'appointment.unreported' && lapsed.add(caseId!)) found.unreported++
      if (type === 'appointment.attended' && lapsed.has(caseId!)) found.late++
      if (data.reason === 'appointment-missed' && lapsed.has(caseId!)) found.ended++
    }
  }
  const cities = citiesOf(14)
  for (let life = 1; life <= 800; life++)
    live(life, { seed: 14, faults: 'default', witness: { heard } }, cities)
  for (const [what, times] of Object.entries(found)) t.ok(times > 0, `${what} ${times} times`)
})

t.test('every actor tells what it says that it tells', async (t) => {
  const { answers } = run(3_000, 4, 'harsh')
  for (const { name, tells } of actors) for (const type of tells) t.ok(answers[type], `${name} tells ${type}`)
  for (const [type, outcomes] of Object.entries(answers)) t.ok(outcomes.applied, `${type} applies somewhere`)
})

/** A domain that makes one mistake, wherever it can. */
const mistaken =
  (spoil: (before: Aggregate | null, decision: Decision) => Decision): Decide =>
  (aggregate, event, now, rules) =>
    spoil(aggregate, decide(aggregate, event, now, rules))

const change = (decision: Decision, part: Partial<Aggregate>): Decision => ({
  ...decision,
  aggregate: { ...decision.aggregate, ...part },
})

const mistakes: { law: string; domain: Decide; atMost: number }[] = [
  {
    law: 'decide never throws',
    domain: (aggregate, event, now, rules) => {
      if (event.type === 'clock.rang') throw new Error('no clock')
      return decide(aggregate, event, now, rules)
    },
    atMost: 2,
  },
  {
    law: 'a case moves by the table only',
    domain: mistaken((_, decision) => {
      const { cases } = decision.aggregate
      const back = cases.map((one) =>
        one.state === 'issued' ? { ...one, state: 'reviewing' as const } : one,
      )
      return cases.some((one) => one.state === 'issued') ? change(decision, { cases: back }) : decision
    }),
    atMost: 3,
  },
  {
    law: 'no transfer is lost',
    domain: mistaken((before, decision) => {
      const { transfers } = decision.aggregate
      return before && transfers.length > before.transfers.length && decision.outcome === 'applied'
        ? change(decision, { transfers: transfers.slice(0, -1) })
        : decision
    }),
    atMost: 3,
  },
  {
    law: 'a lane goes in order',
    domain: mistaken((_, decision) => {
      const { transfers } = decision.aggregate
      if (!transfers.some((one) => one.state === 'held')) return decision
      return change(decision, {
        transfers: transfers.map((one) => (one.state === 'held' ? { ...one, state: 'due' as const } : one)),
      })
    }),
    atMost: 4,
  },
  {
    law: 'entries are numbered without a gap',
    domain: mistaken((_, decision) =>
      decision.entries.length > 1 ? { ...decision, entries: decision.entries.slice(1) } : decision,
    ),
    atMost: 3,
  },
  {
    law: 'nothing new changes nothing',
    domain: mistaken((_, decision) =>
      decision.outcome === 'refused'
        ? change(decision, { parcels: [...decision.aggregate.parcels] })
        : decision,
    ),
    atMost: 3,
  },
  {
    law: "a submission is the sum of its cases'",
    domain: mistaken((_, decision) =>
      decision.aggregate.submission.state === 'completed'
        ? change(decision, { submission: { ...decision.aggregate.submission, state: 'open' } })
        : decision,
    ),
    atMost: 6,
  },
  {
    law: 'an evaluation only ever comes from whoever was served',
    domain: mistaken((_, decision) => {
      const evaluation = { satisfaction: 5, at: '2026-01-01T00:00:00Z' } as const
      const cases = decision.aggregate.cases.map((one) =>
        one.services
          ? { ...one, services: one.services.map((service) => ({ evaluation, ...service })) }
          : one,
      )
      return decision.outcome === 'applied' && cases.some((one) => one.services)
        ? change(decision, { cases })
        : decision
    }),
    atMost: 4,
  },
  {
    law: 'nobody waits for a parcel that will not come',
    domain: mistaken((before, decision) => {
      const types = new Set(decision.entries.map(({ type }) => type))
      const asks = types.has('case.correction-requested') && types.has('parcel.cancelled')
      return before && asks ? change(decision, { cases: before.cases }) : decision
    }),
    atMost: 4,
  },
  {
    law: 'nobody waits for a paper that is there',
    domain: mistaken((before, decision) => {
      const moved = decision.entries.some(({ type }) => type === 'material.handed-over')
      const waiting = before?.cases.map(({ waits }) => waits) ?? []
      const cases = decision.aggregate.cases.map((one, i) =>
        one.state === 'pending' ? { ...one, waits: waiting[i] ?? one.waits } : one,
      )
      return before && moved ? change(decision, { cases }) : decision
    }),
    atMost: 4,
  },
  {
    law: 'a registry is asked for somebody',
    domain: (aggregate, event, now, rules) => {
      const decision = decide(aggregate, event, now, rules)
      const dropped = (one: Transfer) => one.reason === 'no-case-needs-it'
      const transfers = decision.aggregate.transfers.map((one) =>
        dropped(one) ? aggregate!.transfers.find(({ id }) => id === one.id)! : one,
      )
      return decision.aggregate.transfers.some(dropped) ? change(decision, { transfers }) : decision
    },
    atMost: 3,
  },
  {
    law: 'whoever has to act is watched',
    domain: mistaken((before, decision) => {
      const cases = decision.aggregate.cases.map((one): Case => {
        const { clock: _, ...rest } = one
        return one.state === 'approved' ? rest : one
      })
      return before && cases.some((one, i) => one !== decision.aggregate.cases[i])
        ? change(decision, { cases })
        : decision
    }),
    atMost: 3,
  },
  {
    law: 'nobody is waited for without end',
    domain: mistaken((_, decision) => {
      const cases = decision.aggregate.cases.map((one): Case => {
        if (!one.appointment?.next) return one
        const { next: _, ...appointment } = one.appointment
        return { ...one, appointment }
      })
      return decision.entries.length > 0 ? change(decision, { cases }) : decision
    }),
    atMost: 1,
  },
  {
    law: 'a booking is reminded of once',
    domain: mistaken((before, decision) => {
      const isReminded = decision.entries.some(({ type }) => type === 'appointment.reminded')
      const cases = decision.aggregate.cases.map((one): Case => {
        const { appointment } = one
        if (appointment?.next?.step !== 'report') return one
        return { ...one, appointment: { ...appointment, next: { ...appointment.next, step: 'remind' } } }
      })
      return before && decision.entries.length > 0 && !isReminded ? change(decision, { cases }) : decision
    }),
    atMost: 4,
  },
  {
    law: 'nobody waits for a registry that is not asked',
    domain: mistaken((_, decision) => {
      const transfers = decision.aggregate.transfers.map((one) =>
        one.state === 'dead' && one.operation === 'obtainCertificate'
          ? { ...one, state: 'cancelled' as const }
          : one,
      )
      return decision.entries.some(({ type }) => type === 'transfer.buried')
        ? change(decision, { transfers })
        : decision
    }),
    atMost: 3,
  },
]

for (const { law, domain, atMost } of mistakes)
  t.test(`a domain that breaks "${law}" is found, by few events`, async (t) => {
    const found = run(400, 5, 'default', domain)
    const violation = found.violations.find((one) => one.law === law)
    t.ok(violation, Object.keys(found.broken).join(', '))
    t.ok(violation!.events.length <= atMost, `${violation!.events.length} of ${violation!.told}`)
  })

t.test('a transfer that is sent twice is seen from outside', async (t) => {
  const forgetful = mistaken((before, decision) => {
    const ended = before?.transfers.find((one) => one.operation === 'submitCase' && one.state === 'due')
    if (!ended || decision.aggregate.transfers.find((one) => one.id === ended.id)?.state !== 'delivered')
      return decision
    const transfers = decision.aggregate.transfers.map((one) => (one.id === ended.id ? ended : one))
    return change(decision, { transfers })
  })
  const { broken } = run(40, 6, 'none', forgetful)
  t.ok(broken['a transfer has one effect'] ?? broken['everything ends'], Object.keys(broken).join(', '))
})

t.test('a refused case that is withdrawn, and left to a person all the same, is found', async (t) => {
  const doubtful: Decide = (aggregate, event, now, rules) =>
    event.type === 'transfer.refused'
      ? decide(aggregate, { ...event, inDoubt: true }, now, rules)
      : decide(aggregate, event, now, rules)
  const { broken } = simulate({ cases: 1_500, seed: 5, faults: 'harsh', shrink: false, decide: doubtful })
  t.ok(broken['nobody has to send again what was refused and is over'], Object.keys(broken).join(', '))
})

t.test('a domain that changes what it was given is found', async (t) => {
  const careless: Decide = (aggregate, event, now, rules) => {
    if (aggregate && event.type === 'transfer.delivered')
      Object.assign(aggregate.submission, { externalId: 'spoilt' })
    return decide(aggregate, event, now, rules)
  }
  t.ok(run(300, 9, 'default', careless).broken['decide never throws'], 'what is frozen cannot be changed')
})

t.test('a case that never ends is found', async (t) => {
  const deaf: Decide = (aggregate, event, now, rules) =>
    event.type === 'appointment.reported' && aggregate
      ? { outcome: 'duplicate', aggregate, entries: [] }
      : decide(aggregate, event, now, rules)
  t.ok(run(60, 7, 'default', deaf).broken['everything ends'])
})

t.test('what broke a law is lived again by its seed and number', async (t) => {
  const { domain, law } = mistakes[0]!
  const options = { cases: 200, seed: 8, faults: 'harsh', shrink: true, decide: domain } as const
  const found = simulate(options)
  const again = examine(found.violations[0]!.life, options)
  t.equal(violationText(again, found), violationText(found.violations[0]!, found))
  t.match(reportText(found), new RegExp(`BROKEN ${law}[^]*--faults harsh --replay 8:${again.life}\n`))
})

t.test('what the command does not know is refused', async (t) => {
  t.equal(readOptions(['--help']), null)
  t.match(readOptions(['--cases', '10', '--replay', '3:14', '--no-shrink', '--threads', '2']), {
    threads: 2,
    seed: 3,
    replay: 14,
    shrink: false,
  })
  t.throws(() => readOptions(['--cases', 'many']), /--cases must be a whole number/)
  t.throws(() => readOptions(['--faults', 'some']), /none, default, harsh/)
  t.throws(() => readOptions(['--replay', '3']), /<seed>:<life>/)
  t.throws(() => readOptions(['--case', '3']), /Unknown option/)
})
