import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startCity } from '../../src/sandbox/city.ts'
import type { PlatformBooks } from '../../src/sandbox/platform/index.ts'
import type { RunRequest } from '../../src/sandbox/runs.ts'
import { sandboxSecrets } from '../../src/sandbox/secrets.ts'
import { isIdNumber } from '../../src/sandbox/world/numbers.ts'
import { fakeGateway } from './fake-gateway.ts'

type Fields = Record<string, unknown>
const allWays: Partial<RunRequest> = { concurrency: 6, multipart: 0.3, county: 0.2, repeat: 0.3, seed: 'p' }

async function openWorld(t: Test) {
  const gateway = await fakeGateway(t)
  const city = await startCity({
    gatewayUrl: gateway.url,
    secrets: sandboxSecrets,
    speed: 50,
    largestFile: 8_000,
  })
  t.teardown(() => city.stop())
  const books = (name = 'kaifeng-platform') => city.books()[name] as PlatformBooks
  const tell = (event: Parameters<typeof gateway.notify>[2], secret = sandboxSecrets.platformWebhook) =>
    gateway.notify(`${city.url}/kaifeng-platform/callbacks`, secret, event)
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 300 && !done(); i++) await sleep(10)
  }
  return { gateway, city, books, tell, until }
}

t.test('every submission of a run is accepted once, in every form, and stands in the books', async (t) => {
  const { gateway, city, books } = await openWorld(t)
  const progress = await city.run({ count: 40, ...allWays }).finished
  t.match(progress, { state: 'done', asked: 40, accepted: 40, refused: 0 })
  const lines = [...books().effects, ...books('county-platform').effects].filter(
    ({ kind }) => kind === 'submission',
  )
  t.equal(lines.length, 40)
  t.ok(lines.every(({ times }) => times === 1))
  t.strictSame(new Set(lines.map(({ reference }) => reference)), new Set(gateway.submissions.keys()))
  const { counts } = books()
  t.ok(counts.multipart! > 3 && counts.uploads! > 20 && counts.repeats! > 3)
  t.equal(counts.replayed, counts.repeats)
  t.ok(books('county-platform').effects.length > 3)
  t.strictSame(city.progress().errors, [])
  t.strictSame(books().refusals, [])
})

t.test(
  'what is composed fits the checklist: required materials, real files, valid people, all modes',
  async (t) => {
    const { gateway, city } = await openWorld(t)
    await city.run({ count: 30, county: 0, multipart: 0, repeat: 0 }).finished
    const all = [...gateway.submissions.values()]
    t.strictSame(new Set(all.map(({ mode }) => mode)), new Set(['online', 'agent', 'appointment']))
    t.equal(new Set(all.map(({ theme }) => theme)).size, 5)
    for (const submission of all) {
      const materials = submission.materials as Fields[]
      t.strictSame(
        materials.map(({ code }) => code),
        ['id-card', 'plan', 'seal'],
      )
      t.match(submission.form, { shopName: String, area: Number, opened: /^\d{4}-\d\d-\d\d$/ })
      t.ok(isIdNumber(String((submission.applicant as Fields).idNumber)))
      t.equal(submission.mode === 'agent', 'agent' in submission)
      t.equal(submission.mode === 'appointment', 'appointment' in submission)
      const { collect } = submission.delivery as { collect?: unknown }
      if (submission.mode === 'agent') t.equal(collect, undefined, 'the hall sends the papers on')
      else t.match(collect, { address: { city: '开封市' } })
      const plan = gateway.materials.get(String(materials[1]!.materialId))
      if (plan?.mediaType === 'image/png') t.equal(plan.bytes.readUInt32BE(0), 0x89504e47)
      t.ok(plan && plan.bytes.length <= 30_000)
    }
  },
)

t.test('the county writes pinyin fields in GB18030 and keeps rare characters', async (t) => {
  const { gateway, city } = await openWorld(t)
  await city.run({ count: 40, county: 1, repeat: 0 }).finished
  const all = [...gateway.submissions.values()]
  t.equal(all.length, 40)
  t.ok(
    all.every(
      ({ sjxzqh, slsj, sqrzjhm }) =>
        /^4102\d\d000000$/.test(String(sjxzqh)) &&
        /^\d{14}$/.test(String(slsj)) &&
        isIdNumber(String(sqrzjhm)),
    ),
  )
  t.ok(
    all.some(({ sqrxm }) => [...String(sqrxm)].length < String(sqrxm).length),
    'a name beyond U+FFFF',
  )
  t.ok(gateway.posts.some(({ contentType }) => contentType === 'application/json; charset=GB18030'))
})

t.test('an unanswered submission is repeated with the same key and the same bytes', async (t) => {
  const { gateway, city, books } = await openWorld(t)
  gateway.failNext(3, 503)
  await city.run({ count: 1, county: 0, multipart: 0, repeat: 0 }).finished
  gateway.failNext(2, 502, true)
  await city.run({ count: 1, county: 0, multipart: 1, repeat: 0 }).finished
  const byKey = Map.groupBy(
    gateway.posts.filter(({ path }) => path === '/v1/submissions'),
    ({ key }) => key,
  )
  const hash = (body: Buffer) => createHash('sha256').update(body).digest('hex')
  for (const same of byKey.values()) t.equal(new Set(same.map(({ body }) => hash(body))).size, 1)
  t.ok([...byKey.values()].some((same) => same.length > 1))
  t.equal(books().counts.accepted, 2)
  t.ok(books().counts.requestsTriedAgain! >= 5)
  t.ok(books().effects.every(({ times }) => times === 1))
})

t.test('the same seed makes the same applicants under new numbers', async (t) => {
  const { gateway, city } = await openWorld(t)
  const request = { count: 5, county: 0, multipart: 0, repeat: 0, seed: 'same' }
  await city.run(request).finished
  await city.run(request).finished
  t.equal(gateway.submissions.size, 10)
  const numbers = [...gateway.submissions.values()].map(({ applicant }) => (applicant as Fields).idNumber)
  t.equal(new Set(numbers).size, 5)
})

t.test('a repeated callback is absorbed, a forged one refused, an older one counted', async (t) => {
  const { books, tell } = await openWorld(t)
  const event = { caseId: 'case_a', data: { submissionId: 'sub_a' } }
  t.equal(await tell({ ...event, id: 'e1', type: 'case.accepted', sequence: 9 }), 200)
  t.equal(await tell({ ...event, id: 'e1', type: 'case.accepted', sequence: 9 }), 200)
  t.equal(await tell({ ...event, id: 'e2', type: 'case.approved', sequence: 10 }), 200)
  t.equal(await tell({ ...event, id: 'e3', type: 'case.dispatched', sequence: 2 }), 200)
  t.equal(await tell({ ...event, id: 'e4', type: 'case.denied', sequence: 11 }, 'whsec_Zm9yZ2Vk'), 401)
  t.match(books().counts, { callbacks: 5, duplicates: 1, outOfOrder: 1, badSignatures: 1 })
  t.match(books().effects, [{ kind: 'case', key: 'case_a', reference: 'sub_a', state: 'approved' }])
  t.strictSame(books().cases.case_a?.types, ['case.accepted', 'case.approved', 'case.dispatched'])
})

t.test('an event marked late is noted and does not move the case back', async (t) => {
  const { books, tell } = await openWorld(t)
  await tell({ id: 'e1', type: 'case.closed', caseId: 'case_a', sequence: 4 })
  await tell({ id: 'e2', type: 'case.approved', caseId: 'case_a', sequence: 5, data: { late: true } })
  t.match(books().effects, [{ key: 'case_a', state: 'closed' }])
  t.match(books().counts, { late: 1, outOfOrder: 0 })
})

t.test('the applicant answers a correction with a fresh file, and comes to the appointment', async (t) => {
  const { gateway, city, tell, until, books } = await openWorld(t)
  await city.run({ count: 1, modes: ['appointment'], county: 0, repeat: 0 }).finished
  const caseId = books().effects.find(({ kind }) => kind === 'case')?.key ?? ''
  const data = { materials: [{ code: 'plan', reason: '不清晰' }] }
  await tell({ id: 'e1', type: 'case.correction-requested', caseId, sequence: 1, data })
  await until(() => books().counts.supplements === 1 && books().counts.attendances === 1)
  const post = (path: string) => gateway.posts.find((one) => one.path === path)
  const supplement = JSON.parse(String(post(`/v1/cases/${caseId}/supplements`)?.body)) as {
    materials: Fields[]
  }
  t.match(supplement, { materials: [{ code: 'plan', source: 'upload', materialId: String }], note: String })
  t.match(post(`/v1/cases/${caseId}/supplements`), { key: 'supplement-e1' })
  t.match(JSON.parse(String(post(`/v1/cases/${caseId}/appointment`)?.body)), { outcome: 'attended' })
  t.strictSame(city.progress().errors, [])
})
