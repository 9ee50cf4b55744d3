// Within a platform each client acts for its divisions: what was handed in elsewhere it neither reads nor
// moves, and no hall of another division is reported for. A window that takes papers in is authorised for
// their matters.

import t from 'tap'
import { newborn, number, platformAt, RESIDENT, retirement } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, otherTokens, refused, smallGateway } from './refused.ts'

const lapsed = (text: string) =>
  text.replace(
    '- code: "02"',
    '- { code: "09", collects: ["*"], from: "2025-01-01", to: "2025-12-31" }\n      - code: "02"',
  )
const running = await runGateway(t, {
  roles: ['api'],
  edit: { ...smallGateway, 'halls/410204.yaml': lapsed },
})
const platform = platformAt(running.url)
const district = platformAt(running.url, otherTokens.district)
const pdf = await platform.upload()
const title = 'title-deed-original'

async function houseOf(division: string, hall: string) {
  const answer = await platform.submit(
    newborn({
      theme: 'house-transfer',
      mode: 'agent',
      division,
      homeDivision: '410221',
      agent: { hall, window: '01', clerk: '王晓明' },
      applicant: { type: 'person', name: '赵六', idType: '111', idNumber: RESIDENT, mobile: '13700137000' },
      situations: { transferKind: 'sale', hasPaperTitle: true, transferPower: false, transferGas: false },
      form: { houseAddress: '杞县金城大道 66 号 3 号楼 501 室', area: 88.5 },
      materials: [
        { code: 'id-card', source: 'certificate' },
        { code: title, source: 'paper' },
        { code: 'sale-contract', source: 'upload', materialId: pdf },
      ],
      delivery: {
        collect: {
          address: { name: '赵六', mobile: '13700137000', county: '鼓楼区', address: '鼓楼街 18 号' },
        },
      },
    }),
  )
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.body}`)
  return answer.json()
}

t.test('a submission of another division is neither read nor moved', async (t) => {
  const externalId = number()
  const booked = { mode: 'appointment', appointment: { slot: 'S-1' }, division: '410202', externalId }
  const { submissionId, cases } = (await platform.submit(retirement([pdf, pdf], booked))).json()
  const [whole, one] = [`/v1/submissions/${submissionId}`, `/v1/cases/${cases[0].caseId}`]
  const views = ['', '/events', '/transfers', '/materials', '/parcels', '/custody']
  await nothingKept(t, running, async () => {
    for (const path of [
      ...[whole, one].flatMap((path) => views.map((view) => path + view)),
      `${whole}/custody.html`,
      `/v1/submissions?externalId=${externalId}`,
    ]) {
      t.equal((await platform.get(path)).status, 200, path)
      refused(t, await district.get(path), 'division-not-allowed')
    }
    const reason = '不办了'
    const carried = { materials: ['personnel-file'], from: { kind: 'applicant' }, to: { kind: 'department' } }
    const asks: [path: string, body: object][] = [
      [`${one}/supplements`, { materials: [{ code: 'banana', materialId: pdf }] }],
      [`${one}/withdrawal`, { reason }],
      [`${one}/appointment`, { outcome: 'missed' }],
      [`${one}/mode`, { mode: 'online', reason }],
      [`${whole}/withdrawal`, { reason }],
      [`${whole}/custody`, carried],
    ]
    for (const [path, body] of asks) {
      const answer = await district.post(path, { body })
      refused(t, answer, 'division-not-allowed')
      t.match(answer.json(), { detail: /division 410202/, detailZh: /410202/ }, path)
    }
  })
})

t.test('a window may take a case over from anywhere, and then acts for that case alone', async (t) => {
  const { submissionId, cases } = (
    await platform.submit(retirement([pdf, pdf], { division: '410202' }))
  ).json()
  const [mine, other] = cases.map(({ caseId }: { caseId: string }) => `/v1/cases/${caseId}`)
  const agent = { hall: '410204-01', window: '01', clerk: '王晓明' }
  const taken = await district.post(`${mine}/mode`, { body: { mode: 'agent', reason: '就近办理', agent } })
  t.equal(taken.status, 202, taken.body.toString())
  t.equal((await district.get(mine)).status, 200)
  refused(t, await district.get(other), 'division-not-allowed')
  const body = { reason: '不办了' }
  refused(
    t,
    await district.post(`/v1/submissions/${submissionId}/withdrawal`, { body }),
    'division-not-allowed',
  )
  t.equal((await district.post(`${mine}/withdrawal`, { body })).status, 202)
})

t.test('papers are reported by the halls that gave or took them', async (t) => {
  const { submissionId } = await houseOf('410202', '410202-01')
  const path = `/v1/submissions/${submissionId}/custody`
  const [ours, theirs] = ['410204-01', '410202-01'].map((hall) => ({ kind: 'window', hall, window: '01' }))
  const say = (from: object, to: object) => district.post(path, { body: { materials: [title], from, to } })
  const applicant = { kind: 'applicant' }
  await nothingKept(t, running, async () => {
    refused(t, await say(applicant, theirs!), 'division-not-allowed', ['/to/hall division-not-allowed'])
    refused(t, await say(theirs!, { kind: 'carrier', system: 'ems' }), 'division-not-allowed', [
      '/from/hall division-not-allowed',
    ])
  })
  t.equal(
    (await platform.post(path, { body: { materials: [title], from: applicant, to: theirs } })).status,
    202,
  )
  t.equal((await say(theirs!, ours!)).status, 202, 'from another hall to one of ours')
})

t.test('a window takes papers in for matters that it may collect, on a day on which it may', async (t) => {
  const { submissionId } = await houseOf('410204', '410204-01')
  const path = `/v1/submissions/${submissionId}/custody`
  const at = (window: string) => ({ kind: 'window', hall: '410204-01', window })
  const take = (window: string, more: object = {}) =>
    platform.post(path, {
      body: { materials: [title], from: { kind: 'applicant' }, to: at(window), ...more },
    })
  await nothingKept(t, running, async () => {
    const never = await take('02')
    refused(t, never, 'invalid-request', ['/to/window window-not-authorised'])
    t.match(never.json().errors[0], { message: /^Window 02 .*not authorised/, messageZh: /未获授权/ })
    refused(t, await take('09'), 'invalid-request', ['/to/window window-not-in-force'])
  })
  t.equal((await take('01')).status, 202)
  const passed = { materials: [title], from: at('01'), to: at('02') }
  refused(t, await platform.post(path, { body: passed }), 'invalid-request', [
    '/to/window window-not-authorised',
  ])
  const posted = { materials: [title], from: at('01'), to: { kind: 'carrier', system: 'ems' } }
  t.equal((await platform.post(path, { body: posted })).status, 202)
  const back = { materials: [title], from: { kind: 'carrier', system: 'ems' }, to: at('02') }
  t.equal((await platform.post(path, { body: back })).status, 202, 'what comes back is taken by any')
})
