// 交接 at the door: windows report hand-overs, everybody reads the chain, the list can be printed, operators see what is
// overdue; and every fault of a report is told at once.

import t from 'tap'
import { sandboxSecrets } from '../../../src/sandbox/secrets.ts'
import { hashPassword } from '../../../src/security/passwords.ts'
import { newborn, platformAt, RESIDENT, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused } from './refused.ts'

const password = 'correct horse 开封'
const env = { TONGBAN_OPERATOR_PASSWORD_HASH: await hashPassword(password) }
const running = await runGateway(t, { roles: ['api'], env })
const platform = platformAt(running.url)

const clerk = { hall: '410204-01', window: '01', clerk: '王晓明' }
const title = 'title-deed-original'
// Taken in days ago: the clock of a ledger that has only just been opened may be a little ahead of ours.
const verified = [{ material: title, at: '2026-11-20T10:00:00+08:00' }]
async function transfer(change: Record<string, unknown> = {}) {
  const contract = await platform.upload()
  const answer = await platform.submit(
    newborn({
      theme: 'house-transfer',
      mode: 'agent',
      homeDivision: '410221',
      agent: { ...clerk, verified },
      applicant: { type: 'person', name: '赵<六>', idType: '111', idNumber: RESIDENT, mobile: '13700137000' },
      situations: { transferKind: 'sale', hasPaperTitle: true, transferPower: false, transferGas: false },
      form: { houseAddress: '杞县金城大道 66 号 3 号楼 501 室', area: 88.5 },
      materials: [
        { code: 'id-card', source: 'certificate' },
        { code: title, source: 'paper' },
        { code: 'sale-contract', source: 'upload', materialId: contract },
      ],
      ...change,
    }),
  )
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.body}`)
  const { submissionId, cases } = answer.json()
  return { path: `/v1/submissions/${submissionId}`, id: submissionId, caseId: cases[0].caseId as string }
}
const posted = {
  materials: [title],
  from: { kind: 'window', person: '王晓明' },
  to: { kind: 'carrier', system: 'ems' },
  place: '鼓楼区大厅 <b>一楼</b>',
  waybill: '1234567890123',
}
const chain = async (path: string) => (await platform.get(`${path}/custody`)).json().items

t.test(
  'a paper taken in by a window is with it from the submission on, and is reported on from there',
  async (t) => {
    const { path, caseId } = await transfer({ agent: clerk })
    t.match(await chain(path), [
      {
        material: title,
        caseId,
        keeper: { kind: 'window', hall: '410204-01', window: '01' },
        links: [{ kind: 'taken-in', from: { kind: 'applicant' }, by: 'client:kaifeng-platform' }],
        awaits: { from: 'window', days: 2, overdue: false },
      },
    ])
    const at = new Date(Date.now() + 60_000).toISOString()
    const answer = await platform.post(`${path}/custody`, { body: { ...posted, at }, key: `p-${caseId}` })
    t.equal(answer.status, 202, answer.body.toString())
    t.match(answer.json().items, [{ material: title, keeper: { kind: 'carrier', system: 'ems' } }])
    t.match((await chain(`/v1/cases/${caseId}`))[0].links[1], {
      kind: 'sent',
      from: { kind: 'window', hall: '410204-01', window: '01', person: '王晓明' },
      waybill: '1234567890123',
    })
    const told = (await platform.get(`${path}/events`)).json().items.map((one: { type: string }) => one.type)
    t.equal(told.filter((type: string) => type === 'material.handed-over').length, 2)
    t.notOk(told.includes('custody.gap'))
  },
)

t.test('the same report changes nothing: not under its key, nor under another', async (t) => {
  const { path, caseId } = await transfer()
  const body = { ...posted, at: new Date().toISOString() }
  await platform.post(`${path}/custody`, { body, key: `k-${caseId}` })
  const again = await platform.post(`${path}/custody`, { body, key: `k-${caseId}` })
  t.match([again.status, again.headers.get('idempotent-replayed')], [200, 'true'])
  t.match(again.json().items, [{ material: title, keeper: { kind: 'carrier' } }])
  const other = await platform.post(`${path}/custody`, { body })
  t.match([other.status, other.headers.get('idempotent-replayed')], [200, 'true'])
  t.equal((await chain(path))[0].links.length, 2)
  refused(
    t,
    await platform.post(`${path}/custody`, { body: { ...body, note: 'x' }, key: `k-${caseId}` }),
    'idempotency-conflict',
  )
})

t.test('a gap is taken and told as an alarm', async (t) => {
  const { path, caseId } = await transfer()
  const body = { ...posted, from: { kind: 'carrier' }, to: { kind: 'department' } }
  t.equal((await platform.post(`${path}/custody`, { body })).status, 202)
  t.match((await chain(path))[0].links[1], { gap: true, to: { kind: 'department' } })
  const events = (await platform.get(`/v1/cases/${caseId}/events`)).json().items
  t.match(
    events.find((one: { type: string }) => one.type === 'custody.gap'),
    { data: { material: title, expected: { kind: 'window' } } },
  )
})

t.test('a paper that is fetched at home is with the applicant until then', async (t) => {
  const address = { name: '赵六', mobile: '13700137000', county: '鼓楼区', address: '鼓楼街 18 号' }
  const { path } = await transfer({ delivery: { collect: { address } }, agent: clerk })
  t.match(await chain(path), [{ keeper: { kind: 'applicant' }, links: [], awaits: { from: 'applicant' } }])
  const seen = await transfer({ delivery: { collect: { address } } })
  t.match(await chain(seen.path), [
    { keeper: { kind: 'window' }, links: [{ at: '2026-11-20T02:00:00.000Z' }] },
  ])
})

t.test('every fault of a report is told at once, and nothing is kept', async (t) => {
  const { path } = await transfer()
  await nothingKept(t, running, async () => {
    const shape = {
      materials: ['a', 'a'],
      from: { kind: 'window', hall: '410204-99', window: 'x', colour: 'red' },
      to: { kind: 'bank' },
      at: '2026-13-45',
      place: '',
      more: 1,
    }
    refused(t, await platform.post(`${path}/custody`, { body: shape }), 'invalid-request', [
      '/more unknown-field',
      '/materials invalid-type',
      '/from/colour unknown-field',
      '/from/hall unknown-hall',
      '/to/kind invalid-value',
      '/at invalid-date',
      '/place invalid-type',
    ])
    refused(t, await platform.post(`${path}/custody`, { body: [] }), 'invalid-request')
    refused(t, await platform.post(`${path}/custody`, { body: posted, key: null }), 'idempotency-key-missing')
  })
})

t.test('a hand-over that cannot have been is refused with every reason, and changes nothing', async (t) => {
  const { path } = await transfer()
  const before = await chain(path)
  const unlikely = {
    materials: [title, 'sale-contract', 'nothing'],
    results: ['water-transfer'],
    from: { kind: 'department', system: 'health' },
    to: { kind: 'carrier', system: 'ems' },
    at: '2099-01-01T00:00:00+08:00',
  }
  refused(t, await platform.post(`${path}/custody`, { body: unlikely }), 'invalid-request', [
    '/at from-the-future',
    '/from/system unknown-department',
    '/materials/1 not-paper',
    '/materials/2 unknown-material',
    '/results/0 not-paper',
  ])
  const early = { ...posted, at: '2020-01-01T00:00:00+08:00' }
  refused(t, await platform.post(`${path}/custody`, { body: early }), 'invalid-request', [
    '/materials/0 before-last-hand-over',
  ])
  t.strictSame(await chain(path), before)
})

t.test('a hand-over that another overtook is a conflict that says why, not a faulty request', async (t) => {
  const { path, id: submissionId } = await transfer()
  const { ledger } = running.gateway
  const { record } = ledger
  const at = new Date().toISOString()
  ledger.record = async (change) => {
    ledger.record = record
    const papers = [{ material: title }]
    const sent = { from: { kind: 'window' }, to: { kind: 'department' } } as const
    await record({
      submissionId,
      event: { type: 'material.handed-over', papers, ...sent, at, by: 'another' },
    })
    return record(change)
  }
  const earlier = { ...posted, at: new Date(Date.parse(at) - 1).toISOString(), waybill: '1234567890999' }
  const answer = await platform.post(`${path}/custody`, { body: earlier })
  refused(t, answer, 'conflict-state', [])
  t.match(answer.json().detail, /was handed over last at/)
})

t.test('what belongs to another platform is not there for this one', async (t) => {
  const { path } = await transfer()
  const county = platformAt(running.url, tokens.county)
  for (const answer of [
    await county.post(`${path}/custody`, { body: posted }),
    await county.get(`${path}/custody`),
    await county.get(`${path}/custody.html`),
    await platform.get('/v1/submissions/sub_0/custody.html'),
    await platform.post('/v1/submissions/sub_01kb3v5m8q0000000000000000/custody', { body: posted }),
  ])
    refused(t, answer, 'not-found')
  refused(t, await platform.get(`${path}/custody.html`, { token: null }), 'unauthenticated')
})

t.test(
  'the hand-over list is a page to print: escaped, without scripts, citizens by family name',
  async (t) => {
    const { path } = await transfer()
    await platform.post(`${path}/custody`, { body: posted })
    const page = await platform.get(`${path}/custody.html`)
    t.match(page.headers.get('content-type'), /^text\/html; charset=utf-8/)
    const policy = page.headers.get('content-security-policy') ?? ''
    t.match(policy, /default-src 'none'/)
    t.notMatch(policy, /script-src|unsafe-inline/)
    const html = page.body.toString('utf8')
    for (const said of [
      '材料交接单',
      '纸质不动产权证书原件',
      '鼓楼区政务服务大厅 01 号',
      '1234567890123',
      '交寄',
      '赵**',
    ])
      t.ok(html.includes(said), said)
    t.notOk(html.includes('赵<六>') || html.includes('<b>') || html.includes('<script'))
    t.ok(html.includes('&#60;b&#62;一楼'))
  },
)

async function logIn(): Promise<string> {
  const body = new URLSearchParams({ account: 'admin', password })
  const headers = { origin: running.url }
  const answer = await fetch(`${running.url}/ops/login`, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
  })
  return answer.headers.get('set-cookie')!.split(';')[0]!
}

t.test('operators see what is overdue, page by page, until it is handed over', async (t) => {
  const agent = { ...clerk, verified: [{ material: title, at: '2026-01-05T10:00:00+08:00' }] }
  const [one, two] = [await transfer({ agent }), await transfer({ agent })]
  const cookie = await logIn()
  const see = async (query = '') =>
    (await platform.get(`/ops/v1/custody/overdue${query}`, { token: null, headers: { cookie } })).json()
  t.strictSame(await see(), { items: [], next: null, more: false })
  for (const { id: submissionId, caseId } of [one, two])
    await running.gateway.ledger.record({ submissionId, event: { type: 'clock.rang', caseId } })
  const first = await see('?limit=1')
  t.match(first.items, [
    {
      submissionId: one.id,
      caseId: one.caseId,
      material: title,
      heldBy: 'window',
      dueOn: '2026-01-07',
      homeDivision: '410221',
    },
  ])
  t.equal(first.more, true)
  t.match(await see(`?after=${first.next}`), { items: [{ submissionId: two.id }], next: null, more: false })
  await platform.post(`${one.path}/custody`, { body: posted })
  t.match(await see(), { items: [{ submissionId: two.id }], next: null })
  const wrong = await platform.get('/ops/v1/custody/overdue?limit=0&after=x', {
    token: null,
    headers: { cookie },
  })
  refused(t, wrong, 'invalid-request', ['/query/limit invalid-value', '/query/after invalid-value'])
  refused(t, await platform.get('/ops/v1/custody/overdue'), 'unauthenticated')
})

t.test('a department that speaks our words reports what it received with its other events', async (t) => {
  const health = platformAt(running.url, sandboxSecrets.healthToken)
  const { path, caseId } = await transfer()
  const report = (change: Record<string, unknown>) =>
    health.post('/v1/systems/health/events', {
      body: {
        events: [
          { id: `r-${caseId}`, type: 'material.received', at: new Date().toISOString(), caseId, ...change },
        ],
      },
    })
  const stranger = await report({})
  t.equal(stranger.status, 409, 'not of a case that it does not decide')
  t.match((await chain(path))[0].keeper, { kind: 'window' })
})
