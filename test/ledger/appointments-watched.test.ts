// A database of before appointments were watched: after its migration they are, whatever their day.

import { readFileSync } from 'node:fs'
import t from 'tap'
import { matter, rulesWith } from '../domain/life.ts'
import { type Books, openBooks } from './books.ts'

const migration = readFileSync(
  new URL('../../src/ledger/migrations/0013_appointments_watched.sql', import.meta.url),
  'utf8',
)
const limits = { appointment: { days: 15, unit: 'G' as const }, warnShare: 0.8 }
const rules = rulesWith({ limits: () => limits })

/** A case as it was written then. */
async function bookedBefore(books: Books, slot: string, startsAt: string): Promise<[string, string]> {
  const cases = [matter('licence', { mode: 'appointment', waitsForAttendance: true, slot })]
  const { submissionId, aggregate } = await books.take({ cases })
  await books.query(
    `insert into bookings (id, slot, seat, starts_at, matter, platform, client, key, state, held_until)
     values ($1, $2, 1, $3, 'licence', 'platform', 'client', $1, 'confirmed', now())`,
    [`apt_${slot}`, slot, startsAt],
  )
  await books.query(
    `update cases set rings_on = null,
       data = ((data::jsonb #- '{appointment,next}') #- '{appointment,startsAt}')::json where submission_id = $1`,
    [submissionId],
  )
  return [submissionId, aggregate!.cases[0]!.id]
}

t.test('what was booked before is watched: reminded of, or missed by now', async (t) => {
  const old = await openBooks(t, { rules })
  const [, past] = await bookedBefore(old, 'hall.desk.20260105T0930', '2026-01-05T09:30:00+08:00')
  const [, ahead] = await bookedBefore(old, 'hall.desk.20990105T0930', '2099-01-05T09:30:00+08:00')
  const [gone, withdrawn] = await bookedBefore(old, 'hall.desk.20990106T0930', '2099-01-06T09:30:00+08:00')
  await old.tell(gone, { type: 'case.withdrawal-asked', caseId: withdrawn, reason: '' })

  await old.query(migration)
  await old.query(migration)
  const days = await old.query(
    'select id, rings_on::text as on from cases where rings_on is not null order by id',
  )
  t.strictSame(days, [
    { id: past, on: '2026-01-04' },
    { id: ahead, on: '2099-01-04' },
  ])

  // This process has not seen them: it reads what the migration wrote.
  const books = await openBooks(t, { rules, url: old.url })
  const rung = await books.tell(past.replace('case_', 'sub_').slice(0, 30), {
    type: 'clock.rang',
    caseId: past,
  })
  t.match(rung.entries, [{ type: 'appointment.unreported', data: { startsAt: '2026-01-05T09:30:00+08:00' } }])
  t.match(rung.aggregate?.cases[0], {
    clock: { of: 'appointment' },
    appointment: { slot: 'hall.desk.20260105T0930', state: 'booked', unreported: true },
  })
})
