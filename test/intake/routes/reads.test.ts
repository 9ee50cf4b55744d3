// What platforms read: where everything stands, found by our number and by theirs, and not sent twice when unchanged.

import t from 'tap'
import { newborn, number, platformAt } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { refused } from './refused.ts'

const running = await runGateway(t, { roles: ['api'] })
const platform = platformAt(running.url)
const submission = newborn({ externalId: number() })
const accepted = (await platform.submit(submission)).json()
const ofSubmission = `/v1/submissions/${accepted.submissionId}`
const ofCase = `/v1/cases/${accepted.cases[0].caseId}`

t.test('a submission is found by our number and by the platform’s own', async (t) => {
  const one = (await platform.get(ofSubmission)).json()
  t.match(one, {
    submissionId: accepted.submissionId,
    externalId: submission.externalId,
    theme: 'newborn',
    state: 'open',
    cases: accepted.cases.map(({ caseId }: { caseId: string }) => ({ caseId, state: 'pending' })),
  })
  const found = (await platform.get(`/v1/submissions?externalId=${submission.externalId}`)).json()
  t.strictSame(found, { items: [one] })
})

t.test('a case tells what it waits for', async (t) => {
  const [first, second] = await Promise.all(
    [0, 1].map(async (i) => (await platform.get(`/v1/cases/${accepted.cases[i].caseId}`)).json()),
  )
  t.match(first, { submissionId: accepted.submissionId, matter: 'birth-certificate', state: 'pending' })
  t.match(first.waits, [{ for: 'certificate' }, { for: 'certificate' }])
  t.ok(
    second.waits.some((one: { for: string; id?: string }) => one.for === 'case' && one.id === first.caseId),
  )
})

t.test('events, transfers, materials and parcels can be read of the whole and of one case', async (t) => {
  for (const view of ['events', 'transfers', 'materials', 'parcels']) {
    for (const path of [ofSubmission, ofCase]) {
      const answer = await platform.get(`${path}/${view}`)
      t.equal(answer.status, 200)
      t.ok(Array.isArray(answer.json().items), `${path}/${view}`)
    }
  }
  const { items } = (await platform.get(`${ofSubmission}/events`)).json()
  t.match(items, [{ type: 'submission.received' }])
})

t.test('what has not changed is not sent again', async (t) => {
  for (const path of [
    ofSubmission,
    ofCase,
    `${ofSubmission}/events`,
    `/v1/submissions?externalId=${submission.externalId}`,
    '/v1/events?limit=1',
  ]) {
    const etag = (await platform.get(path)).headers.get('etag') ?? ''
    t.match(etag, /^"[\w-]+"$/)
    const again = await platform.get(path, { headers: { 'if-none-match': etag } })
    t.equal(again.status, 304)
    t.equal(again.body.length, 0)
    t.equal(again.headers.get('etag'), etag)
  }
})

t.test('If-None-Match is read as HTTP defines it: lists, weak tags and the star', async (t) => {
  const etag = (await platform.get(ofSubmission)).headers.get('etag') ?? ''
  for (const value of [`"other", ${etag}`, `W/${etag}`, '*'])
    t.equal((await platform.get(ofSubmission, { headers: { 'if-none-match': value } })).status, 304, value)
  for (const value of ['"other"', etag.replaceAll('"', '')])
    t.equal((await platform.get(ofSubmission, { headers: { 'if-none-match': value } })).status, 200, value)
})

t.test('after a change the tag is another', async (t) => {
  const other = (await platform.submit(newborn())).json()
  const path = `/v1/submissions/${other.submissionId}`
  const etag = (await platform.get(path)).headers.get('etag') ?? ''
  const withdrawal = await platform.post(`/v1/cases/${other.cases[2].caseId}/withdrawal`, {
    body: { reason: '不办了' },
  })
  t.equal(withdrawal.status, 202)
  const after = await platform.get(path, { headers: { 'if-none-match': etag } })
  t.equal(after.status, 200)
  t.not(after.headers.get('etag'), etag)
})

t.test('an id that is none of ours is not found, however it looks', async (t) => {
  for (const id of [
    'sub_0',
    'x',
    accepted.cases[0].caseId,
    `${accepted.submissionId}01`,
    '%00',
    '..%2F..%2Fetc',
    'a'.repeat(190),
  ])
    refused(t, await platform.get(`/v1/submissions/${id}`), 'not-found')
  for (const id of ['case_0', accepted.submissionId, accepted.cases[0].caseId.replace(/..$/, '99')])
    refused(t, await platform.get(`/v1/cases/${id}`), 'not-found')
})

t.test('a search without the number asked for is refused', async (t) => {
  refused(t, await platform.get('/v1/submissions'), 'invalid-request')
  for (const query of ['', '?externalId=', '?externalId=%00', '?externalId=a&externalId=b'])
    refused(t, await platform.get(`/v1/submissions${query}`), 'invalid-request', [
      '/query/externalId required',
    ])
  refused(t, await platform.get('/v1/submissions?externalId=a&externalId=b'), 'invalid-request')
})

t.test('a parameter that a read does not know is refused, not passed over', async (t) => {
  const { submissionId, cases } = (await platform.submit(newborn())).json()
  const misspelt = await platform.get('/v1/submissions?externalID=a&externalId=a')
  refused(t, misspelt, 'invalid-request', ['/query/externalID unknown-field'])
  t.match(misspelt.json().errors[0].message, /did you mean externalId\?/)
  for (const path of [
    `/v1/submissions/${submissionId}`,
    `/v1/submissions/${submissionId}/custody.html`,
    `/v1/cases/${cases[0].caseId}/transfers`,
  ])
    refused(t, await platform.get(`${path}?since=1`), 'invalid-request', ['/query/since unknown-field'])
})

t.test('events are read in pages, each of which goes on where the one before ended', async (t) => {
  type Event = { id: string; number: number; caseId: string | null }
  type Events = { items: Event[]; next: string | null; more: boolean }
  const read = async (query: string, path = ofSubmission): Promise<Events> =>
    (await platform.get(`${path}/events${query}`)).json()
  await running.query(
    `insert into entries (id, submission_id, case_id, number, type, occurred_at, data)
     select $1 || '-' || n, $1, case when n % 2 = 0 then $2 end, 1000 + n, 'case.reported', now(), '{}' from generate_series(1, 1500) n`,
    [accepted.submissionId, accepted.cases[0].caseId],
  )
  t.equal((await read('')).items.length, 200)
  const first = await read('?limit=1000')
  t.equal(first.items.length, 1_000)
  t.equal(first.more, true, 'what is not shown is not hidden')
  const second = await read(`?limit=1000&after=${first.next}`)
  t.match({ more: second.more, next: second.next }, { more: false, next: null })
  const all = [...first.items, ...second.items].map((one) => one.number)
  t.strictSame(
    all,
    [...new Set(all)].sort((a, b) => a - b),
  )
  t.ok(all.length > 1_500)
  const ofOne: Event[] = []
  for (
    let page = await read('?limit=300', ofCase);
    ;
    page = await read(`?limit=300&after=${page.next}`, ofCase)
  ) {
    ofOne.push(...page.items)
    if (!page.more) break
    t.equal(page.items.length, 300)
  }
  t.ok(ofOne.length >= 750)
  t.ok(ofOne.every((one) => one.caseId === accepted.cases[0].caseId))
  for (const query of [
    'after=x',
    `after=${first.next}x9`,
    'after=',
    'limit=0',
    'limit=1001',
    'limit=many',
    'after=MQ&after=MQ',
  ])
    refused(t, await platform.get(`${ofSubmission}/events?${query}`), 'invalid-request')
})
