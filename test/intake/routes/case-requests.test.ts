// What is said about a case under way: supplements, withdrawals, appointments. Taken once, refused where the case
// does not stand so, and every fault of a body told at once.

import t from 'tap'
import { departmentAt } from '../../support/department.ts'
import { newborn, platformAt, retirement, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused } from './refused.ts'

const running = await runGateway(t, { roles: ['api'] })
const platform = platformAt(running.url)
const department = departmentAt(running.url, 'human-resources')
const pdf = await platform.upload()
const photo = await platform.upload('image/jpeg')
const photographed = [
  ...(newborn().materials as object[]),
  { code: 'newborn-photo', source: 'upload', materialId: photo },
]

async function caseAskedForMore(): Promise<string> {
  const accepted = (await platform.submit(retirement([pdf, pdf]))).json()
  const { caseId } = accepted.cases[0]
  await department.report(caseId, '30')
  await department.report(caseId, '28', {
    reason: '不清晰',
    materials: [{ code: 'personnel-file', reason: '不清晰' }],
  })
  return caseId
}
const say = (caseId: string, what: string, body: unknown, key?: string | null) =>
  platform.post(`/v1/cases/${caseId}/${what}`, { body, ...(key === undefined ? {} : { key }) })
const read = async (caseId: string) => (await platform.get(`/v1/cases/${caseId}`)).json()
const better = async () => ({
  materials: [{ code: 'personnel-file', materialId: await platform.upload() }],
  note: '重新扫描',
})

t.test('a supplement that was asked for takes the case on, once', async (t) => {
  const caseId = await caseAskedForMore()
  t.match(await read(caseId), {
    state: 'correction-requested',
    round: 1,
    asked: [{ code: 'personnel-file' }],
  })
  const body = await better()
  t.equal((await say(caseId, 'supplements', body, 's-1')).status, 202)
  t.match(await read(caseId), { state: 'accepted' })
  const other = await better()
  await nothingKept(t, running, async () => {
    const again = await say(caseId, 'supplements', body, 's-1')
    t.equal(again.status, 200)
    t.equal(again.headers.get('idempotent-replayed'), 'true')
    refused(t, await say(caseId, 'supplements', other, 's-1'), 'idempotency-conflict')
  })
})

t.test('a supplement that nobody asked for is refused', async (t) => {
  const { caseId } = (await platform.submit(retirement([pdf, pdf]))).json().cases[0]
  await department.report(caseId, '30')
  refused(
    t,
    await say(caseId, 'supplements', { materials: [{ code: 'personnel-file', materialId: pdf }] }),
    'conflict-state',
  )
  t.match(await read(caseId), { state: 'accepted' })
})

t.test('all faults of a supplement are told at once, and nothing is kept', async (t) => {
  const caseId = await caseAskedForMore()
  const theirs = await platformAt(running.url, tokens.county).upload()
  await nothingKept(t, running, async () => {
    const shapes = {
      materials: [{ code: '', materialId: 7 }, 'x', { code: 'personnel-file', materialIds: 'mat_1' }],
      note: 5,
      more: 1,
    }
    refused(t, await say(caseId, 'supplements', shapes), 'invalid-request', [
      '/materials/0/code required',
      '/materials/0/materialId invalid-type',
      '/materials/1 invalid-type',
      '/materials/2/materialIds invalid-type',
      '/note invalid-type',
      '/more unknown-field',
    ])
    refused(t, await say(caseId, 'supplements', {}), 'invalid-request', ['/materials invalid-type'])
    const files = {
      materials: [
        { code: 'personnel-file', materialId: theirs },
        { code: 'retirement-form' },
        { code: 'personnel-file', materialId: 'mat_0' },
      ],
    }
    refused(t, await say(caseId, 'supplements', files), 'invalid-request', [
      '/materials/0/materialId unknown-file',
      '/materials/1 file-missing',
      '/materials/2/code material-repeated',
      '/materials/2/materialId unknown-file',
    ])
    refused(
      t,
      await say(caseId, 'supplements', { materials: [{ code: 'personnel-file', materialId: pdf }] }, null),
      'idempotency-key-missing',
    )
  })
})

t.test('a supplement is held to what was asked for, and answers the whole notice', async (t) => {
  const { caseId } = (await platform.submit(retirement([pdf, pdf]))).json().cases[0]
  await department.report(caseId, '30')
  await department.report(caseId, '28', {
    reason: '不清晰',
    materials: [
      { code: 'personnel-file', reason: '不清晰' },
      { code: 'work-record', reason: '缺少' },
    ],
  })
  const give = (...codes: string[]) => codes.map((code) => ({ code, materialId: pdf }))
  const faults = async (materials: object[], list: string[]) =>
    refused(t, await say(caseId, 'supplements', { materials }), 'invalid-request', list)
  await nothingKept(t, running, async () => {
    await faults(give('banana'), [
      '/materials/0/code unknown-material',
      '/materials material-missing',
      '/materials material-missing',
    ])
    await faults(give('personnel-file'), ['/materials material-missing'])
    await faults(give('work-record', 'personnel-file', 'work-record'), [
      '/materials/2/code material-repeated',
    ])
    await faults(
      [...give('work-record'), { code: 'personnel-file', source: 'paper', materialId: pdf, form: 'copy' }],
      ['/materials/1/source material-source-not-allowed', '/materials/1/form unknown-field'],
    )
    const near = await say(caseId, 'supplements', { materials: give('work-record', 'personal-file') })
    t.match(near.json().errors, [
      {
        code: 'unknown-material',
        message: /did you mean personnel-file/,
        messageZh: /是否为 personnel-file/,
      },
      { code: 'material-missing', message: /personnel-file .*whole notice/, messageZh: /一次性/ },
    ])
  })
  t.match(await read(caseId), { state: 'correction-requested', asked: { length: 2 } })
  const whole = give('personnel-file', 'work-record', 'retirement-form')
  t.equal((await say(caseId, 'supplements', { materials: whole })).status, 202)
  t.match(await read(caseId), { state: 'accepted' })
})

t.test('a supplement leaves the materials of other cases alone', async (t) => {
  const { cases, submissionId } = (
    await platform.submit(
      newborn({ situations: { married: true, wantsSocialCard: true }, materials: photographed }),
    )
  ).json()
  const of = (matter: string) => cases.find((one: { matter: string }) => one.matter === matter).caseId
  const card = of('child-social-card')
  await department.report(card, '28', { materials: [{ code: 'newborn-photo', reason: '不清晰' }] })
  const before = (await platform.get(`/v1/submissions/${submissionId}/materials`)).json()
  const foreign = before.items.find((one: { cases: string[] }) => !one.cases.includes(card)).code
  const materials = ['newborn-photo', foreign].map((code) => ({ code, materialId: photo }))
  await nothingKept(t, running, async () => {
    refused(t, await say(card, 'supplements', { materials }), 'invalid-request', [
      '/materials/1/code unknown-material',
    ])
  })
  t.strictSame((await platform.get(`/v1/submissions/${submissionId}/materials`)).json(), before)
})

t.test('where a notice names nothing and the matter takes nothing, anything may answer it', async (t) => {
  const { cases } = (await platform.submit(newborn())).json()
  const record = cases.find((one: { matter: string }) => one.matter === 'vaccination-record').caseId
  await running.gateway.ledger.record({
    submissionId: record.replace('case_', 'sub_').slice(0, 30),
    event: {
      type: 'case.reported',
      caseId: record,
      event: 'case.pre-review-returned',
      at: new Date().toISOString(),
      system: (await read(record)).system,
      detail: { reason: '请说明出生地' },
    },
  })
  t.match(await read(record), { state: 'pre-review-returned' })
  const answer = { materials: [{ code: 'birthplace-statement', materialId: pdf }] }
  t.equal((await say(record, 'supplements', answer)).status, 202)
})

t.test('a supplement is held to the types that its material takes', async (t) => {
  const { cases } = (
    await platform.submit(newborn({ situations: { married: true }, materials: photographed }))
  ).json()
  const caseId = cases.find((one: { matter: string }) => one.matter === 'child-social-card').caseId
  await departmentAt(running.url, 'human-resources').report(caseId, '28', {
    materials: [{ code: 'newborn-photo', reason: '不清晰' }],
  })
  const asPhoto = (materialId: string) => ({ materials: [{ code: 'newborn-photo', materialId }] })
  await nothingKept(t, running, async () => {
    refused(t, await say(caseId, 'supplements', asPhoto(pdf)), 'invalid-request', [
      '/materials/0/materialId file-type',
    ])
  })
  t.equal((await say(caseId, 'supplements', asPhoto(photo))).status, 202)
})

t.test('a withdrawal needs a reason, happens once and only while it may', async (t) => {
  const { caseId } = (await platform.submit(newborn())).json().cases[0]
  await nothingKept(t, running, async () => {
    for (const body of [{}, { reason: ' ' }, { reason: 5 }, { reason: 'x'.repeat(501) }])
      refused(t, await say(caseId, 'withdrawal', body), 'invalid-request')
    refused(t, await say(caseId, 'withdrawal', { reason: '不办了', why: 1 }), 'invalid-request', [
      '/why unknown-field',
    ])
  })
  t.match((await say(caseId, 'withdrawal', { reason: '不办了' }, 'w-1')).json(), {
    caseId,
    state: 'withdrawn',
  })
  t.equal((await say(caseId, 'withdrawal', { reason: '不办了' }, 'w-1')).status, 200)
  t.equal((await say(caseId, 'withdrawal', { reason: '真的不办了' })).status, 200, 'it is withdrawn already')

  const decided = await caseAskedForMore()
  await department.report(decided, '50', { result: { type: '1', name: '退休证' } })
  refused(t, await say(decided, 'withdrawal', { reason: '不办了' }), 'conflict-state')
})

t.test('an appointment is attended or missed, at a time that is one', async (t) => {
  const booked = newborn({
    mode: 'appointment',
    appointment: { slot: 's1' },
    modes: { 'household-birth': 'appointment' },
  })
  const accepted = await platform.submit(booked)
  t.equal(accepted.status, 202, accepted.body.toString())
  const caseId = accepted.json().cases[1].caseId
  await nothingKept(t, running, async () => {
    refused(t, await say(caseId, 'appointment', { outcome: 'late', at: '2026-13-45' }), 'invalid-request', [
      '/outcome invalid-value',
      '/at invalid-date',
    ])
  })
  t.equal(
    (await say(caseId, 'appointment', { outcome: 'attended', at: '2026-11-23T09:30:00+08:00' })).status,
    202,
  )
  t.equal((await say(caseId, 'appointment', { outcome: 'attended' })).status, 200, 'he is there already')
})

t.test('a case without appointment has none to come to', async (t) => {
  const { caseId } = (await platform.submit(newborn())).json().cases[0]
  refused(t, await say(caseId, 'appointment', { outcome: 'attended' }), 'conflict-state')
})

t.test('one key is for one thing: not for another case, nor for another request', async (t) => {
  const { cases } = (await platform.submit(newborn())).json()
  t.equal((await say(cases[2].caseId, 'withdrawal', { reason: '不办了' }, 'one-key')).status, 202)
  await nothingKept(t, running, async () => {
    refused(
      t,
      await say(cases[1].caseId, 'withdrawal', { reason: '不办了' }, 'one-key'),
      'idempotency-conflict',
    )
    refused(t, await platform.submit(newborn(), { key: 'one-key' }), 'idempotency-conflict')
  })
})

t.test('a supplement that came too early is taken under its key when it is asked for', async (t) => {
  const { caseId } = (await platform.submit(retirement([pdf, pdf]))).json().cases[0]
  await department.report(caseId, '30')
  const body = await better()
  t.equal((await say(caseId, 'supplements', body, 'early')).status, 409)
  t.equal((await say(caseId, 'supplements', body, 'early')).status, 409)
  await department.report(caseId, '28', { materials: [{ code: 'personnel-file', reason: '不清晰' }] })
  t.equal((await say(caseId, 'supplements', body, 'early')).status, 202)
})

t.test('a case that nobody knows has nothing to be told', async (t) => {
  await nothingKept(t, running, async () => {
    for (const id of ['case_0', 'x', 'case_01kb3v5m8q000000000000000001', '%00']) {
      refused(t, await say(id, 'withdrawal', { reason: '不办了' }), 'not-found')
      refused(t, await say(id, 'appointment', { outcome: 'attended' }), 'not-found')
    }
  })
})
