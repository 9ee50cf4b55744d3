// The city changes what retirement asks for and how long it takes, while people's cases are open. Who applied before
// keeps the limits and the material list that they were shown; who applies now gets the new ones.

import t from 'tap'
import { logIn, startReloadTown } from '../operations/reload-town.ts'
import { departmentAt } from '../support/department.ts'
import { platformAt, retirement } from '../support/platform.ts'

t.setTimeout(120_000)

const town = await startReloadTown(t, { roles: ['api'] })
const platform = platformAt(town.url)
const bureau = departmentAt(town.url, 'human-resources')
const read = async (path: string) => (await platform.get(path)).json()

async function apply(): Promise<{ id: string; approval: string; version: string }> {
  const files = [await platform.upload(), await platform.upload()] as const
  const accepted = await platform.submit(retirement(files))
  if (accepted.status !== 202) throw new Error(`${accepted.status} ${accepted.body}`)
  const { submissionId: id, cases } = accepted.json()
  const { catalogueVersion: version } = await read(`/v1/submissions/${id}`)
  return { id, approval: cases[0].caseId, version }
}

/** The bureau takes the case on and finds the personnel file hard to read. */
async function askForAnotherScan(caseId: string): Promise<void> {
  await bureau.report(caseId, '30')
  await bureau.report(caseId, '28', {
    reason: '不清晰',
    materials: [{ code: 'personnel-file', reason: '不清晰' }],
  })
}

const supplement = async (caseId: string, mediaType: 'application/pdf' | 'image/png') =>
  platform.post(`/v1/cases/${caseId}/supplements`, {
    body: { materials: [{ code: 'personnel-file', materialId: await platform.upload(mediaType) }] },
  })

const limitOf = async (caseId: string) => (await read(`/v1/cases/${caseId}`)).deadline

const untouched = await apply()

t.test('open cases keep what they were applied for under; new ones get what is in force', async (t) => {
  const before = await apply()
  const waiting = await apply()
  await bureau.report(before.approval, '30')
  t.match(await limitOf(before.approval), { of: 'decision', days: 7, unit: 'G' })

  town.folder.edit('matters/divisions.yaml', (text) =>
    text.replace('effectiveFrom: "2026-01-01"', 'effectiveFrom: "2026-02-01"'),
  )
  town.folder.edit('matters/themes/retirement.yaml', (text) =>
    text
      .replace('promisedLimit: { days: 7, unit: G }', 'promisedLimit: { days: 3, unit: G }')
      .replace(
        '- { material: personnel-file }',
        '- { material: personnel-file }\n      - { material: bank-card }',
      ),
  )
  town.folder.edit('matters/materials.yaml', (text) =>
    text.replace('maxBytes: 209715200', 'maxBytes: 209715200\n    mediaTypes: [image/png]'),
  )
  town.folder.write(
    'matters/bank-card.yaml',
    'materials:\n  - { code: bank-card, name: { zh: 银行卡, en: Bank card }, sources: [upload] }\n',
  )
  const activated = await fetch(`${town.url}/ops/v1/catalogue/activate`, {
    method: 'POST',
    headers: { cookie: await logIn(town.url), origin: town.url },
  })
  t.match(await activated.json(), {
    result: 'activated',
    number: 2,
    changes: [{ what: 'limit' }, { what: 'material' }, { what: 'material' }],
  })

  // Who applied before: the list they were shown, and the limit that was promised to them.
  const list = (version: string) =>
    read(`/v1/themes/retirement/checklist?home=410204&mode=online${version && `&version=${version}`}`)
  const codes = ({ materials }: { materials: { code: string }[] }) => materials.map(({ code }) => code)
  t.strictSame(codes(await list(before.version)), ['retirement-form', 'personnel-file'])
  await askForAnotherScan(waiting.approval)
  t.equal((await supplement(waiting.approval, 'application/pdf')).status, 202)
  t.match(await limitOf(waiting.approval), { of: 'decision', days: 7 }, 'begun after the change, and still 7')
  t.match(await limitOf(before.approval), { of: 'decision', days: 7 })

  // Who applies now.
  t.strictSame(codes(await list('')), ['retirement-form', 'personnel-file', 'bank-card'])
  const [pdf, png] = [await platform.upload(), await platform.upload('image/png')]
  t.match((await platform.submit(retirement([pdf, png]))).json(), {
    code: 'invalid-submission',
    errors: [{ code: 'material-missing', message: /bank-card/ }],
  })
  const accepted = await platform.submit(
    retirement([pdf, png], {
      materials: [
        { code: 'retirement-form', source: 'upload', materialId: pdf },
        { code: 'personnel-file', source: 'upload', materialId: png },
        { code: 'bank-card', source: 'upload', materialId: pdf },
      ],
    }),
  )
  t.equal(accepted.status, 202, String(accepted.body))
  const { submissionId, cases } = accepted.json()
  const { catalogueVersion } = await read(`/v1/submissions/${submissionId}`)
  t.not(catalogueVersion, before.version)
  await askForAnotherScan(cases[0].caseId)
  t.match((await supplement(cases[0].caseId, 'application/pdf')).json(), {
    code: 'invalid-request',
    errors: [{ pointer: /^\/materials\/0/ }],
  })
  t.equal((await supplement(cases[0].caseId, 'image/png')).status, 202)
  t.match(await limitOf(cases[0].caseId), { of: 'decision', days: 3 })
})

t.test('a process that starts later knows the versions of all open cases', async (t) => {
  const other = await town.another({ roles: ['api'] })
  await departmentAt(other.url, 'human-resources').report(untouched.approval, '30')
  t.match(await limitOf(untouched.approval), { of: 'decision', days: 7 })
})
