// The reports of a department that can only call out: read field by field, and never at more cost than they are worth.

import t from 'tap'
import { eventsOf } from '../../adapters/department-inbox/events.ts'

const accepted = { id: 'HEAL-1', type: 'case.accepted', at: '2026-11-28T10:00:00+08:00', caseId: 'case_1' }
const read = (message: unknown) => eventsOf(Buffer.from(JSON.stringify(message)))
const refusal = (message: unknown): string => {
  try {
    return `taken: ${read(message).length}`
  } catch (error) {
    return (error as Error).message
  }
}
const list = <T>(length: number, one: T): T[] => Array.from({ length }, () => one)

t.test('what fits is taken as it is told', async (t) => {
  t.strictSame(read({ events: [accepted] }), [{ ...accepted, detail: {} }])
  t.equal(read({ events: list(500, accepted) }).length, 500)
})

t.test('every field that does not fit is named, whichever event it is in', async (t) => {
  const text = refusal({ events: [accepted, { ...accepted, at: 'today', id: '' }] })
  t.match(text, '/events/1/at must match format "date-time"')
  t.match(text, '/events/1/id must NOT have fewer than 1 characters')
  t.notMatch(text, '/events/0')
  t.match(refusal({ events: [], more: 1 }), /additional properties.*fewer than 1 items/)
  for (const message of [null, 5, []]) t.match(refusal(message), 'must be object')
})

t.test('a message of nothing but faults is refused with a short list', async (t) => {
  const materials = (length: number) => ({ ...accepted, detail: { materials: list(length, {}) } })
  for (const [what, message] of Object.entries({
    'more events than are taken': { events: list(200_000, {}) },
    'as many as are taken, all wrong': { events: list(500, {}) },
    'one event with more in it than is taken': { events: [materials(200_000)] },
    'an event with many wrong parts': { events: [materials(200)] },
    'members without end': { ...Object.fromEntries(list(50_000, 1).map((_, i) => [`x${i}`, i])), events: [] },
  })) {
    const text = refusal(message)
    t.match(text, 'does not fit', what)
    t.ok(text.length < 10_000, `${what}: ${text.length} characters`)
  }
  t.match(refusal({ events: list(500, {}) }), /^.*\/events\/24 .*, …$/, 'it shows that there is more')
})
