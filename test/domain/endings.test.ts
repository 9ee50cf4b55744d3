// Every case ends: whatever happened before, once departments answer at last, limits pass, and who has an
// appointment comes.

import fc from 'fast-check'
import t from 'tap'
import { settledStates } from '../../src/domain/case-states.ts'
import type { Decision } from '../../src/domain/decide.ts'
import type { DomainEvent } from '../../src/domain/events.ts'
import type { Aggregate, Parcel } from '../../src/domain/submission.ts'
import { after, type Life } from './life.ts'
import { isOpen, liveThrough, moves, wish } from './random-moves.ts'

const DAY = 24 * 60
const PATIENCE = 60

/**
 * From here on systems answer, carriers arrive, who has an appointment comes, days pass, and departments
 * close what they have.
 */
function comeToRest(life: Life, since: number): void {
  let now = since
  for (let round = 0; round < PATIENCE && !isAtRest(life.state); round++) {
    now += 5 * DAY
    const tell = (event: DomainEvent): Decision => life.tell(event, after(now))
    for (const { id, state } of life.state.transfers) {
      if (state === 'dead') tell({ type: 'transfer.revived', transferId: id, by: 'op', reason: '' })
      if (state !== 'held') tell({ type: 'transfer.delivered', transferId: id, receipt: { reference: id } })
    }
    for (const { id } of life.state.parcels.filter((one) => !gone.has(one.state)))
      tell({
        type: 'parcel.reported',
        parcelId: id,
        eventId: `end-${round}`,
        event: 'parcel.delivered',
        at: after(now),
        system: 'ems',
        detail: {},
      })
    for (const { id: caseId, system, waits, state, appointment } of life.state.cases) {
      tell({ type: 'clock.rang', caseId })
      // Whoever missed it or cancelled it does nothing more.
      const isBooked = appointment?.state === 'booked'
      if (isBooked && waits.some((wait) => wait.for === 'attendance')) tell(wish('attend', caseId, now, ''))
      const answers = state !== 'pending' && state !== 'correction-requested'
      const event = 'case.closed' as const
      if (answers) tell({ type: 'case.reported', caseId, event, at: after(now), system, detail: {} })
    }
  }
}

/** What is there, or was lost, stays so. */
const gone: ReadonlySet<Parcel['state']> = new Set(['delivered', 'lost', 'returned', 'cancelled'])

const isAtRest = ({ cases, transfers }: Aggregate): boolean =>
  cases.every((one) => settledStates.has(one.state)) && !transfers.some(isOpen)

t.test('every case ends, when departments answer at last or limits pass', async (t) => {
  fc.assert(
    fc.property(moves, (list) => {
      const { life, now } = liveThrough(list, () => undefined)
      comeToRest(life, now)
      if (isAtRest(life.state)) return
      const open = life.state.cases.filter((one) => !settledStates.has(one.state))
      throw new Error(`still open: ${JSON.stringify(open)}`)
    }),
    { numRuns: 300 },
  )
  t.pass()
})
