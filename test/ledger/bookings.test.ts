// Seats of a slot: each is sold once, whoever asks at the same moment, and who asks for one that is sold out
// costs little.

import t from 'tap'
import { holdSeat, moveSeat, readBooking } from '../../src/ledger/bookings.ts'
import { openWriters, type Pool } from '../../src/ledger/database.ts'
import { createDatabase, type Teardown } from '../support/database.ts'

const CAPACITY = 40
const wanted = (slot: string, capacity = CAPACITY) => ({
  slot,
  capacity,
  startsAt: '2030-01-02T09:00:00+08:00',
})
const holder = { matter: 'm', platform: 'p', client: 'c', holdMinutes: 10 }

/** A book, and what is asked of PostgreSQL for it. */
async function openBook(t: Teardown) {
  const { url } = await createDatabase(t)
  const pool = openWriters(url, 4)
  t.teardown(() => pool.end())
  const asked: string[] = []
  const query = (one: { name: string; text: string }) => {
    asked.push(one.name)
    return pool.query(one)
  }
  const writers = { query } as unknown as Pool
  const hold = (slot: string, id: string) => holdSeat(writers, { ...wanted(slot), ...holder, id, key: id })
  const fill = (slot: string) =>
    Promise.all(Array.from({ length: CAPACITY }, (_, n) => hold(slot, `${slot}-${n}`)))
  return { hold, fill, asked, writers }
}

t.test('as many as there are seats get one each, however many ask at once', async (t) => {
  const { hold } = await openBook(t)
  const all = await Promise.all(Array.from({ length: CAPACITY + 10 }, (_, n) => hold('busy', `apt_${n}`)))
  t.equal(all.filter(Boolean).length, CAPACITY)
})

t.test('a sold-out slot is asked for once, not once for each of its seats', async (t) => {
  const { hold, fill, asked, writers } = await openBook(t)
  await fill('full')
  const one = await hold('other', 'apt_other')
  t.ok(one)
  asked.length = 0
  t.equal(await hold('full', 'apt_late'), null)
  t.strictSame(asked.splice(0), ['release-lapsed', 'hold-seat'])
  t.equal(await moveSeat(writers, 'apt_other', wanted('full')), null)
  t.strictSame(asked, ['release-lapsed', 'move-seat'])
  t.match(await readBooking(writers, 'apt_other'), { slot: 'other', state: 'held' }, 'it keeps its own')
})

t.test('whoever moves gets one of the seats that others are after', async (t) => {
  const { hold, writers } = await openBook(t)
  await Promise.all(Array.from({ length: 10 }, (_, n) => hold('from', `apt_${n}`)))
  const moved = await Promise.all(
    Array.from({ length: 10 }, (_, n) => moveSeat(writers, `apt_${n}`, wanted('to', 9))),
  )
  t.equal(moved.filter(Boolean).length, 9)
})
