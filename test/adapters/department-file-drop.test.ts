// The questions that the conformance kit asks over HTTP, asked by hand over a folder and over Debian's own SFTP server.

import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { Ajv2020 } from 'ajv/dist/2020.js'
import iconv from 'iconv-lite'
import t, { type Test } from 'tap'
import { fromBufferPromise } from 'yauzl'
import manifest from '../../adapters/department-file-drop/manifest.ts'
import type { FileDropSettings } from '../../adapters/department-file-drop/settings.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { Adapter, Attempt, PolledItem, SettledItem } from '../../src/adapter-kit/contract.ts'
import type { FailureKind } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { type SftpServer, startSftp, withoutSshd } from '../support/sftp.ts'

const directories = ['out', 'in', 'ack', 'reject', 'done'] as const
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')
const caseId = givens['case-online'].caseId
const submitted = `410221_SB_20261123_${caseId}`

/** How an AdapterFailure looks. */
const failed = (kind: FailureKind, more: { sent?: boolean; code?: string } = {}) => ({
  name: 'AdapterFailure',
  kind,
  ...more,
})

interface Scene {
  adapter: Adapter
  attempt(options?: { number?: number; signal?: AbortSignal }): Attempt
  folder: string
  files(directory: (typeof directories)[number]): string[]
  text(path: string): string
  /** A file of the department with its manifest, as it should be. */
  report(name: string, content: string | Buffer, manifestText?: string): void
  read(): Promise<readonly PolledItem[]>
  settle(outcomes: SettledItem[]): Promise<void>
}

type Extra = Partial<FileDropSettings>

function scene(t: Test, folder: string, settings: FileDropSettings): Scene {
  for (const name of directories) mkdirSync(join(folder, name), { recursive: true })
  const stage = setStage(manifest, settings, 'http://127.0.0.1:9')
  t.teardown(async () => {
    await stage.adapter.close?.()
    await stage.close()
  })
  const attempt = stage.attempt
  return {
    adapter: stage.adapter,
    attempt,
    folder,
    files: (directory) => readdirSync(join(folder, directory)).sort(),
    text: (path) => readFileSync(join(folder, path), 'utf8'),
    report(name, content, manifestText) {
      const bytes = Buffer.from(content)
      put(folder, `in/${name}`, bytes)
      put(folder, `in/${name}.mf`, manifestText ?? `${sha256(bytes)}  ${bytes.length}  ${name}\n`)
    },
    read: async () => (await stage.adapter.polling!.read(undefined, attempt())).items,
    settle: async (outcomes) => stage.adapter.polling!.settle!(outcomes, attempt()),
  }
}

/** With the time of the samples, so that nothing is overdue. */
function put(folder: string, path: string, bytes: Buffer | string, secondsAgo = 10): void {
  writeFileSync(join(folder, path), bytes)
  const at = GIVEN_NOW.getTime() / 1000 - secondsAgo
  utimesSync(join(folder, path), at, at)
}

const record = (change: Record<string, unknown> = {}) => ({
  eventId: 'E-1',
  outerNo: caseId,
  projectNo: 'SJ2026112300017',
  status: '30',
  time: '2026-11-23 09:40:00',
  ...change,
})
const json = (change: Record<string, unknown> = {}) => JSON.stringify(record(change))

type Stage = (t: Test, extra?: Extra) => Scene

const overFolder: Stage = (t, extra = {}) => {
  const folder = temporaryFolder('drop')
  t.teardown(() => removeFolder(folder))
  return scene(t, folder, { transport: { folder: { path: folder } }, region: '410221', ...extra })
}

let server: SftpServer | undefined
const missing = withoutSshd()
if (!missing) {
  server = await startSftp()
  t.teardown(() => server?.stop())
}
let rooms = 0
const overSftp: Stage = (t, extra = {}) => {
  const { port, user, privateKey, hostKey, folder } = server!
  const room = join(folder, String(++rooms))
  mkdirSync(room)
  const sftp = { host: '127.0.0.1', port, user, privateKey, hostKey, path: room }
  return scene(t, room, { transport: { sftp }, region: '410221', ...extra })
}

t.test('through a folder', async (t) => rules(t, overFolder))
t.test('over SFTP', { skip: missing ?? false }, async (t) => rules(t, overSftp))

async function rules(t: Test, stage: Stage): Promise<void> {
  await outgoingRules(t, stage)
  await incomingRules(t, stage)
  await otherRules(t, stage)
}

async function outgoingRules(t: Test, stage: Stage): Promise<void> {
  await t.test('a case is dropped with its materials, and the manifest proves every file', async (t) => {
    const { adapter, attempt, files, text } = stage(t)
    const receipt = await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    t.match(receipt, { data: { file: `${submitted}.json` } })
    t.notOk(receipt.duplicate)
    t.same(files('out'), [`${submitted}.json`, `${submitted}.json.mf`, `${submitted}_M01-1.pdf`])
    t.match(JSON.parse(text(`out/${submitted}.json`)), { outerNo: caseId, applicant: { name: '张晓𬀩' } })
    const lines = text(`out/${submitted}.json.mf`).trim().split('\n').slice(1)
    t.equal(lines.length, 2)
    for (const line of lines) {
      const [sum, size, name] = line.split('  ')
      t.equal(sum, sha256(Buffer.from(text(`out/${name}`))))
      t.equal(Number(size), Buffer.from(text(`out/${name}`)).length)
    }
  })

  await t.test('the same case again is a duplicate, wherever the department has put it', async (t) => {
    const { adapter, attempt, folder } = stage(t)
    const send = () => adapter.outgoing.submitCase!.send(givens['case-online'], attempt({ number: 2 }))
    const find = () => adapter.outgoing.submitCase!.find!(givens['case-online'], attempt())
    t.equal(await find(), null)
    t.notOk((await send()).duplicate)
    t.match(await send(), { duplicate: true })
    t.match(await find(), { data: { file: `${submitted}.json` } })
    for (const suffix of ['.json', '.json.mf'])
      renameSync(join(folder, `out/${submitted}${suffix}`), join(folder, `done/${submitted}${suffix}`))
    t.match(await send(), { duplicate: true })
    renameSync(join(folder, `done/${submitted}.json`), join(folder, 'gone'))
    renameSync(join(folder, `done/${submitted}.json.mf`), join(folder, 'gone-too'))
    put(folder, `ack/${submitted}.json.ack`, '{"code":"0","message":"ok","projectNo":"SJ1"}')
    t.match(await send(), { duplicate: true, reference: 'SJ1' })
  })

  await t.test('no manifest follows a file that vanished before it got its name', async (t) => {
    const { adapter, attempt, folder, files } = stage(t)
    const shaken = {
      ...attempt(),
      files: {
        ...attempt().files,
        // The drive goes away while the material is written, and is there again for the rest.
        open: async () =>
          Readable.from(
            (async function* () {
              yield Buffer.from('half')
              renameSync(join(folder, 'out'), join(folder, 'away'))
              mkdirSync(join(folder, 'out'))
              yield Buffer.from('the rest')
            })(),
          ),
      },
    }
    const lost = adapter.outgoing.submitCase!.send(givens['case-online'], shaken)
    await t.rejects(lost, failed('unavailable', { sent: false }))
    t.same(files('out'), [])
  })

  await t.test('other content under the same name is refused', async (t) => {
    const { adapter, attempt } = stage(t)
    await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    const other = { ...givens['case-online'], form: { shopName: '别的店' } }
    await t.rejects(
      adapter.outgoing.submitCase!.send(other, attempt()),
      failed('rejected', { code: 'other-content' }),
    )
  })

  await t.test('a set cut short before its manifest is made whole by the next try', async (t) => {
    const { adapter, attempt, folder, files, text } = stage(t)
    put(folder, `out/${submitted}.json.tmp`, 'half a docu')
    put(folder, `out/${submitted}_M01-1.pdf`, 'half a plan')
    t.equal(await adapter.outgoing.submitCase!.find!(givens['case-online'], attempt()), null)
    await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    t.same(files('out'), [`${submitted}.json`, `${submitted}.json.mf`, `${submitted}_M01-1.pdf`])
    t.match(text(`out/${submitted}_M01-1.pdf`), '开封市餐饮店平面图')
  })

  await t.test('supplements and withdrawals are dropped and found under names of their own', async (t) => {
    const { adapter, attempt, files } = stage(t, { materials: 'none' })
    await adapter.outgoing.supplementCase!.send(givens.supplement, attempt())
    await adapter.outgoing.withdrawCase!.send(givens.withdrawal, attempt())
    t.match(await adapter.outgoing.supplementCase!.send(givens.supplement, attempt()), { duplicate: true })
    t.ok(await adapter.outgoing.withdrawCase!.find!(givens.withdrawal, attempt()))
    t.same(
      files('out').filter((name) => !name.endsWith('.mf')),
      [`410221_BZ_${caseId}_1.json`, `410221_CH_${caseId}.json`],
    )
  })

  await t.test('an archive holds the document, the materials and a manifest', async (t) => {
    const { adapter, attempt, folder, files, text } = stage(t, {
      packaging: 'zip',
      format: 'xml',
      charset: 'gb18030',
    })
    await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    t.same(files('out'), [`${submitted}.zip`, `${submitted}.zip.mf`])
    const archive = readFileSync(join(folder, `out/${submitted}.zip`))
    t.match(text(`out/${submitted}.zip.mf`), `${sha256(archive)}  ${archive.length}  ${submitted}.zip`)
    const entries = new Map<string, Buffer>()
    const zip = await fromBufferPromise(archive)
    for await (const entry of zip.eachEntry()) {
      const pieces: Buffer[] = []
      for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
      entries.set(entry.fileName, Buffer.concat(pieces))
    }
    t.same([...entries.keys()].sort(), ['data.xml', 'manifest.mf', 'materials/M01-1.pdf'])
    const xml = iconv.decode(entries.get('data.xml')!, 'gb18030')
    t.match(xml, /^<\?xml version="1.0" encoding="GB18030"\?>/)
    t.match(xml, '张晓𬀩')
    t.match(await adapter.outgoing.submitCase!.send(givens['case-online'], attempt()), { duplicate: true })
    const list = entries.get('manifest.mf')!.toString()
    t.match(list, `${sha256(entries.get('data.xml')!)}  ${entries.get('data.xml')!.length}  data.xml`)
  })

  await t.test('an archive and the list in it carry SM3 where that is asked', async (t) => {
    const { adapter, attempt, folder, text } = stage(t, { packaging: 'zip', checksum: 'sm3' })
    const sm3 = (bytes: Buffer) => createHash('sm3').update(bytes).digest('hex')
    await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    const archive = readFileSync(join(folder, `out/${submitted}.zip`))
    t.match(text(`out/${submitted}.zip.mf`), `${sm3(archive)}  ${archive.length}  ${submitted}.zip`)
    const lines = await adapter.preview!('submitCase', givens['case-online'], attempt())
    t.match(lines.join('\n'), /materials\/M01-1\.pdf 37 bytes sm3 [0-9a-f]{64}/)
  })

  await t.test('with `until: acknowledged` the department’s word is waited for', async (t) => {
    const { adapter, attempt, folder } = stage(t, { until: 'acknowledged' })
    const send = () => adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    await t.rejects(send(), failed('unavailable'))
    await t.rejects(
      adapter.outgoing.submitCase!.find!(givens['case-online'], attempt()),
      failed('unavailable'),
    )
    put(folder, `ack/${submitted}.json.ack`, '{"code":"0","projectNo":"SJ7"}')
    t.match(await send(), { reference: 'SJ7' })
    put(folder, `ack/${submitted}.json.ack`, '{"code":"2001","message":"410204198503071521 张晓𬀩 有误"}')
    const refused = await send().catch((error: unknown) => error as Error)
    t.match(refused, failed('rejected', { code: '2001' }))
    t.notMatch(String((refused as Error).message), /410204198503071521|张晓/)
    put(folder, `ack/${submitted}.json.ack`, '{"code":"77"}')
    await t.rejects(send(), failed('unrecognised', { code: '77' }))
  })

  await t.test('a stopped attempt ends, and nothing of it is whole', async (t) => {
    const { adapter, attempt, files } = stage(t)
    const signal = AbortSignal.abort()
    await t.rejects(
      adapter.outgoing.submitCase!.send(givens['case-online'], attempt({ signal })),
      failed('unavailable', { sent: false }),
    )
    t.same(files('out'), [])
  })

  await t.test(
    'a directory that is not there makes the system unavailable, and nothing is sent',
    async (t) => {
      const { adapter, attempt } = stage(t, { directories: { out: 'elsewhere' } })
      await t.rejects(
        adapter.outgoing.submitCase!.send(givens['case-online'], attempt()),
        failed('unavailable', { sent: false }),
      )
    },
  )
}

async function incomingRules(t: Test, stage: Stage): Promise<void> {
  await t.test('a whole file is read, settled and acknowledged once', async (t) => {
    const { report, read, settle, files, text } = stage(t)
    report('R1.json', json())
    const [item] = await read()
    t.match(item, { body: Buffer.from(json()), events: [{ id: 'E-1', type: 'case.accepted', caseId }] })
    t.match(item!.events[0], { at: '2026-11-23T09:40:00+08:00', reference: 'SJ2026112300017' })
    await settle([{ key: item!.key, outcome: 'recorded' }])
    t.same([files('in'), files('done')], [[], ['R1.json', 'R1.json.mf']])
    t.match(JSON.parse(text('ack/R1.json.ack')), { file: 'R1.json', outcome: 'recorded', code: '0' })
    await settle([{ key: item!.key, outcome: 'recorded' }])
    t.same([files('in'), files('done')], [[], ['R1.json', 'R1.json.mf']], 'settling again changes nothing')
    t.same(await read(), [])
  })

  await t.test(
    'a file is whole after some seconds by the clock that dates it, whatever ours says',
    async (t) => {
      const { read, folder, files } = stage(t, { incoming: { complete: 'still', stillSeconds: 60 } })
      // attempt.now() is the time of the samples, far from this machine's.
      for (const [name, secondsAgo] of [
        ['new.json', 5],
        ['old.json', 90],
      ] as const) {
        put(folder, `in/${name}`, json())
        const at = Date.now() / 1000 - secondsAgo
        utimesSync(join(folder, `in/${name}`), at, at)
      }
      t.same(
        (await read()).map(({ key }) => basename(key).split('#')[0]),
        ['old.json'],
      )
      t.same(files('ack'), [], 'the probe is taken away')
    },
  )

  await t.test('a late refusal is seen among more acknowledgements of ours than are looked at', async (t) => {
    const { adapter, attempt, folder, read } = stage(t, { limits: { listed: 10 } })
    await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    for (let n = 0; n < 60; n++) put(folder, `ack/R${n}.json.ack`, '{"outcome":"recorded"}')
    put(folder, `ack/${submitted}.json.ack`, '{"code":"2001","message":"有误"}')
    const items = await read()
    t.equal(items.length, 1)
    t.match(items[0]!.failure, failed('unrecognised', { code: '2001' }))
  })

  await t.test('our old acknowledgements are taken away within a day, the department’s never', async (t) => {
    const { adapter, attempt, folder, files } = stage(t, { until: 'acknowledged', ackKeptDays: 7 })
    const ours = (file: string) => JSON.stringify({ file, code: '0', outcome: 'recorded', events: [] })
    const old = 8 * 86_400
    for (let n = 0; n < 40; n++) put(folder, `ack/R${n}.json.ack`, ours(`R${n}.json`), old)
    put(folder, 'ack/young.json.ack', ours('young.json'))
    put(folder, `ack/${submitted}.json.ack`, '{"code":"0"}', old)
    put(folder, 'ack/of-an-older-template.json.ack', '{"code":"0","file":"of-an-older-template.json"}', old)
    put(folder, 'ack/nonsense.json.ack', '<', old)
    for (let hour = 0; hour < 24; hour++) {
      const now = () => new Date(GIVEN_NOW.getTime() + hour * 3600_000)
      await adapter.polling!.settle!([], { ...attempt(), now })
    }
    const kept = ['nonsense.json.ack', 'of-an-older-template.json.ack', 'young.json.ack']
    t.same(files('ack'), [`${submitted}.json.ack`, ...kept])
  })

  await t.test('sums of manifests are those that the department uses', async (t) => {
    for (const checksum of ['sm3', 'md5'] as const) {
      const sumOf = (bytes: Buffer | string) => createHash(checksum).update(bytes).digest('hex')
      const { adapter, attempt, report, read, settle, folder, text } = stage(t, { checksum })
      report('good.json', json(), `${sumOf(json())} *good.json\n`)
      const [good] = await read()
      t.match(good, { events: [{ id: 'E-1' }], failure: undefined }, checksum)
      await settle([{ key: good!.key, outcome: 'recorded' }])
      report('bad.json', json(), `${sumOf('another')}  bad.json\n`)
      t.same(await read(), [], 'it may still be on its way')
      await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
      const lines = text(`out/${submitted}.json.mf`).trim().split('\n').slice(1)
      t.equal(lines.length, 2)
      for (const line of lines) {
        const [sum, size, name] = line.split('  ')
        const bytes = readFileSync(join(folder, `out/${name}`))
        t.same([sum, Number(size)], [sumOf(bytes), bytes.length])
      }
      t.match(await adapter.outgoing.submitCase!.send(givens['case-online'], attempt()), { duplicate: true })
    }
  })

  await t.test('sums of another kind are told by the name of the setting', async (t) => {
    const { folder, read } = stage(t)
    put(folder, 'in/a.json', json(), 900)
    put(folder, 'in/a.json.mf', `${createHash('md5').update(json()).digest('hex')}  a.json\n`, 900)
    const [item] = await read()
    t.match(item!.failure, failed('unrecognised'))
    t.match(item!.failure!.message, /not SHA-256; see the setting checksum/)
  })

  await t.test('half-written files are left alone', async (t) => {
    const { report, read, folder } = stage(t)
    put(folder, 'in/A.json', json())
    put(folder, 'in/B.json.tmp', json())
    put(folder, 'in/.C.json', json())
    report('D.json', '{"eventId":"E', `${sha256(json())}  ${json().length}  D.json\n`)
    t.same(await read(), [])
  })

  await t.test('a file at odds with its manifest for too long goes back with the reason', async (t) => {
    const { read, settle, folder, files, text } = stage(t)
    put(folder, 'in/D.json', '{"eventId":"E', 900)
    put(folder, 'in/D.json.mf', `${sha256(json())}  ${json().length}  D.json\n`, 900)
    const [item] = await read()
    t.match(item!.failure, failed('unrecognised'))
    await settle([{ key: item!.key, outcome: 'unreadable', reason: item!.failure!.message }])
    t.same(files('reject'), ['D.json', 'D.json.mf', 'D.json.reason.txt'])
    t.match(text('reject/D.json.reason.txt'), /清单.*\(.*manifest/)
    t.match(JSON.parse(text('ack/D.json.ack')), { outcome: 'unreadable' })
  })

  await t.test('every row of a CSV is an event with an outcome of its own', async (t) => {
    const { report, read, settle, files, text } = stage(t, { format: 'csv', charset: 'gbk' })
    const rows = [
      'eventId,outerNo,projectNo,status,time,reason,limitDays,materials,result.type,result.name',
      `E-1,${caseId},SJ1,30,20261123094000,,,,,`,
      `E-2,${caseId},SJ1,28,2026-11-23 09:41:00,"材料不清, 请补",5,M01;M02,,`,
      `E-3,${caseId},SJ1,99x,2026-11-23 09:42:00,,,,,`,
      `,${caseId},SJ1,50,2026-11-23 09:43:00,,,,1,食品经营许可证`,
    ]
    report('日报.csv', iconv.encode(`${rows.join('\r\n')}\r\n`, 'gbk'))
    const items = await read()
    t.equal(items.length, 4)
    t.match(items[1]!.events[0], { type: 'case.correction-requested', detail: { limitDays: 5 } })
    t.same(
      items[1]!.events[0]!.detail.materials?.map(({ code }) => code),
      ['M01', 'M02'],
    )
    t.match(items[2]!.failure, failed('unrecognised', { code: '99x' }))
    t.match(items[3]!.events[0], { id: /^[0-9a-f]{64}$/, detail: { result: { name: '食品经营许可证' } } })
    await settle(
      items.map(({ key, failure }) =>
        failure ? { key, outcome: 'unreadable', reason: failure.message } : { key, outcome: 'recorded' },
      ),
    )
    t.same(files('reject'), ['日报.csv', '日报.csv.mf', '日报.csv.reason.txt'])
    const ack = JSON.parse(iconv.decode(Buffer.from(text('ack/日报.csv.ack'), 'latin1'), 'latin1') || '{}')
    t.same(
      ack.events.map(({ number }: { number: number }) => number),
      [3],
    )
  })

  await t.test('XML in GB18030 is read, also many events in one file', async (t) => {
    const { report, read } = stage(t, { format: 'xml', charset: 'gb18030' })
    const one = (id: string, status: string, more = '') =>
      `<event><eventId>${id}</eventId><outerNo>${caseId}</outerNo><status>${status}</status><time>2026-11-23 09:40:00</time>${more}</event>`
    const asked =
      '<materials><material><code>M01</code><reason>𬀩字 &lt;不清&gt;</reason></material></materials>'
    const text = `<?xml version="1.0" encoding="GB18030"?><events>${one('1', '30')}${one('2', '28', asked)}</events>`
    report('a.xml', iconv.encode(text, 'gb18030'))
    const items = await read()
    t.same(
      items.map(({ events }) => events[0]?.id),
      ['1', '2'],
    )
    t.same(items[1]!.events[0]!.detail.materials, [{ code: 'M01', reason: '𬀩字 <不清>' }])
  })

  await t.test('what cannot be read fails by name, within limits', async (t) => {
    const { report, read } = stage(t, { limits: { fileBytes: 65_536, depth: 10, events: 3 } })
    const hostile: Record<string, string | Buffer> = {
      'a.json': 'not json',
      'b.json': json({ status: '77' }),
      'c.json': json({ outerNo: '', projectNo: '' }),
      'd.json': json({ time: '昨天' }),
      'e.json': Buffer.from([0xff, 0xfe, 0x7b]),
      'f.json': '['.repeat(5000) + ']'.repeat(5000),
      'g.json': JSON.stringify(Array.from({ length: 4 }, () => record())),
      'h.json': ' '.repeat(65_537),
      'i.json': '{"a":"\u0000"}',
      'j.zip': 'PK not really',
    }
    for (const [name, content] of Object.entries(hostile)) report(name, content)
    const items = await read()
    t.equal(items.length, Object.keys(hostile).length)
    for (const { key, failure, body } of items) {
      t.match(failure, { kind: 'unrecognised' }, key)
      t.ok(body.length <= 65_536)
      t.notMatch(failure!.message, caseId)
    }
  })

  await t.test('a report that was replaced while it was recorded is not moved unread', async (t) => {
    const { report, read, settle, files } = stage(t)
    report('R.json', json())
    const [item] = await read()
    report('R.json', json({ eventId: 'E-2', status: '35' }))
    await settle([{ key: item!.key, outcome: 'recorded' }])
    t.same(files('in'), ['R.json', 'R.json.mf'])
    const [second] = await read()
    t.equal(second!.events[0]!.id, 'E-2')
  })

  await t.test('a crash between moving a file and its manifest leaves nothing behind', async (t) => {
    const { report, read, settle, files, folder } = stage(t)
    report('R1.json', json())
    report('R2.json', json({ eventId: 'E-2' }))
    const [first, second] = await read()
    renameSync(join(folder, 'in/R1.json'), join(folder, 'done/R1.json'))
    t.same(
      (await read()).map(({ key }) => key),
      [second!.key],
    )
    await settle([{ key: second!.key, outcome: 'duplicate' }])
    t.same(files('in'), [])
    t.same(files('done'), ['R1.json', 'R1.json.mf', 'R2.json', 'R2.json.mf'])
    t.ok(first)
  })

  await t.test('a name that is used again keeps both files', async (t) => {
    const { report, read, settle, files } = stage(t)
    for (const eventId of ['E-1', 'E-2']) {
      report('daily.json', json({ eventId }))
      const [item] = await read()
      await settle([{ key: item!.key, outcome: 'recorded' }])
    }
    t.equal(files('done').filter((name) => /^daily.*\.json$/.test(name)).length, 2)
  })
}

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
