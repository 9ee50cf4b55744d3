// What the schemas describe is all there is: hundreds of random submissions with every kind of trouble are told in events that
// hold nothing their schema does not name.

import t from 'tap'
import { decide } from '../../src/domain/decide.ts'
import { type PublicEventType, publicEvents } from '../../src/domain/public-events.ts'
import type { PublicEvent } from '../../src/domain/submission.ts'
import { cloudEvent } from '../../src/intake/feed.ts'
import { citiesOf, type Decide, live } from '../simulate/life.ts'
import { strictSchemas } from '../support/strict-schemas.ts'

const LIVES = 600
const faultsOf = strictSchemas()

t.test('every event that is told is described whole', async (t) => {
  const wrong = new Map<string, unknown>()
  const told = new Set<string>()
  const seen = new WeakSet<PublicEvent>()
  const look: Decide = (...asked) => {
    const decision = decide(...asked)
    for (const { about } of decision.aggregate.transfers) {
      if (!('event' in about) || seen.has(about.event)) continue
      seen.add(about.event)
      told.add(about.event.type)
      const faults = faultsOf('event', JSON.parse(JSON.stringify(cloudEvent(about.event, '/tongban'))))
      if (faults.length > 0) wrong.set(`${about.event.type}: ${faults.join('; ')}`, about.event.data)
    }
    return decision
  }
  const cities = citiesOf(21)
  for (let life = 1; life <= LIVES; life++)
    live(life, { seed: 21, faults: 'harsh', witness: {}, decide: look }, cities)
  t.strictSame([...wrong], [])
  const never: PublicEventType[] = publicEvents.filter((type) => !told.has(type))
  t.strictSame(never, [])
})
