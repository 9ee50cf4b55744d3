// Who may attempt a transfer: first attempts leased by the commit, claims, postponements, takeovers.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { removePause, writePause } from '../../src/ledger/pauses.ts'
import { callingBack } from '../domain/life.ts'
import { attemptOf, type Books, delivered, openBooks, report, transfersOf } from './books.ts'

const failure = { kind: 'unavailable', summary: 'not reached' }

async function oneDue(books: Books) {
  const { submissionId } = await books.take()
  const [transfer] = await transfersOf(books, submissionId)
  return { submissionId, ...transfer! }
}

const spacing = { from: 6, firstMs: 1_000, mostMs: 6_000 }

const postponement = (id: string, epoch: number, change = {}) => ({
  id,
  epoch,
  delayMs: 0,
  look: false,
  failure,
  attempt: null,
  ...change,
})

t.test('the commit leases first attempts while there is room, and wakes somebody for the rest', async (t) => {
  const books = await openBooks(t, { room: 1 })
  const [one, other] = await Promise.all([books.take(), books.take()])
  t.match(books.leased, [
    {
      submissionId: one.submissionId,
      epoch: 1,
      claims: 0,
      attempts: 0,
      look: false,
      document: { applicant: {} },
    },
  ])
  t.match(books.due, [{ epoch: 0, system: 'licence', delayMs: 0 }])
  t.match(await transfersOf(books, one.submissionId), [{ state: 'leased', epoch: 1 }])
  t.match(await transfersOf(books, other.submissionId), [{ state: 'due', epoch: 0 }])
  const owners = await books.query("select lease_owner from transfers where state = 'leased'")
  t.strictSame(owners, [{ lease_owner: books.ledger.presence.owner }])
})

t.test('a reservation is given back when the commit fails', async (t) => {
  const books = await openBooks(t, { room: 5 })
  await t.rejects(books.take({ externalId: 'N\0' }))
  t.equal(books.reserved(), 0)
  t.strictSame(books.leased, [])
})

t.test('the next of a lane is leased by the commit that freed it', async (t) => {
  const books = await openBooks(t, { rules: callingBack })
  const { submissionId } = await books.take()
  await books.ledger.record(report(submissionId, 'case.accepted', 'one'))
  const roomy = await openBooks(t, { url: books.url, rules: callingBack, room: 9 })
  const sent = (await transfersOf(books, submissionId)).find((one) => one.operation === 'submitCase')!
  await roomy.tell(submissionId, delivered(sent.id))
  t.match(roomy.leased, [{ transfer: { operation: 'notify', system: 'licence' }, epoch: 1 }])
})

t.test('a claim is fenced by its epoch', async (t) => {
  const books = await openBooks(t)
  const { id } = await oneDue(books)
  const claim = (epoch: number | null) => books.ledger.leases.claim({ id, epoch, leaseMs: 60_000 })
  t.equal(await claim(3), null)
  t.match(await claim(0), { transfer: { id, state: 'due' }, epoch: 1, attempts: 0, claims: 1, look: false })
  t.equal(await claim(1), null, 'what is leased is not due')
  t.equal(await claim(null), null)
})

t.test('of many claims for one transfer, by two processes, one wins', async (t) => {
  const books = await openBooks(t)
  const other = await openBooks(t, { url: books.url })
  const { id } = await oneDue(books)
  const claims = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      (i % 2 ? books : other).ledger.leases.claim({ id, epoch: 0, leaseMs: 60_000 }),
    ),
  )
  t.equal(claims.filter(Boolean).length, 1)
})

t.test('a claim is fenced by its lane', async (t) => {
  const books = await openBooks(t, { rules: callingBack })
  const { submissionId } = await books.take()
  await books.ledger.record(report(submissionId, 'case.accepted', 'one'))
  const [first, later] = (await transfersOf(books, submissionId)).filter((one) => one.system === 'licence')
  const claim = (id: string) => books.ledger.leases.claim({ id, epoch: null, leaseMs: 60_000 })
  t.equal(await claim(later!.id), null, 'it is held')
  await books.query("update transfers set state = 'due', next_attempt_at = now() where id = $1", [later!.id])
  t.equal(await claim(later!.id), null, 'an earlier one of its lane is open')
  await books.tell(submissionId, delivered(first!.id))
  t.match(await claim(later!.id), { transfer: { id: later!.id } })
})

t.test('what is not due yet cannot be claimed', async (t) => {
  const books = await openBooks(t)
  const { id } = await oneDue(books)
  const leased = await books.ledger.leases.claim({ id, epoch: 0, leaseMs: 60_000 })
  const due = await books.ledger.leases.postpone(
    postponement(id, leased!.epoch, { delayMs: 60_000, look: true }),
  )
  t.match(due, { id, system: 'licence', epoch: 1, delayMs: 60_000 })
  t.equal(await books.ledger.leases.claim({ id, epoch: 1, leaseMs: 60_000 }), null)
  await books.query('update transfers set next_attempt_at = now()')
  t.match(await books.ledger.leases.claim({ id, epoch: 1, leaseMs: 60_000 }), { epoch: 2, look: true })
})

t.test('whoever lost the lease can put nothing off, but its attempt is kept', async (t) => {
  const books = await openBooks(t)
  const { id } = await oneDue(books)
  await books.ledger.leases.claim({ id, epoch: 0, leaseMs: 60_000 })
  const attempt = attemptOf(id, 'unavailable')
  t.equal(await books.ledger.leases.postpone(postponement(id, 0, { attempt })), null)
  t.match(await books.query('select state, attempts from transfers'), [{ state: 'leased', attempts: 0 }])
  t.match(await books.ledger.leases.postpone(postponement(id, 1, { attempt })), { id })
  t.match(await books.query('select state, attempts, claims, failure from transfers'), [
    { state: 'due', attempts: 1, claims: 0, failure },
  ])
  t.match(await books.query('select count(*)::int as n from attempts'), [{ n: 2 }])
})

t.test(
  'a claim that is handed back without an attempt is not counted, nor are those before it forgotten',
  async (t) => {
    const books = await openBooks(t)
    const { id } = await oneDue(books)
    await books.query('update transfers set claims = 3')
    const claimed = await books.ledger.leases.claim({ id, epoch: 0, leaseMs: 60_000 })
    t.equal(claimed!.claims, 4)
    await books.ledger.leases.postpone(postponement(id, 1, { failure: null }))
    t.match(await books.query('select state, claims from transfers'), [{ state: 'due', claims: 3 }])
  },
)

t.test('how long it has been tried begins with a failure, and anew when a person says so', async (t) => {
  const books = await openBooks(t)
  const { writers, leases } = books.ledger
  const { id, submissionId } = await oneDue(books)
  const tried = async () => {
    const leased = (await leases.claim({ id, epoch: null, leaseMs: 60_000 }))!
    const attempt = attemptOf(id, 'unavailable')
    await leases.postpone(postponement(id, leased.epoch, { attempt }))
    return Math.round(leased.triedMs / 3_600_000)
  }
  const longAgo = () => books.query("update transfers set trying_since = now() - interval '80 h'")
  await books.query("update transfers set created_at = now() - interval '80 h'")
  t.equal(await tried(), 0, 'it waited, and nobody tried')
  t.equal(await tried(), 0)
  await longAgo()
  t.equal(await tried(), 80)
  await writePause(writers, 'licence', '401', 'gateway')
  await removePause(writers, 'licence', 'operator')
  t.equal(await tried(), 0, 'resumed')
  await books.query("update resumptions set at = now() - interval '70 h'")
  t.equal(await tried(), 70)
  await removePause(writers, 'licence', 'operator')
  t.equal(await tried(), 70, 'nothing was resumed')
  await books.tell(submissionId, { type: 'transfer.buried', transferId: id, reason: 'in vain' })
  await books.tell(submissionId, { type: 'transfer.revived', transferId: id, by: 'op', reason: 'mended' })
  t.equal(await tried(), 0, 'sent again')
})

t.test('the work of a process whose session ended is taken over and looked up first', async (t) => {
  const books = await openBooks(t)
  const dying = await openBooks(t, { url: books.url, room: 9 })
  await dying.take()
  const mine = await oneDue(books)
  await books.ledger.leases.claim({ id: mine.id, epoch: 0, leaseMs: 60_000 })
  t.strictSame(await books.ledger.leases.takeOver(10, spacing), [], 'both are alive')
  await dying.ledger.presence.close()
  const taken = await eventually(() => books.ledger.leases.takeOver(10, spacing))
  t.match(taken, [{ system: 'licence', epoch: 1, delayMs: 0 }])
  t.equal(taken.length, 1, 'nothing is taken from the living')
  t.match(await books.ledger.leases.claim({ id: taken[0]!.id, epoch: 1, leaseMs: 60_000 }), {
    epoch: 2,
    look: true,
    claims: 1,
  })
  t.equal(
    await dying.ledger.leases.postpone(postponement(taken[0]!.id, 1)),
    null,
    'the dead one is fenced off',
  )
})

t.test('a lease that ran out is taken over even from the living', async (t) => {
  const books = await openBooks(t)
  const { id } = await oneDue(books)
  await books.ledger.leases.claim({ id, epoch: 0, leaseMs: 30 })
  await sleep(60)
  t.match(await books.ledger.leases.takeOver(10, spacing), [{ id }])
})

t.test('attempts that begin again and again and never end come ever further apart', async (t) => {
  const books = await openBooks(t)
  const { id } = await oneDue(books)
  const waits: number[] = []
  for (let life = 1; life <= 10; life++) {
    await books.query('update transfers set next_attempt_at = now()')
    t.match(await books.ledger.leases.claim({ id, epoch: null, leaseMs: 1 }), { claims: life })
    await sleep(10)
    const [taken] = await books.ledger.leases.takeOver(10, spacing)
    const [row] = await books.query(
      'select greatest(0, ceil(extract(epoch from next_attempt_at - now())))::float as wait from transfers',
    )
    t.equal(row!.wait, taken!.delayMs / 1_000)
    waits.push(taken!.delayMs)
  }
  t.strictSame(waits, [0, 0, 0, 0, 0, 0, 1_000, 2_000, 4_000, 6_000])
})

t.test('what has been due for longer than the grace is overdue, oldest first', async (t) => {
  const books = await openBooks(t)
  const [one, other] = [await oneDue(books), await oneDue(books)]
  t.strictSame(await books.ledger.leases.overdue(5_000, 10, ['licence']), [])
  await books.query("update transfers set next_attempt_at = now() - interval '10 s' where id = $1", [one.id])
  await books.query("update transfers set next_attempt_at = now() - interval '20 s' where id = $1", [
    other.id,
  ])
  const found = await books.ledger.leases.overdue(5_000, 10, ['licence'])
  t.match(found, [{ id: other.id, epoch: 0 }, { id: one.id }])
  t.ok(found[0]!.delayMs <= -20_000 && found[0]!.delayMs > -40_000, 'and says for how long')
  const [first] = await books.ledger.leases.overdue(5_000, 1, ['licence'])
  const rest = await books.ledger.leases.overdue(5_000, 10, ['licence'], new Map([['licence', first!]]))
  t.match([first, ...rest], [{ id: other.id }, { id: one.id }])
  t.equal(rest.length, 1)
  t.strictSame(await books.ledger.leases.overdue(5_000, 10, ['health']), [])
  const age = (await books.ledger.oldestDue()).get('licence')!
  t.ok(age > 19_000 && age < 40_000)
})

async function eventually<T>(ask: () => Promise<T[]>): Promise<T[]> {
  for (let i = 0; i < 100; i++) {
    const list = await ask()
    if (list.length > 0) return list
    await sleep(20)
  }
  return []
}

t.test("one system's backlog does not hide what another's lost wake-up call left", async (t) => {
  const books = await openBooks(t)
  for (let n = 0; n < 4; n++) await books.take()
  const rare = await oneDue(books)
  await books.query(`update transfers set system = 'rating' where id = '${rare.id}'`)
  const overdue = await books.ledger.leases.overdue(0, 3, ['licence', 'rating', 'nobody'])
  t.strictSame(
    overdue.map(({ system }) => system),
    ['licence', 'licence', 'licence', 'rating'],
  )
})
