// Submissions that can be read but not accepted: every fault is named at its place, all of them at once, in both
// languages, and nothing is kept. The same request again is answered with the first answer.

import t from 'tap'
import { COMPANY, newborn, number, platformAt, RESIDENT, retirement, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused, smallGateway } from './refused.ts'

const running = await runGateway(t, {
  roles: ['api'],
  edit: {
    ...smallGateway,
    'matters/themes/newborn.yaml': (text) =>
      text.replace('systems: health', 'systems: health\n    notOffered: ["410205"]'),
    'matters/themes/retirement.yaml': (text) =>
      text.replace('modes: [online, agent, appointment]', 'modes: [online, agent]'),
  },
})
const platform = platformAt(running.url)
const pdf = await platform.upload()
const foreign = await platformAt(running.url, tokens.county).upload()

const applicant = (changes: object) =>
  newborn({ applicant: { ...(newborn().applicant as object), ...changes } })
const material = (changes: object) =>
  retirement([pdf, pdf], {
    materials: [
      { code: 'retirement-form', source: 'upload', materialId: pdf },
      { code: 'personnel-file', source: 'upload', materialId: pdf, ...changes },
    ],
  })
const childCard = (file: string) => [
  { code: 'id-card', source: 'certificate' },
  { code: 'household-register', source: 'certificate' },
  { code: 'marriage-certificate', source: 'certificate' },
  { code: 'newborn-photo', source: 'upload', materialId: file },
]
const withPhoto = (file: string) =>
  newborn({ situations: { married: true, wantsSocialCard: true }, materials: childCard(file) })
const { externalId: _, ...numberless } = newborn()

const rows: readonly [rule: string, submission: unknown, faults: string[]][] = [
  ['no number of the platform', numberless, ['/externalId required']],
  ['a theme that is not there', newborn({ theme: 'newborns' }), ['/theme unknown-theme']],
  [
    'a matter that this division does not offer',
    newborn({ homeDivision: '410205' }),
    ['/homeDivision matter-not-offered'],
  ],
  ['a division of another city', newborn({ homeDivision: '440103' }), ['/homeDivision unknown-division']],
  [
    'a mode that the theme does not have',
    retirement([pdf, pdf], { mode: 'appointment', appointment: { slot: 's1' } }),
    ['/mode mode-not-offered'],
  ],
  [
    'a mode that the matter does not have',
    newborn({ modes: { 'child-medical-insurance': 'appointment' } }),
    ['/modes/child-medical-insurance mode-not-offered'],
  ],
  [
    'an answer that a situation does not allow',
    newborn({ situations: { married: 'yes', wantsSocialCard: false } }),
    ['/situations/married situation-wrong'],
  ],
  [
    'a form without what it must hold',
    newborn({ form: { childName: '张一诺', childSex: '女' } }),
    ['/form/bornOn required'],
  ],
  [
    'a material that is missing',
    newborn({ materials: [{ code: 'id-card', source: 'certificate' }] }),
    ['/materials material-missing', '/materials material-missing'],
  ],
  ['a file of a type that the material does not take', withPhoto(pdf), ['/materials/3/materialId file-type']],
  [
    'a file that was never uploaded',
    material({ materialId: 'mat_01kb3v5m8q0000000000000000' }),
    ['/materials/1/materialId unknown-file'],
  ],
  ["another client's file", material({ materialId: foreign }), ['/materials/1/materialId unknown-file']],
  [
    'one of several files unknown',
    material({ materialIds: [pdf, foreign] }),
    ['/materials/1/materialIds/1 unknown-file'],
  ],
  ['an upload without a file', material({ materialId: undefined }), ['/materials/1 file-missing']],
  [
    'a form part in a submission without a form',
    material({ materialId: undefined, part: 'scan' }),
    ['/materials/1/part part-missing'],
  ],
  [
    'a source that the material does not have',
    material({ source: 'paper' }),
    ['/materials/1/source material-source-not-allowed'],
  ],
  [
    'a material that nobody asked for',
    material({ code: 'personal-file' }),
    ['/materials material-missing', '/materials/1/code unknown-material'],
  ],
  [
    'an ID card with a wrong check digit',
    applicant({ idNumber: '110105194912310021' }),
    ['/applicant/idNumber invalid-id-number'],
  ],
  [
    'a USCC with a wrong check digit',
    applicant({ type: 'organisation', idType: '001', idNumber: `${COMPANY.slice(0, -1)}G`, contact: '李四' }),
    ['/applicant/idNumber invalid-uscc', '/applicant/type applicant-not-allowed'],
  ],
  [
    'a wrong number, and files that are not there',
    {
      ...material({ materialId: 'mat_01kb3v5m8q0000000000000000' }),
      applicant: { type: 'person', name: '张三', idType: '111', idNumber: '110105194912310021' },
    },
    ['/applicant/idNumber invalid-id-number', '/materials/1/materialId unknown-file'],
  ],
  [
    'no number of the platform, and a file of the wrong type',
    (({ externalId: _, ...rest }) => rest)(withPhoto(pdf)),
    ['/externalId required', '/materials/3/materialId file-type'],
  ],
  [
    'a person with the number of a company',
    applicant({ idType: '001', idNumber: COMPANY }),
    ['/applicant/idType id-type-wrong'],
  ],
]

t.test('a submission that cannot be accepted is refused at its faults and not kept', async (t) => {
  await nothingKept(t, running, async () => {
    for (const [rule, submission, faults] of rows) {
      await t.test(rule, async (t) => {
        refused(t, await platform.submit(submission), 'invalid-submission', faults)
        refused(
          t,
          await platform.post('/v1/submissions/check', { body: submission }),
          'invalid-submission',
          faults,
        )
      })
    }
  })
})

t.test('a mistyped word is answered with the word that was meant', async (t) => {
  const [theme] = (await platform.submit(newborn({ theme: 'newborns' }))).json().errors
  t.match(theme, { message: /did you mean newborn\?/, messageZh: /newborn/ })
  const [, code] = (await platform.submit(material({ code: 'personal-file' }))).json().errors
  t.match(code, { message: /did you mean personnel-file\?/ })
})

t.test('all faults of one submission are told at once', async (t) => {
  const faulty = newborn({
    division: '999999',
    applicant: { type: 'person', name: ' ', idType: '111', idNumber: '110105194912310021', mobile: 'none' },
    situations: { married: 'maybe', colour: 'red' },
    form: { childName: '张一诺', childSex: 'x', bornOn: '2026-02-30' },
    materials: [
      { code: 'id-card', source: 'paper' },
      { code: 'passport', source: 'upload' },
    ],
    delivery: { return: { by: 'post' } },
    surprise: 1,
  })
  await nothingKept(t, running, async () => {
    const answer = await platform.submit(faulty)
    refused(t, answer, 'invalid-submission')
    const found = new Set(answer.json().errors.map((one: { pointer: string }) => one.pointer))
    for (const pointer of [
      '/division',
      '/applicant/name',
      '/applicant/idNumber',
      '/applicant/mobile',
      '/situations/married',
      '/situations/colour',
      '/form/childSex',
      '/form/bornOn',
      '/materials',
      '/materials/0/source',
      '/materials/1/code',
      '/surprise',
    ])
      t.ok(found.has(pointer), `${pointer} among ${[...found]}`)
  })
})

t.test('no value of an applicant is repeated in a refusal', async (t) => {
  const answer = await platform.submit(applicant({ idNumber: '110105194912310021', mobile: '13800138' }))
  t.notMatch(answer.body.toString(), /110105194912310021|13800138/)
})

t.test('a check says what would be done and stores nothing', async (t) => {
  await nothingKept(t, running, async () => {
    const answer = await platform.post('/v1/submissions/check', { body: newborn(), key: null })
    t.equal(answer.status, 200)
    t.match(answer.json(), {
      valid: true,
      cases: [
        { matter: 'birth-certificate', system: 'health', after: [] },
        { matter: 'household-birth', system: 'public-security', after: ['birth-certificate'] },
      ],
    })
  })
})

t.test('the same request again is answered with its first answer, whatever the key', async (t) => {
  const body = JSON.stringify(newborn())
  const first = await platform.submit(body, { key: 'k-1' })
  t.equal(first.status, 202)
  t.equal(first.headers.get('idempotent-replayed'), null)
  await nothingKept(t, running, async () => {
    for (const key of ['k-1', '"k-1"', 'another-key']) {
      const again = await platform.submit(body, { key })
      t.equal(again.status, 200)
      t.equal(again.headers.get('idempotent-replayed'), 'true')
      t.strictSame(again.json(), first.json())
    }
  })
})

t.test('twenty of the same request at once make one submission', async (t) => {
  const body = JSON.stringify(newborn())
  const answers = await Promise.all(Array.from({ length: 20 }, () => platform.submit(body, { key: 'k-20' })))
  t.equal(answers.filter((one) => one.status === 202).length, 1)
  t.equal(answers.filter((one) => one.status === 200).length, 19)
  t.equal(new Set(answers.map((one) => one.json().submissionId)).size, 1)
})

t.test('a key or a number that is used again for something else is a conflict', async (t) => {
  const externalId = number()
  t.equal((await platform.submit(newborn({ externalId }), { key: 'k-2' })).status, 202)
  await nothingKept(t, running, async () => {
    refused(t, await platform.submit(newborn(), { key: 'k-2' }), 'idempotency-conflict', [])
    const other = newborn({ externalId, form: { childName: '张二', childSex: '男', bornOn: '2026-11-01' } })
    const taken = await platform.submit(other, { key: 'k-3' })
    refused(t, taken, 'idempotency-conflict', ['/externalId number-taken'])
    t.match(taken.json(), { detail: /^this externalId was/, detailZh: /^该 externalId/ })
    refused(t, await platform.submit(other, { key: 'k-2' }), 'idempotency-conflict')
    const wrong = newborn({ theme: 'no-such-theme' })
    refused(t, await platform.submit(wrong, { key: 'k-2' }), 'idempotency-conflict')
    refused(t, await platform.submit(wrong, { key: 'k-3' }), 'invalid-submission')
  })
  t.equal((await platform.submit(newborn(), { key: 'k-3' })).status, 202, 'a refused key is free again')
})

t.test('without a usable Idempotency-Key nothing is taken', async (t) => {
  await nothingKept(t, running, async () => {
    for (const key of [null, '""', 'k'.repeat(256), 'a key with spaces'])
      refused(t, await platform.submit(newborn(), { key }), 'idempotency-key-missing')
  })
})

t.test('an ID card in the old form of a division and full-width digits is understood', async (t) => {
  const wide = applicant({
    idNumber: RESIDENT.toLowerCase(),
    mobile: '＋８６ １３８-００１３-８０００',
  })
  t.equal((await platform.submit({ ...wide, division: '410211' })).status, 202)
})
