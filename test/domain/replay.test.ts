// Callbacks told again: behind what is still open, marked, and written down.

import t from 'tap'
import type { PublicEvent } from '../../src/domain/submission.ts'
import { begin, callingBack, submission } from './life.ts'

t.test('an event told again keeps its id and waits for what is open in its lane', async (t) => {
  const life = begin(submission(), callingBack)
  life.deliver('submitCase')
  const [first, ...open] = life.transfers('notify').filter(({ system }) => system === 'platform')
  const { event } = first!.about as { event: PublicEvent }
  life.tell({ type: 'callbacks.replayed', system: 'platform', events: [event], by: 'admin', reason: 'asked' })
  const again = life.transfers('notify').at(-1)!
  t.match(again, {
    system: 'platform',
    lane: first!.lane,
    state: 'held',
    about: { replay: true, event: { id: event.id } },
  })
  t.equal(life.transfers('notify').filter(({ system }) => system === 'platform').length, open.length + 2)
  t.match(life.entries.at(-1), {
    type: 'callbacks.replayed',
    data: { events: [event.id], by: 'admin', reason: 'asked' },
  })
})

t.test('nothing told again is refused', async (t) => {
  const life = begin(submission(), callingBack)
  const empty = { type: 'callbacks.replayed', system: 'platform', events: [], by: 'a', reason: 'b' } as const
  t.equal(life.tell(empty).outcome, 'refused')
})
