// How many events a second one core decides. A figure to watch, not a limit to keep: `npm run bench --
// --decide` measures it.

import t from 'tap'
import { measureDecide } from '../bench/decide.ts'

t.test('a whole life of a submission is decided over and over', async (t) => {
  const { events, eventsPerSecond } = measureDecide({ seconds: 0.3, warmUpSeconds: 0.1 })
  t.comment(`${Math.round(eventsPerSecond)} events a second`)
  t.ok(events > 0)
})
