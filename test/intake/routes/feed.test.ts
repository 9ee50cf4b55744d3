// Catching up: what a platform was told, once more, in order and without a gap.

import t from 'tap'
import { newborn, number, platformAt, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'

const running = await runGateway(t, { roles: ['api'] })
const platform = platformAt(running.url)

interface Feed {
  items: { id: string; type: string; specversion: string; data: { submissionId: string } }[]
  next: string
  more: boolean
}

const feed = async (query = ''): Promise<Feed> => (await platform.get(`/v1/events${query}`)).json()

t.test('pages follow one another without a gap or a repeat', async (t) => {
  const accepted = []
  for (let i = 0; i < 5; i++)
    accepted.push((await platform.submit(newborn({ externalId: number() }))).json().submissionId)
  const seen: string[] = []
  let page = await feed('?limit=2')
  for (; page.items.length > 0; page = await feed(`?limit=2&after=${page.next}`))
    seen.push(...page.items.map(({ data }) => data.submissionId))
  t.strictSame(seen, accepted)
  t.equal(page.more, false)
})

t.test('an event has the id and the form it was pushed with', async (t) => {
  const [first] = (await feed()).items
  const told = (await platform.get(`/v1/submissions/${first!.data.submissionId}/events`)).json().items
  t.match(first, { specversion: '1.0', id: told[0].id, type: 'submission.received' })
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
