// What may be used again: offered to its holder's platform only, within the client's divisions, for as long
// as the catalogue says; everything else is refused by name, in both languages.

import t from 'tap'
import { holderHash } from '../../../src/intake/holder-hash.ts'
import { platformAt, RESIDENT, retirement, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, otherTokens, refused, smallGateway } from './refused.ts'

const running = await runGateway(t, { roles: ['api'], edit: smallGateway })
const platform = platformAt(running.url)
const path = '/v1/materials/reusable'
const holder = { idType: '111', idNumber: RESIDENT }
const question = {
  holder,
  theme: 'retirement',
  homeDivision: '410204',
  mode: 'online',
  situations: { retirementKind: 'normal', wantsElderlyCard: false },
}
const ask = async (changes: object = {}, token: string = tokens.kaifeng) =>
  platform.post(path, { token, key: null, body: { ...question, ...changes } })
const idsFor = async (changes?: object, token?: string) =>
  (await ask(changes, token)).json().items.map(({ id }: { id: string }) => id)

let made = 0
async function accepted(change: Record<string, unknown> = {}): Promise<string> {
  const id = `reu_01kb3v5m8q0123456789abcd${String(++made).padStart(4, '0')}`
  const row = {
    id,
    holder: holderHash(running.settings.keys.holders, holder),
    material: 'personnel-file',
    platform: 'kaifeng-platform',
    division: '410204',
    submission_id: 'sub_01kb3v5m8q0123456789abcdef',
    case_id: 'case_01kb3v5m8q0123456789abcdef01',
    matter: 'retirement-approval',
    decided_at: new Date(Date.now() - made * 60_000),
    expires_on: '2099-01-01',
    trust: 'accepted',
    data: {
      name: '职工人事档案',
      files: [{ sha256: 'a'.repeat(64), size: 3, mediaType: 'application/pdf', fileName: 'a.pdf' }],
    },
    ...change,
  }
  const names = Object.keys(row)
  await running.query(
    `insert into reusable_materials (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(row),
  )
  return id
}

t.test(
  'a holder is offered what this theme takes, the latest first, however the number was typed',
  async (t) => {
    const [latest, earlier] = [await accepted(), await accepted()]
    await accepted({ material: 'lease' })
    t.strictSame(await idsFor(), [latest, earlier])
    t.strictSame(await idsFor({ holder: { idType: '１１１', idNumber: '11010519491231002ｘ' } }), [
      latest,
      earlier,
    ])
    for (const homeDivision of ['410204000000', '410204001', '４１０２０４'])
      t.strictSame(await idsFor({ homeDivision }), [latest, earlier], homeDivision)
    const answer = await ask()
    t.equal(answer.headers.get('cache-control'), 'no-store')
    t.match(answer.json().items[0], {
      name: { zh: /档案/, en: /file/ },
      from: { matter: 'retirement-approval', decidedAt: /Z$/ },
      proof: { sha256: ['a'.repeat(64)] },
    })
    t.notMatch(answer.body.toString(), /a\.pdf/, 'names of files stay inside')
    await running.query('delete from reusable_materials')
  },
)

t.test('another platform, other divisions and another holder see nothing of it', async (t) => {
  const id = await accepted({ division: '410221' })
  t.strictSame(await idsFor(), [id])
  t.strictSame(await idsFor({}, tokens.county), [])
  t.strictSame(await idsFor({}, otherTokens.district), [], 'submitted in a division that it may not act for')
  t.strictSame(
    await idsFor({ holder: { idType: '414', idNumber: RESIDENT } }),
    [],
    'a passport of the same number',
  )
  refused(t, await ask({}, otherTokens.unassigned), 'forbidden')
  await running.query('delete from reusable_materials')
})

t.test('a catalogue that has become stricter ends it sooner', async (t) => {
  await accepted({ decided_at: new Date('2026-01-01T00:00:00Z') })
  t.strictSame(await idsFor(), [], '180 days are over')
  await running.query('delete from reusable_materials')
})

t.test('a question that is wrong is told all that is', async (t) => {
  await nothingKept(t, running, async () => {
    refused(t, await ask({ holder: { idType: '111', idNumber: '110105194912310021' } }), 'invalid-request', [
      '/holder/idNumber invalid-id-number',
    ])
    const answer = await platform.post(path, { body: { mode: 'post', homeDivision: '4102', extra: 1 } })
    refused(t, answer, 'invalid-request')
    t.ok(answer.json().errors.length >= 5, 'holder, theme, mode, division and what nobody asked for')
    refused(t, await ask({ theme: 'retirment' }), 'invalid-request')
    refused(t, await ask({ situations: { nothing: true } }), 'invalid-request')
    refused(t, await platform.post(path, { body: '{', type: 'application/json' }), 'malformed-json')
    refused(t, await platform.post(path, { body: 'x', type: 'text/plain' }), 'unsupported-media-type')
    refused(t, await ask({}, 'nobody'), 'unauthenticated')
    t.equal((await platform.get(`${path}?idNumber=${RESIDENT}`)).status, 405, 'nothing of the kind in a URL')
  })
})

t.test('a submission that names it wrongly is refused by name', async (t) => {
  const id = await accepted()
  const form = await platform.upload()
  const submit = (second: Record<string, unknown>, token?: string) =>
    platform.submit(
      retirement([form, form], {
        materials: [{ code: 'retirement-form', source: 'upload', materialId: form }, second],
      }),
      token ? { token } : {},
    )
  await nothingKept(t, running, async () => {
    const file = { code: 'personnel-file' }
    const at = '/materials/1/from'
    refused(t, await submit({ ...file, source: 'shared' }), 'invalid-submission', [`${at} from-missing`])
    refused(
      t,
      await submit({ ...file, source: 'upload', materialId: form, from: id }),
      'invalid-submission',
      [`${at} from-not-shared`],
    )
    refused(t, await submit({ ...file, source: 'shared', from: 'mat_1' }), 'invalid-submission')
    const lease = await accepted({ material: 'lease' })
    refused(t, await submit({ ...file, source: 'shared', from: lease }), 'invalid-submission', [
      `${at} reusable-other-material`,
    ])
    const elsewhere = await accepted({ platform: 'county-platform' })
    refused(t, await submit({ ...file, source: 'shared', from: elsewhere }), 'invalid-submission', [
      `${at} unknown-reusable`,
    ])
    const others = await accepted({ holder: 'another' })
    refused(t, await submit({ ...file, source: 'shared', from: others }), 'invalid-submission', [
      `${at} reusable-other-holder`,
    ])
    const ended = await accepted({ expires_on: '2026-01-31' })
    refused(t, await submit({ ...file, source: 'shared', from: ended }), 'invalid-submission', [
      `${at} reusable-expired`,
    ])
  })
  t.equal((await submit({ code: 'personnel-file', source: 'shared', from: id })).status, 202)
  const [row] = await running.query<{ data: object }>(
    `select data from materials where code = 'personnel-file'`,
  )
  t.match(row!.data, {
    source: 'shared',
    sharedFrom: { id, trust: 'accepted' },
    files: [{ fileName: 'a.pdf' }],
  })
})
