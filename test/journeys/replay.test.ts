// A platform lost what it was told and asks to hear it again: the same events with the same ids, in order.
// Whoever keeps the ids sees no doubles.

import t from 'tap'
import { asOperator, operatorEnvironment } from '../support/operator.ts'
import { newborn } from '../support/platform.ts'
import { startTown } from './town.ts'

t.setTimeout(120_000)
const town = await startTown(t, {}, { env: await operatorEnvironment() })
const { url } = town.running
const operator = await asOperator(url)
const path = '/ops/v1/systems/kaifeng-platform/replay'
const order = async (body: Record<string, unknown>, query = '', key?: string | null) => {
  const answer = await town.platform.post(`${path}${query}`, {
    ...operator,
    body,
    ...(key === undefined ? {} : { key }),
  })
  return { status: answer.status, ...answer.json() }
}
const since = new Date(Date.now() - 60_000).toISOString()

interface Told {
  id: string
  replayed: boolean
  lane: string
}
const told = (): Promise<Told[]> =>
  town.running.query<Told>(
    `select about -> 'event' ->> 'id' as id, about -> 'replay' is not null as replayed, lane from transfers
     where operation = 'notify' and system = 'kaifeng-platform' order by lane, sequence`,
  )

t.test('a dry run counts and puts nothing in', async (t) => {
  await town.apply(newborn())
  await town.rest()
  const before = await told()
  const counted = await order({ since }, '?dryRun=true')
  t.match(counted, {
    status: 200,
    dryRun: true,
    events: before.length,
    submissions: 1,
    types: { 'case.closed': 4 },
  })
  t.strictSame(await told(), before)
})

t.test('everything is told again in order, and has no second effect', async (t) => {
  const first = await told()
  const before = town.told()
  const done = await order({ since, reason: '平台数据库恢复' }, '', 'restored-1')
  t.match(done, { status: 202, dryRun: false, events: first.length })
  await town.rest()
  const again = (await told()).filter(({ replayed }) => replayed)
  t.strictSame(
    again.map(({ id, lane }) => [lane, id]),
    first.map(({ id, lane }) => [lane, id]),
    'the same ids, in the order of each lane',
  )
  const after = town.told()
  t.equal(after.counts.duplicates! - (before.counts.duplicates ?? 0), first.length, 'known by their ids')
  t.strictSame(after.cases, before.cases)
  const entries = await town.running.query<{ data: { by: string; reason: string; events: string[] } }>(
    "select data from entries where type = 'callbacks.replayed'",
  )
  t.match(entries, [{ data: { by: 'admin', reason: '平台数据库恢复', events: { length: first.length } } }])
  await town.agree(t)
})

t.test(
  'what was told again is not told once more, and not shown twice to whoever reads the feed',
  async (t) => {
    const first = (await told()).filter(({ replayed }) => !replayed)
    t.equal((await order({ since }, '?dryRun=true')).events, first.length)
    await town.until('the feed shows all', async () => {
      const { items } = (await town.platform.get('/v1/events?limit=1000')).json()
      return (
        items.length === first.length &&
        new Set(items.map(({ id }: { id: string }) => id)).size === items.length
      )
    })
  },
)

t.test('an order whose answer was lost is given again under its key, and tells nothing again', async (t) => {
  const before = await told()
  const again = () => order({ since, reason: '平台数据库恢复' }, '', 'restored-1')
  const { status, ...first } = await again()
  t.equal(status, 200)
  t.match(first, { dryRun: false, events: before.filter(({ replayed }) => !replayed).length })
  await town.running.query("update messages set answer = null where key = 'restored-1'")
  t.match(await again(), { ...first, status: 202 }, 'whoever carried it out died before it answered')
  t.strictSame(await told(), before)
  t.equal((await order({ since, reason: 'another' }, '', 'restored-1')).code, 'idempotency-conflict')
  t.equal((await order({ since, reason: 'x' }, '', null)).code, 'idempotency-key-missing')
  t.strictSame(await told(), before)
})

t.test('an order that is refused leaves its key free', async (t) => {
  const unknown = await order({ after: 'evt_01kb3v5m8q0123456789abcdef01', reason: 'x' }, '', 'mistaken')
  t.equal(unknown.status, 400)
  const done = await order({ since, types: ['case.withdrawn'], reason: 'x' }, '', 'mistaken')
  t.match(done, { status: 202, events: 0 })
})

t.test('types, an event to begin after and a time to end at narrow it', async (t) => {
  t.match(await order({ since, types: ['case.closed'] }, '?dryRun=true'), {
    events: 4,
    types: { 'case.closed': 4 },
  })
  t.match(await order({ since, types: ['case.withdrawn'] }, '?dryRun=true'), { events: 0 })
  const whole = await order({ since }, '?dryRun=true')
  t.equal((await order({ after: whole.first }, '?dryRun=true')).events, whole.events - 1)
  t.equal((await order({ after: whole.last }, '?dryRun=true')).events, 0)
  t.equal((await order({ since, until: since }, '?dryRun=true')).events, 0)
  t.equal((await order({ since: new Date().toISOString() }, '?dryRun=true')).events, 0)
})

t.test(
  'an order that cannot be understood is refused, all of it at once, and a machine may give none',
  async (t) => {
    const wrong = await order({ since: 'yesterday', after: 'x', types: ['a b'], why: '' }, '')
    t.equal(wrong.status, 400)
    const pointers = wrong.errors.map(({ pointer }: { pointer: string }) => pointer)
    t.strictSame([...new Set(pointers)].sort(), ['/after', '/reason', '/since', '/types', '/why'])
    const unknown = await order({ after: 'evt_01kb3v5m8q0123456789abcdef01', reason: 'x' })
    t.match(unknown, { status: 400, errors: [{ pointer: '/after', code: 'unknown' }] })
    t.equal((await order({ since, reason: 'x' }, '?dryRun=perhaps')).status, 400)
    t.equal(
      (await town.platform.post('/ops/v1/systems/nobody/replay', { ...operator, body: {} })).status,
      404,
    )
    t.equal((await town.platform.post(path, { body: { since, reason: 'x' } })).status, 401)
  },
)
