// What operators read of supervision over HTTP, and what they are told when they ask wrongly.

import t from 'tap'
import { dayOf } from '../../src/domain/calendar.ts'
import { keepOutcome } from '../../src/ledger/reconciliations.ts'
import { asOperator, operatorEnvironment } from '../support/operator.ts'
import { newborn, platformAt } from '../support/platform.ts'
import { runGateway } from '../support/running.ts'

const running = await runGateway(t, { roles: ['api'], env: await operatorEnvironment() })
const platform = platformAt(running.url)
const operator = await asOperator(running.url)
const get = (path: string) => platform.get(path, operator)

t.test('statistics come as JSON with what each figure means, or as a table for Excel', async (t) => {
  await platform.submit(newborn())
  const today = dayOf(new Date().toISOString())
  const answer = await get(`/ops/v1/statistics?from=${today}&to=${today}&by=theme`)
  t.equal(answer.status, 200)
  t.match(answer.json(), {
    by: 'theme',
    smallestCount: 5,
    items: [{ key: 'newborn', figures: { received: null, decided: 0 }, suppressed: ['received'] }],
    total: { figures: { received: null } },
    definitions: { tripsSaved: { meaning: { zh: /网上提交/ } } },
  })
  const csv = await get('/ops/v1/statistics?by=division&format=csv')
  t.match(csv.headers.get('content-type'), 'text/csv')
  t.match(
    csv.headers.get('content-disposition'),
    /attachment; filename="statistics-division-\d{4}-01-01-.*\.csv"/,
  )
  t.strictSame([...csv.body.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'a byte order mark')
  t.match(csv.body.toString(), /410204,鼓楼区,\*,/)
  t.notMatch(csv.body.toString() + answer.body, /张三|11010519491231002X|13800138000/)
})

t.test('a question that cannot be understood is refused, all of it at once', async (t) => {
  const answer = await get('/ops/v1/statistics?from=2026-13&by=themes&form=1')
  t.equal(answer.status, 400)
  const pointers = answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)
  t.strictSame(pointers.sort(), ['/query/by', '/query/form', '/query/from'])
  t.equal((await get('/ops/v1/reconciliations?day=2026-02-30')).status, 400)
  t.equal((await get('/ops/v1/reconciliations?system=nobody')).status, 404)
  for (const year of ['0000', '0026', '1999', '2300', '9999'])
    for (const path of [
      `reconciliations?day=${year}-01-01`,
      `statistics?from=${year}-01&to=${year}-02-01`,
      `statistics?from=${year}-01-01&to=${year}-02`,
    ])
      t.equal((await get(`/ops/v1/${path}`)).status, 400, path)
  t.equal((await platform.get('/ops/v1/statistics')).status, 401, 'not for machines')
})

t.test('a parameter that a route does not know is refused, whatever the request does', async (t) => {
  const wrong = [
    ['GET', '/ops/v1/reconciliations?sytem=ems', 'did you mean system?'],
    ['GET', '/ops/v1/custody/overdue?limt=5', 'did you mean limit?'],
    ['GET', '/ops/v1/catalogue/diff?form=1', 'did you mean from?'],
    ['GET', '/ops/v1/catalogue/versions?number=1', 'none is known here'],
    ['GET', '/ops/v1/systems?paused=true', 'none is known here'],
    ['POST', '/ops/v1/systems/ems/replay?dryrun=true', 'did you mean dryRun?'],
    ['POST', '/ops/v1/systems/ems/pause?minutes=5', 'none is known here'],
  ] as const
  for (const [method, path, why] of wrong) {
    const answer = await platform.call(method, path, operator)
    t.equal(answer.status, 400, path)
    t.match(answer.json().errors, [
      { code: 'unknown-field', message: new RegExp(`; ${why.replace('?', '.')}`) },
    ])
  }
  t.match((await platform.post('/v1/submissions?check=true', { body: newborn() })).json(), {
    code: 'invalid-request',
  })
})

t.test('reconciliations are listed, with their differences when one is asked for', async (t) => {
  const counts = {
    ours: 3,
    theirs: 2,
    agreed: 1,
    onlyOurs: 1,
    onlyTheirs: 0,
    different: 1,
    doubled: 0,
    otherDay: 0,
    unanswered: 0,
  }
  const differences = [
    {
      class: 'only-ours',
      id: 'case_1',
      transfer: 'trf_1',
      ours: { reference: 'P-1', state: 'closed' },
      theirs: null,
    },
  ] as const
  const outcome = {
    system: 'ems',
    day: '2026-11-20',
    state: 'compared',
    counts,
    differences,
    reason: null,
    ms: 12.3,
  } as const
  await keepOutcome(running.gateway.ledger.writers, outcome)
  const { items } = (await get('/ops/v1/reconciliations')).json()
  t.match(items, [{ system: 'ems', day: '2026-11-20', state: 'compared', counts, tries: 1 }])
  t.notOk('differences' in items[0])
  t.match((await get('/ops/v1/reconciliations?system=ems&day=2026-11-20')).json().items, [{ differences }])
  t.strictSame((await get('/ops/v1/reconciliations?system=health')).json().items, [])
})

t.test('they come in pages, the newest day first', async (t) => {
  const { writers } = running.gateway.ledger
  const unable = { state: 'unable', counts: null, differences: [], reason: null, ms: 1 } as const
  for (const [system, day] of [
    ['health', '2026-10-02'],
    ['ems', '2026-10-02'],
    ['ems', '2026-10-03'],
  ] as const)
    await keepOutcome(writers, { ...unable, system, day })
  const seen: string[] = []
  let after = Buffer.from('2026-11-20 ems').toString('base64url')
  for (let more = true; more; ) {
    const page = (await get(`/ops/v1/reconciliations?limit=1&after=${after}`)).json()
    for (const { day, system } of page.items) seen.push(`${day} ${system}`)
    ;({ next: after, more } = page)
  }
  t.strictSame(seen, ['2026-10-03 ems', '2026-10-02 ems', '2026-10-02 health'])
  t.equal(after, null)
  const wrong = await get('/ops/v1/reconciliations?after=x&limit=501&dya=1&day=1')
  const pointers = wrong.json().errors.map(({ pointer }: { pointer: string }) => pointer)
  t.strictSame(pointers.sort(), ['/query/after', '/query/day', '/query/dya', '/query/limit'])
})
