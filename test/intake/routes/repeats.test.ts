// Whoever asks the same again gets the first answer again, to the byte: whatever has become of the case
// since, and whatever the caller may do by now.

import t, { type Test } from 'tap'
import { departmentAt } from '../../support/department.ts'
import { type Answer, newborn, platformAt, retirement } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused } from './refused.ts'

const running = await runGateway(t, { roles: ['api'] })
const platform = platformAt(running.url)
const department = departmentAt(running.url, 'human-resources')
const pdf = await platform.upload()

interface Asked {
  path: string
  body: object
  key: string
  first: Answer
}
const asked: Asked[] = []
/** Asked once and answered 202; repeated at the end, after everything has moved on. */
async function ask(t: Test, path: string, body: object): Promise<void> {
  const key = `repeats-${asked.length}`
  const first = await platform.post(path, { body, key })
  t.equal(first.status, 202, `${path}: ${first.body}`)
  asked.push({ path, body, key, first })
}

const cases = async (change: Record<string, unknown> = {}) =>
  (await platform.submit(retirement([pdf, pdf], change))).json()

async function repeatsAll(t: Test, url: string): Promise<void> {
  const again = platformAt(url)
  for (const { path, body, key, first } of asked) {
    const repeat = await again.post(path, { body, key })
    t.equal(repeat.status, 200, `${path}: ${repeat.body}`)
    t.equal(repeat.headers.get('idempotent-replayed'), 'true', path)
    t.equal(repeat.body.toString(), first.body.toString(), path)
  }
}

t.test('each request about a case is answered with its state then', async (t) => {
  const booked = { mode: 'appointment', appointment: { slot: 'S-1' } }
  const one = await cases(booked)
  const [{ caseId }] = one.cases
  await ask(t, `/v1/cases/${caseId}/appointment`, { outcome: 'missed' })
  t.strictSame(asked.at(-1)!.first.json(), { caseId, state: 'pending' })
  const agent = { hall: '410202-01', window: '01', clerk: '王晓明' }
  await ask(t, `/v1/cases/${caseId}/mode`, { mode: 'agent', reason: '就近办理', agent })
  await department.report(caseId, '30')
  await department.report(caseId, '28', { materials: [{ code: 'personnel-file', reason: '不清晰' }] })
  const materials = [{ code: 'personnel-file', materialId: pdf }]
  await ask(t, `/v1/cases/${caseId}/supplements`, { materials })
  t.strictSame(asked.at(-1)!.first.json(), { caseId, state: 'accepted' })
  await ask(t, `/v1/cases/${caseId}/withdrawal`, { reason: '不办了' })
  t.strictSame(asked.at(-1)!.first.json(), { caseId, state: 'withdrawn' })
})

t.test('so is the withdrawal of a whole submission, and a report of custody', async (t) => {
  const { submissionId, cases } = (await platform.submit(newborn())).json()
  await ask(t, `/v1/submissions/${submissionId}/withdrawal`, { reason: '不办了' })
  t.equal(asked.at(-1)!.first.json().cases.length, cases.length)

  const transferred = newborn({
    theme: 'house-transfer',
    mode: 'agent',
    homeDivision: '410221',
    agent: { hall: '410204-01', window: '01', clerk: '王晓明' },
    situations: { transferKind: 'sale', hasPaperTitle: true, transferPower: false, transferGas: false },
    form: { houseAddress: '杞县金城大道 66 号 3 号楼 501 室', area: 88.5 },
    materials: [
      { code: 'id-card', source: 'certificate' },
      { code: 'title-deed-original', source: 'paper' },
      { code: 'sale-contract', source: 'upload', materialId: pdf },
    ],
  })
  const custody = `/v1/submissions/${(await platform.submit(transferred)).json().submissionId}/custody`
  const papers = { materials: ['title-deed-original'] }
  const carrier = { kind: 'carrier', system: 'ems' }
  await ask(t, custody, { ...papers, from: { kind: 'window' }, to: carrier })
  await ask(t, custody, { ...papers, from: carrier, to: { kind: 'department' } })
  t.match(asked.at(-2)!.first.json().items[0], { keeper: { kind: 'carrier' }, links: { length: 2 } })
})

t.test(
  'repeated after everything has moved on, each gets its first answer, and nothing is kept',
  async (t) => {
    await nothingKept(t, running, () => repeatsAll(t, running.url))
    for (const { path, body, key } of asked) {
      const other = { ...body, [/supplements|custody/.test(path) ? 'note' : 'reason']: '另有说明' }
      refused(t, await platform.post(path, { body: other, key }), 'idempotency-conflict')
    }
  },
)

t.test('by a process that has never seen them, where the hall is closed by now', async (t) => {
  const withoutAuthority = (text: string) => text.replaceAll('to: "2028-12-31"', 'to: "2026-01-31"')
  const edit = { 'halls/410202.yaml': withoutAuthority, 'halls/410204.yaml': withoutAuthority }
  const later = await runGateway(t, { roles: ['api'], databaseUrl: running.databaseUrl, edit })
  await nothingKept(t, later, () => repeatsAll(t, later.url))
})
