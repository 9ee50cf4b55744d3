// Who calls: unknown clients, scopes they lack, divisions and platforms that are not theirs. Refused before the body
// is looked at where that is possible, and nothing is kept.

import t from 'tap'
import { newborn, platformAt, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, otherTokens, refused, smallGateway } from './refused.ts'

const running = await runGateway(t, { roles: ['api'], edit: smallGateway })
const platform = platformAt(running.url)

const guarded = [
  ['POST', '/v1/submissions'],
  ['POST', '/v1/submissions/check'],
  ['POST', '/v1/platforms/kaifeng-platform/submissions'],
  ['POST', '/v1/materials'],
  ['POST', '/v1/cases/case_0/supplements'],
  ['POST', '/v1/cases/case_0/withdrawal'],
  ['POST', '/v1/cases/case_0/appointment'],
  ['POST', '/v1/submissions/sub_0/custody'],
] as const
const readable = ['', '/events', '/transfers', '/materials', '/parcels', '/custody'].flatMap((view) => [
  `/v1/submissions/sub_0${view}`,
  `/v1/cases/case_0${view}`,
])

t.test('without a token of a client that we know, nothing is answered', async (t) => {
  await nothingKept(t, running, async () => {
    for (const [method, path] of [
      ...guarded,
      ...readable.map((path) => ['GET', path] as const),
      ['GET', '/v1/themes'],
    ] as const) {
      const bare = await platform.call(method, path, { token: null })
      refused(t, bare, 'unauthenticated')
      t.equal(bare.headers.get('www-authenticate'), 'Bearer realm="tongban"', path)
      const wrong = await platform.call(method, path, { token: `${tokens.kaifeng}x` })
      refused(t, wrong, 'unauthenticated')
      t.match(wrong.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
    }
  })
})

t.test('a token in any other form than Bearer is none', async (t) => {
  for (const authorization of [
    'Bearer',
    'Bearer ',
    `Basic ${tokens.kaifeng}`,
    tokens.kaifeng,
    `Bearer ${tokens.kaifeng} x`,
  ])
    refused(
      t,
      await platform.get('/v1/themes', { token: null, headers: { authorization } }),
      'unauthenticated',
    )
})

t.test('a client without the scope is told which one it lacks', async (t) => {
  const reader = platformAt(running.url, otherTokens.reader)
  await nothingKept(t, running, async () => {
    for (const [method, path] of guarded) {
      const answer = await reader.call(method, path, { body: newborn() })
      refused(t, answer, 'forbidden')
      t.match(
        answer.headers.get('www-authenticate') ?? '',
        /insufficient_scope.*(submissions|materials):write/,
      )
    }
    refused(t, await reader.get('/v1/themes'), 'forbidden')
  })
})

t.test('a district submits in its own division, for any home division, and nowhere else', async (t) => {
  const district = platformAt(running.url, otherTokens.district)
  await nothingKept(t, running, async () => {
    const elsewhere = await district.submit(newborn({ division: '410221' }))
    refused(t, elsewhere, 'division-not-allowed', ['/division division-not-allowed'])
    const faulty = await district.submit(newborn({ division: '410221', theme: 'newborns' }))
    refused(t, faulty, 'invalid-submission')
  })
  t.equal((await district.submit(newborn({ division: '410204', homeDivision: '410221' }))).status, 202)
})

t.test('a client that belongs to no platform submits for none', async (t) => {
  const unassigned = platformAt(running.url, otherTokens.unassigned)
  await nothingKept(t, running, async () => {
    refused(t, await unassigned.submit(newborn()), 'forbidden')
    for (const one of ['kaifeng-platform', 'county-platform'])
      refused(t, await unassigned.post(`/v1/platforms/${one}/submissions`, { body: newborn() }), 'forbidden')
  })
})

t.test('a platform submits for itself only, and an unknown one for nobody', async (t) => {
  await nothingKept(t, running, async () => {
    refused(
      t,
      await platform.post('/v1/platforms/county-platform/submissions', { body: newborn() }),
      'forbidden',
    )
    for (const name of [
      'no-such-platform',
      '%E5%B9%B3%E5%8F%B0',
      '..%2Fkaifeng-platform',
      '__proto__',
      'constructor',
    ])
      refused(
        t,
        await platform.post(`/v1/platforms/${name}/submissions`, { body: newborn() }),
        'unknown-platform',
      )
  })
})

t.test('what belongs to another platform is not there', async (t) => {
  const mine = (await platform.submit(newborn())).json()
  const theirs = platformAt(running.url, tokens.county)
  const paths = [`/v1/submissions/${mine.submissionId}`, `/v1/cases/${mine.cases[0].caseId}`]
  for (const path of paths.flatMap((one) =>
    ['', '/events', '/transfers', '/materials', '/parcels'].map((view) => one + view),
  )) {
    t.equal((await platform.get(path)).status, 200, path)
    refused(t, await theirs.get(path), 'not-found')
  }
  t.strictSame((await theirs.get(`/v1/submissions?externalId=${mine.externalId}`)).json(), { items: [] })
  const first = `/v1/cases/${mine.cases[0].caseId}`
  const materials = [{ code: 'id-card', materialId: await theirs.upload() }]
  await nothingKept(t, running, async () => {
    refused(t, await theirs.post(`${first}/withdrawal`, { body: { reason: '不办了' } }), 'not-found')
    refused(t, await theirs.post(`${first}/appointment`, { body: { outcome: 'attended' } }), 'not-found')
    refused(t, await theirs.post(`${first}/supplements`, { body: { materials } }), 'not-found')
  })
})

t.test('operators’ routes are closed to machines, and machines’ routes to browsers', async (t) => {
  refused(t, await platform.get('/ops/v1/systems'), 'unauthenticated')
  refused(
    t,
    await platform.post('/ops/v1/systems/health/pause', { body: { reason: 'x' } }),
    'unauthenticated',
  )
  refused(
    t,
    await platform.get('/v1/themes', { token: null, headers: { cookie: 'tongban-session=x' } }),
    'unauthenticated',
  )
})
