// What the schemas describe is all there is: hundreds of random submissions with every kind of trouble are
// told in events, and shown in documents, that hold nothing their schemas do not name.

import t from 'tap'
import { decide } from '../../src/domain/decide.ts'
import { papersOf } from '../../src/domain/papers.ts'
import { type PublicEventType, publicEvents } from '../../src/domain/public-events.ts'
import type { Aggregate } from '../../src/domain/submission.ts'
import {
  caseDocument,
  materialDocument,
  paperDocument,
  parcelDocument,
  submissionDocument,
} from '../../src/intake/documents.ts'
import { cloudEvent } from '../../src/intake/feed.ts'
import { citiesOf, type Decide, live } from '../simulate/life.ts'
import { strictSchemas } from '../support/strict-schemas.ts'

const LIVES = 600
const faultsOf = strictSchemas()

/** Lives, and hands over every state that they go through. */
function see(look: (aggregate: Aggregate) => void): void {
  const watching: Decide = (...asked) => {
    const decision = decide(...asked)
    look(decision.aggregate)
    return decision
  }
  const cities = citiesOf(21)
  for (let life = 1; life <= LIVES; life++)
    live(life, { seed: 21, faults: 'harsh', witness: {}, decide: watching }, cities)
}

/** Faults by what they are of; looks at nothing twice. */
function examination() {
  const wrong = new Map<string, unknown>()
  const seen = new WeakSet<object>()
  const examine = (schema: string, thing: object, show: () => unknown): boolean => {
    if (seen.has(thing)) return false
    seen.add(thing)
    const shown = JSON.parse(JSON.stringify(show()))
    // Ids of the simulation are shorter than real ones.
    const faults = faultsOf(schema, shown).filter((fault) => !fault.includes('must match pattern'))
    for (const fault of faults) wrong.set(`${schema}: ${fault}`, shown)
    return true
  }
  return { wrong, examine }
}

t.test('every event that is told is described whole', async (t) => {
  const { wrong, examine } = examination()
  const told = new Set<string>()
  see(({ transfers }) => {
    for (const { about } of transfers)
      if ('event' in about && examine('event', about.event, () => cloudEvent(about.event, '/tongban')))
        told.add(about.event.type)
  })
  t.strictSame([...wrong], [])
  const never: PublicEventType[] = publicEvents.filter((type) => !told.has(type))
  t.strictSame(never, [])
})

t.test('so is whatever is shown of a submission', async (t) => {
  const { wrong, examine } = examination()
  const members = new Set<string>()
  see((aggregate) => {
    const { submission, cases, materials, parcels } = aggregate
    examine('submission-status', submission, () => submissionDocument(aggregate))
    for (const one of cases) {
      examine('case', one, () => caseDocument(aggregate, one))
      for (const member of Object.keys(caseDocument(aggregate, one))) members.add(member)
    }
    for (const one of materials) examine('material', one, () => materialDocument(one))
    for (const one of parcels) examine('parcel', one, () => parcelDocument(one))
    for (const held of papersOf(aggregate)) examine('paper', held.paper, () => paperDocument(held))
  })
  t.strictSame([...wrong], [])
  for (const member of ['deadline', 'stopped', 'appointment', 'services', 'registration', 'result', 'waits'])
    t.ok(members.has(member), member)
})
