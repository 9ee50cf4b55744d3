// 一次提交反复使用: what a department accepted once is not asked for again, for as long as the catalogue says, of nobody but
// its holder.

import t from 'tap'
import { platformAt, RESIDENT, retirement, tokens } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t)
const platform = platformAt(town.running.url)
const pensioner = {
  type: 'person',
  name: '张三',
  idType: '111',
  idNumber: holderWith(),
  mobile: '13800138000',
}
const question = {
  holder: { idType: '111', idNumber: pensioner.idNumber },
  theme: 'retirement',
  homeDivision: '410204',
  mode: 'online',
  situations: { retirementKind: 'normal', wantsElderlyCard: false },
}
const reusable = async (changes = {}, token: string = tokens.kaifeng) =>
  platformAt(town.running.url, token).post('/v1/materials/reusable', { body: { ...question, ...changes } })
const again = async (from: string, changes = {}) =>
  retirement([await platform.upload(), ''], {
    applicant: pensioner,
    materials: [
      { code: 'retirement-form', source: 'upload', materialId: await platform.upload() },
      { code: 'personnel-file', source: 'shared', from },
    ],
    ...changes,
  })

t.test('a file that was accepted is offered again and used', async (t) => {
  t.strictSame((await reusable()).json(), { items: [] }, 'nothing was accepted so far')
  const files = [await platform.upload(), await platform.upload()] as const
  const first = await town.apply(retirement(files, { applicant: pensioner }))
  await town.rest()

  const { items } = (await reusable()).json()
  t.match(items, [
    {
      id: /^reu_/,
      material: 'personnel-file',
      name: { zh: /档案/ },
      from: {
        submissionId: first.id,
        caseId: first.cases['retirement-approval'],
        matter: 'retirement-approval',
      },
      expiresOn: /^\d{4}-\d\d-\d\d$/,
      trust: 'accepted',
      proof: { sha256: [/^[0-9a-f]{64}$/] },
    },
  ])
  t.equal(items.length, 1)

  const second = await town.apply(await again(items[0].id))
  await town.rest()
  t.equal(await second.state(), 'completed')
  const of = async (one: typeof first) =>
    (await one.read('materials')).find(({ code }) => code === 'personnel-file') as {
      files: unknown
      sharedFrom?: object
    }
  t.strictSame((await of(second)).files, (await of(first)).files, 'the very same bytes')
  t.match((await of(second)).sharedFrom, {
    id: items[0].id,
    caseId: first.cases['retirement-approval'],
    trust: 'accepted',
  })
  t.equal((await reusable()).json().items.length, 1, 'using it makes it live no longer')
  await town.agree(t)
})

t.test('it is of no use to anybody else, nor as anything else', async (t) => {
  const [{ id }] = (await reusable()).json().items
  const refused = async (submission: Record<string, unknown>) => {
    const answer = await platform.submit(submission)
    t.equal(answer.status, 422)
    return answer.json().errors
  }
  t.match(await refused(await again(id, { applicant: { ...pensioner, idNumber: RESIDENT } })), [
    { pointer: '/materials/1/from', code: 'reusable-other-holder', messageZh: /不属于/ },
  ])
  t.match(await refused(await again('reu_01kb3v5m8q000000000000000001')), [
    { pointer: '/materials/1/from', code: 'unknown-reusable' },
  ])
  t.match(
    await refused(await again(id, { materials: [{ code: 'retirement-form', source: 'shared', from: id }] })),
    [{ code: 'material-missing' }, { code: 'material-source-not-allowed' }, { code: 'not-reusable' }],
  )
  t.strictSame((await reusable({}, tokens.county)).json(), { items: [] }, 'another platform sees nothing')
  t.strictSame(
    (await reusable({ holder: { idType: '111', idNumber: RESIDENT } })).json(),
    { items: [] },
    'another holder has nothing',
  )
  const rows = await town.running.query('select * from reusable_materials')
  t.notMatch(JSON.stringify(rows), new RegExp(pensioner.idNumber), 'the ledger does not say whose it is')
})

t.test('when its time is over it is gone', async (t) => {
  const [{ id }] = (await reusable()).json().items
  await town.running.query(`update reusable_materials set expires_on = '2026-01-01'`)
  t.strictSame((await reusable()).json(), { items: [] })
  const answer = await platform.submit(await again(id))
  t.match(answer.json().errors, [{ code: 'reusable-expired', messageZh: /2026-01-01/ }])
})
