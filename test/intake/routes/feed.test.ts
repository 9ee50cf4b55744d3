// Catching up: what a platform was told, once more, in order and without a gap.

import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import t from 'tap'
import type { Teardown } from '../../support/database.ts'
import { newborn, number, platformAt, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { refused } from './refused.ts'

const running = await runGateway(t, { roles: ['api'] })
const platform = platformAt(running.url)

interface Feed {
  items: { id: string; type: string; specversion: string; data: { submissionId: string } }[]
  next: string
  more: boolean
}

const feed = async (query = ''): Promise<Feed> => (await platform.get(`/v1/events${query}`)).json()
const submitted = async (): Promise<string> =>
  (await platform.submit(newborn({ externalId: number() }))).json().submissionId

/** Any transaction of the server that writes may hold the newest events up for a moment: asked until enough are there. */
async function follow(cursor: string, count: number, limit = 2): Promise<{ seen: string[]; page: Feed }> {
  const seen: string[] = []
  let page = await feed(`?limit=${limit}${cursor}`)
  for (const until = Date.now() + 10_000; Date.now() < until; ) {
    seen.push(...page.items.map(({ data }) => data.submissionId))
    if (seen.length >= count && page.items.length === 0) break
    if (page.items.length === 0) await sleep(20)
    page = await feed(`?limit=${limit}&after=${page.next}`)
  }
  return { seen, page }
}

async function session(t: Teardown): Promise<Client> {
  const client = new Client({ connectionString: running.databaseUrl })
  await client.connect()
  t.teardown(() => client.end())
  return client
}

/** Told to the platform by another process, in a transaction that is still open. */
const tell = (client: Client, id: string) =>
  client.query(
    `insert into transfers (id, submission_id, system, operation, lane, sequence, state, about)
     values ($1, 'sub_z', 'kaifeng-platform', 'notify', $1, 1, 'delivered', $2)`,
    [
      id,
      {
        event: {
          id,
          type: 'submission.received',
          at: '',
          subject: id,
          sequence: 1,
          data: { submissionId: id },
        },
      },
    ],
  )

t.test('pages follow one another without a gap or a repeat', async (t) => {
  const accepted = []
  for (let i = 0; i < 5; i++) accepted.push(await submitted())
  const { seen, page } = await follow('', 5)
  t.strictSame(seen, accepted)
  t.equal(page.more, false)
})

t.test('an event has the id and the form it was pushed with', async (t) => {
  const [first] = (await feed()).items
  const told = (await platform.get(`/v1/submissions/${first!.data.submissionId}/events`)).json().items
  t.match(first, { specversion: '1.0', id: told[0].id, type: 'submission.received' })
})

t.test('an event that is read again has the source that callbacks of its platform have', async (t) => {
  const [first] = (await feed()).items
  t.match(first, { source: '/tongban' })
  const named = await runGateway(t, {
    roles: ['api'],
    edit: {
      'systems/kaifeng-platform.yaml': (text) =>
        text.replace('  callbacks:\n', '  callbacks:\n    source: https://tongban.kaifeng.gov.cn/\n'),
    },
  })
  const there = platformAt(named.url)
  await there.submit(newborn({ externalId: number() }))
  const read = async () => (await there.get('/v1/events')).json().items
  let items = await read()
  for (const until = Date.now() + 10_000; items.length === 0 && Date.now() < until; items = await read())
    await sleep(20)
  t.match(items, [{ source: 'https://tongban.kaifeng.gov.cn/', type: 'submission.received' }])
})

t.test('types and times narrow it', async (t) => {
  t.equal((await feed('?types=case.*,parcel.delivered')).items.length, 0)
  t.equal((await feed('?types=submission.*')).items.length, 5)
  t.equal((await feed('?since=2099-01-01T00:00:00Z')).items.length, 0)
  t.equal((await feed('?since=2020-01-01T00:00:00Z')).items.length, 5)
})

t.test('a platform sees its own events only', async (t) => {
  const other = platformAt(running.url, tokens.county)
  t.strictSame((await other.get('/v1/events')).json().items, [])
})

t.test('what cannot be understood is named, all of it at once', async (t) => {
  const answer = await platform.get('/v1/events?after=%00&limit=0&types=everything')
  t.equal(answer.status, 400)
  t.strictSame(
    answer
      .json()
      .errors.map(({ pointer }: { pointer: string }) => pointer)
      .sort(),
    ['/query/after', '/query/limit', '/query/types'],
  )
  t.equal((await platform.get('/v1/events?after=abc&since=2026-01-01')).status, 400)
})

t.test('a misspelt parameter or type is refused with the nearest known one', async (t) => {
  const rows: [query: string, faults: string[], near: RegExp][] = [
    ['?type=case.closed', ['/query/type unknown-field'], /did you mean types\?/],
    ['?types=case.closed,case.clozed', ['/query/types invalid-value'], /did you mean case\.closed\?/],
    ['?types=cases.*', ['/query/types invalid-value'], /did you mean case\.\*\?/],
    ['?page=2&types=*', ['/query/page unknown-field'], /known are after, since, types, limit/],
    [`?types=${Array(101).fill('case.*').join(',')}`, ['/query/types invalid-value'], /at most 100/],
  ]
  for (const [query, faults, near] of rows) {
    const answer = await platform.get(`/v1/events${query}`)
    refused(t, answer, 'invalid-request', faults)
    t.match(answer.json().errors[0].message, near)
  }
})

t.test('what an older transaction commits later is not skipped', async (t) => {
  const { next } = await feed()
  const older = await session(t)
  await older.query('begin')
  await tell(older, 'trf_older')
  const younger = [await submitted(), await submitted()]
  t.strictSame(
    (await feed(`?after=${next}`)).items,
    [],
    'nothing is shown that something may still come before',
  )
  await older.query('commit')
  t.strictSame((await follow(`&after=${next}`, 3)).seen, ['trf_older', ...younger])
})

t.test('who only reads, however long, holds nothing up', async (t) => {
  const { next } = await feed()
  const reader = await session(t)
  await reader.query('begin isolation level repeatable read read only')
  await reader.query('select count(*) from transfers')
  const told = await submitted()
  t.strictSame((await follow(`&after=${next}`, 1)).seen, [told])
  await reader.query('rollback')
})

t.test('a time finds the first that was told since, whatever its transaction did before', async (t) => {
  const early = await session(t)
  await early.query('begin')
  const { rows } = await early.query<{ at: Date }>('select clock_timestamp() as at')
  const before = await submitted()
  await sleep(5)
  const since = new Date().toISOString()
  await tell(early, 'trf_slow')
  await early.query('commit')
  const after = await submitted()
  t.ok(rows[0]!.at.toISOString() < since)
  t.strictSame((await follow(`&since=${since}`, 1)).seen, [after])
  const { seen } = await follow(`&since=${rows[0]!.at.toISOString()}`, 3)
  t.strictSame(seen.slice(-3), [before, 'trf_slow', after])
})
