import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import iconv from 'iconv-lite'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-file-drop/manifest.ts'
import type { FileDropSettings } from '../../adapters/department-file-drop/settings.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import {
  caseId,
  directories,
  failed,
  json,
  overBoth,
  overFolder,
  put,
  type Stage,
  submitted,
} from './department-file-drop-scene.ts'

await overBoth(otherRules)

async function otherRules(t: Test, stage: Stage): Promise<void> {
  await t.test('the check proves every directory and leaves nothing', async (t) => {
    const { adapter, attempt, files } = stage(t)
    const now = { ...attempt(), now: () => new Date() }
    t.match(await adapter.check!(now), { ok: true })
    for (const name of directories) t.same(files(name), [])
    t.match(await adapter.check!(attempt()), { ok: false, summary: /clock/ }, 'a clock that is off is told')
  })

  await t.test('the listing tells what the department has of a day', async (t) => {
    const { adapter, attempt, folder } = stage(t)
    put(folder, `ack/${submitted}.json.ack`, '{"code":"0","projectNo":"SJ7"}')
    put(folder, 'done/410221_SB_20261122_case_2.json', '{}')
    put(folder, 'done/410221_BZ_case_2_1.json', '{}')
    put(folder, 'done/410221_SB_20261101_case_3.json', '{}', 86_400 * 3)
    const listed = []
    for await (const one of adapter.listing!.list('2026-11-23', attempt())) listed.push(one)
    t.same(listed, [{ id: caseId, reference: 'SJ7' }, { id: 'case_2' }])
  })

  await t.test(
    'the listing tells what the department has of a day, however much there is of others',
    async (t) => {
      const { adapter, attempt, folder } = stage(t, { limits: { listed: 10 } })
      for (let n = 0; n < 60; n++) {
        const age = n === 30 ? 10 : 86_400 * 3
        put(folder, `done/410221_SB_20261101_case_${n}.json`, '{}', age)
        put(folder, `ack/410221_SB_20261101_case_${n + 100}.json.ack`, '{"code":"0"}', age)
      }
      const listed = []
      for await (const { id } of adapter.listing!.list('2026-11-23', attempt())) listed.push(id)
      t.same(listed, ['case_130', 'case_30'])
    },
  )

  await t.test('names of files are GB18030 where the department writes them so', async (t) => {
    const { adapter, attempt, folder, read, settle } = stage(t, {
      fileNames: 'gb18030',
      names: { submitCase: '办件_{caseId}' },
      incoming: { complete: 'rename' },
    })
    const named = (directory: string, name: string) =>
      Buffer.concat([Buffer.from(`${folder}/${directory}/`), iconv.encode(name, 'gb18030')])
    writeFileSync(named('in', '回执𬀩一.json'), json())
    const [item] = await read()
    t.match(item!.key, /^回执𬀩一\.json#/)
    await settle([{ key: item!.key, outcome: 'recorded' }])
    t.ok(existsSync(named('done', '回执𬀩一.json')), 'moved under the same bytes')
    t.ok(existsSync(named('ack', '回执𬀩一.json.ack')))
    const receipt = await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    t.match(receipt, { data: { file: `办件_${caseId}.json` } })
    for (const suffix of ['.json', '.json.mf', '_M01-1.pdf'])
      t.ok(existsSync(named('out', `办件_${caseId}${suffix}`)), suffix)
    t.ok(await adapter.outgoing.submitCase!.find!(givens['case-online'], attempt()))
  })

  await t.test('a name that the charset of file names cannot write is refused', async (t) => {
    const { adapter, attempt, files } = stage(t, {
      fileNames: 'gbk',
      names: { submitCase: '𬀩_{caseId}' },
      materials: 'none',
    })
    const refused = adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    await t.rejects(refused, failed('rejected', { sent: false }))
    t.same(files('out'), [])
  })

  await t.test('a name in another charset is told, not passed over', async (t) => {
    const { read, folder } = stage(t)
    writeFileSync(
      Buffer.concat([Buffer.from(`${folder}/in/`), Buffer.from([0xb1, 0xa8]), Buffer.from('.json')]),
      '{}',
    )
    await t.rejects(read(), failed('unrecognised'))
  })

  await t.test('a file of some megabytes is carried whole', async (t) => {
    const { adapter, attempt, folder, read } = stage(t, { incoming: { complete: 'rename' } })
    const reason = '字'.repeat(500_000)
    put(folder, 'in/large.json', json({ reason }))
    t.equal((await read())[0]!.body.length, Buffer.byteLength(json({ reason })))
    const large = { ...givens['case-online'], form: { text: reason } }
    await adapter.outgoing.submitCase!.send(large, attempt())
    const written = JSON.parse(readFileSync(join(folder, `out/${submitted}.json`), 'utf8'))
    t.equal(written.formData.text, reason)
  })
}

t.test('what it would do can be seen without any person', async (t) => {
  const { adapter, attempt, files } = overFolder(t)
  const lines = await adapter.preview!('submitCase', givens['case-online'], attempt())
  t.match(lines[0], new RegExp(`^out/${submitted}_M01-1.pdf \\d+ bytes`))
  t.notMatch(lines.join('\n'), /410204198503071521|张晓|13803780001/)
  t.same(files('out'), [])
})

t.test('file names and contents may be GBK on a disk', async (t) => {
  const { adapter, attempt, folder, read, settle } = overFolder(t, {
    fileNames: 'gbk',
    charset: 'gbk',
    incoming: { complete: 'rename' },
  })
  const name = Buffer.concat([
    Buffer.from(`${folder}/in/`),
    iconv.encode('回执一', 'gbk'),
    Buffer.from('.json'),
  ])
  writeFileSync(name, iconv.encode(json({ reason: '正常' }), 'gbk'))
  const [item] = await read()
  t.match(item!.key, /^回执一\.json#/)
  await settle([{ key: item!.key, outcome: 'recorded' }])
  t.ok(existsSync(Buffer.from(name.toString('latin1').replace('/in/', '/done/'), 'latin1')))
  await t.rejects(
    adapter.outgoing.submitCase!.send(givens['case-online'], attempt()),
    failed('rejected'),
    'GBK lacks 𬀩',
  )
})

t.test('a file is whole by its marker, if the settings say so', async (t) => {
  const marked = overFolder(t, { manifestSuffix: '.ok', incoming: { complete: 'marker' } })
  put(marked.folder, 'in/a.json', json())
  t.same(await marked.read(), [])
  put(marked.folder, 'in/a.ok', '')
  const [item] = await marked.read()
  await marked.settle([{ key: item!.key, outcome: 'recorded' }])
  t.same(marked.files('done'), ['a.json', 'a.ok'])
})

t.test('settings that make no sense together are refused', async (t) => {
  const base = { transport: { folder: { path: '/drop' } }, region: '410221' } as const
  const refused: [string, FileDropSettings][] = [
    [
      'no login',
      { ...base, transport: { sftp: { host: 'h', user: 'u', hostKey: `SHA256:${'A'.repeat(43)}` } } },
    ],
    ['a name without the case', { ...base, names: { submitCase: '{region}_{date}' } }],
    ['a round-less supplement', { ...base, names: { supplementCase: '{caseId}_BZ' } }],
    ['a date that changes', { ...base, names: { withdrawCase: 'CH_{date}_{caseId}' } }],
    ['one directory for two', { ...base, directories: { out: 'x', in: 'x' } }],
    ['broken JSONata', { ...base, documents: { submitCase: '={' } }],
  ]
  for (const [title, settings] of refused)
    t.throws(() => manifest.create(settings), { name: 'AdapterFailure', kind: 'unrecognised' }, title)
})

t.test('a document of one’s own is written, and records of one’s own are read', async (t) => {
  const { adapter, attempt, text, report, read } = overFolder(t, {
    names: { submitCase: 'SP{homeDivision}-{date}-{caseId}' },
    documents: { submitCase: { ywlsh: '=caseId', sxmc: '=matter.name', sqsj: '=$localTime(submittedAt)' } },
    incoming: { each: 'list', caseId: 'ywlsh', status: '$string(zt)', time: 'sj', eventId: 'id' },
    statuses: { '7': 'case.reviewing' },
  })
  await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
  t.same(JSON.parse(text(`out/SP410221-20261123-${caseId}.json`)), {
    ywlsh: caseId,
    sxmc: '食品经营许可证核发',
    sqsj: '2026-11-23 09:12:05',
  })
  report('x.json', JSON.stringify({ list: [{ id: 'a', ywlsh: caseId, zt: 7, sj: '20261123100000' }] }))
  t.match((await read())[0]!.events[0], { id: 'a', type: 'case.reviewing' })
})

const samples = new URL('../../adapters/department-file-drop/samples/', import.meta.url)
const sample = (path: string) => readFileSync(new URL(path, samples))
const sampleSettings = JSON.parse(sample('settings.json').toString()) as FileDropSettings

t.test('the samples are what is written and what is read', async (t) => {
  const { transport: _, ...extra } = sampleSettings
  const { adapter, attempt, folder, read, files } = overFolder(t, extra)
  await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
  await adapter.outgoing.supplementCase!.send(givens.supplement, attempt())
  await adapter.outgoing.withdrawCase!.send(givens.withdrawal, attempt())
  t.same(files('out'), readdirSync(new URL('out/', samples)).sort())
  for (const name of files('out'))
    t.same(readFileSync(join(folder, `out/${name}`)), sample(`out/${name}`), name)
  for (const name of readdirSync(new URL('in/', samples))) put(folder, `in/${name}`, sample(`in/${name}`))
  t.same(
    (await read()).flatMap(({ events }) => events.map(({ type }) => type)),
    ['case.accepted', 'case.correction-requested', 'case.approved'],
  )
  put(folder, `ack/${submitted}.xml.ack`, sample(`ack/${submitted}.xml.ack`))
  t.match(await adapter.outgoing.submitCase!.find!(givens['case-online'], attempt()), {
    reference: 'SJ2026112300017',
  })
})

t.test('settings are closed, one transport is chosen, and secrets are marked', (t) => {
  const fits = new Ajv2020({ strict: false }).compile(manifest.settings)
  const sftp = { host: 'h', user: 'u', password: 'p', hostKey: `SHA256:${'A'.repeat(43)}` }
  const folder = { path: '/drop' }
  const region = '410221'
  t.ok(fits(sampleSettings))
  t.ok(fits({ transport: { sftp }, region }))
  const wrong: [string, unknown][] = [
    ['no transport', { transport: {}, region }],
    ['two transports', { transport: { sftp, folder }, region }],
    ['a host nobody vouches for', { transport: { sftp: { ...sftp, hostKey: undefined } }, region }],
    ['a metadata address', { transport: { sftp: { ...sftp, host: '169.254.169.254' } }, region }],
    ['a climbing directory', { transport: { folder }, region, directories: { out: '../out' } }],
    ['a name with a folder', { transport: { folder }, region, names: { submitCase: 'a/{caseId}' } }],
    ['a stranger', { transport: { folder }, region, colour: 'red' }],
  ]
  for (const [title, settings] of wrong) t.notOk(fits(JSON.parse(JSON.stringify(settings))), title)
  t.match(JSON.stringify(manifest.settings), /"password":\{"type":"string","minLength":1,"writeOnly":true/)
  t.end()
})

t.test('a page is bounded by bytes as well as by items', async (t) => {
  const { adapter, attempt, folder } = overFolder(t, {
    limits: { fileBytes: 4096 },
    incoming: { complete: 'rename' },
  })
  for (let n = 0; n < 5; n++)
    put(folder, `in/${n}.json`, json({ eventId: `E-${n}`, reason: 'x'.repeat(2000) }), 60 - n)
  const page = await adapter.polling!.read(undefined, attempt())
  t.ok(page.more)
  t.same(
    page.items.map(({ events }) => events[0]?.id),
    ['E-0', 'E-1'],
  )
})

t.test('what the department says later of a delivered file reaches a person once', async (t) => {
  const { adapter, attempt, folder, read, settle, files } = overFolder(t)
  await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
  put(folder, `ack/${submitted}.json.ack`, '{"code":"2001","message":"张晓𬀩 证件有误"}')
  const [item] = await read()
  t.match(item!.failure, failed('unrecognised', { code: '2001' }))
  t.notMatch(item!.failure!.message, '张晓')
  await settle([{ key: item!.key, outcome: 'unreadable', reason: item!.failure!.message }])
  t.same([files('ack'), files('reject')], [[], [`${submitted}.json.ack`]])
  put(folder, `ack/${submitted}.json.ack`, '{"code":"0","projectNo":"SJ9"}')
  const [good] = await read()
  t.same([good!.events, good!.failure], [[], undefined])
  await settle([{ key: good!.key, outcome: 'recorded' }])
  t.same(files('done'), [`${submitted}.json.ack`])
  t.match(await adapter.outgoing.submitCase!.find!(givens['case-online'], attempt()), { reference: 'SJ9' })
})
