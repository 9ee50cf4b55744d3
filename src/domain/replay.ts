// Callbacks once more, because somebody asked for it: the same events with the same ids, in the order in
// which they were told, behind whatever of their lane is still open. Who receives them knows them by their
// ids.

import { type Draft, enter, refuse, type Step, transfer } from './draft.ts'
import type { DomainEvent } from './events.ts'

export function replayCallbacks(draft: Draft, asked: DomainEvent & { type: 'callbacks.replayed' }): Step {
  const { system, events, by, reason } = asked
  if (events.length === 0) return refuse('there is nothing to tell again', '没有可重新推送的事件')
  const { cases } = draft.aggregate
  const written = enter(draft, 'callbacks.replayed', null, draft.now, {
    system,
    events: events.map(({ id }) => id),
    by,
    reason,
  })
  return events.reduce(
    (next, event) =>
      transfer(next, {
        operation: 'notify',
        system,
        caseId: cases.some(({ id }) => id === event.subject) ? event.subject : null,
        lane: `${system}:${event.subject}`,
        about: { event, replay: true },
      }),
    written,
  )
}
