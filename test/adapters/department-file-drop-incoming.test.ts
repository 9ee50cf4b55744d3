// What the department dropped for us, read over a folder and over Debian's own SFTP server.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, utimesSync } from 'node:fs'
import { basename, join } from 'node:path'
import iconv from 'iconv-lite'
import type { Test } from 'tap'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import {
  caseId,
  failed,
  json,
  overBoth,
  put,
  record,
  type Stage,
  sha256,
  submitted,
} from './department-file-drop-scene.ts'

await overBoth(incomingRules)

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

  await t.test('the oldest report is read first, wherever the directory shows it', async (t) => {
    const { report, read, folder } = stage(t, { limits: { listed: 10, page: 1 } })
    for (let n = 0; n < 20; n++) report(`R${n}.json`, json({ eventId: `E-${n}` }))
    for (const shown of readdirSync(join(folder, 'in')).filter((name) => name.endsWith('.json'))) {
      const at = GIVEN_NOW.getTime() / 1000 - 60
      utimesSync(join(folder, `in/${shown}`), at, at)
      t.equal((await read())[0]!.events[0]!.id, `E-${/\d+/.exec(shown)}`)
      utimesSync(join(folder, `in/${shown}`), at + 55, at + 55)
    }
  })

  await t.test('a manifest that stayed behind follows its file', async (t) => {
    const { report, read, settle, files, folder } = stage(t)
    put(folder, 'done/R1.json', json())
    put(folder, 'in/R1.json.mf', `${sha256(json())}  R1.json\n`, 900)
    report('R2.json', json({ eventId: 'E-2' }))
    const [second] = await read()
    await settle([{ key: second!.key, outcome: 'recorded' }])
    t.same(files('in'), [])
    t.same(files('done'), ['R1.json', 'R1.json.mf', 'R2.json', 'R2.json.mf'])
  })

  await t.test(
    'a manifest that came before its file waits for it, though the name was used before',
    async (t) => {
      for (const secondsAgo of [10, 900]) {
        const { report, read, settle, files, folder } = stage(t)
        const next = json({ eventId: 'E-3', status: '35' })
        put(folder, 'done/R1.json', json())
        put(folder, 'in/R1.json.mf', `${sha256(next)}  ${next.length}  R1.json\n`, secondsAgo)
        report('R2.json', json({ eventId: 'E-2' }))
        const [other] = await read()
        await settle([{ key: other!.key, outcome: 'recorded' }])
        t.same(files('in'), ['R1.json.mf'], `${secondsAgo} seconds`)
        put(folder, 'in/R1.json', next)
        const [item] = await read()
        t.match(item, { events: [{ id: 'E-3' }], failure: undefined }, `${secondsAgo} seconds`)
      }
    },
  )

  await t.test('a name that is used again keeps both files', async (t) => {
    const { report, read, settle, files } = stage(t)
    for (const eventId of ['E-1', 'E-2']) {
      report('daily.json', json({ eventId }))
      const [item] = await read()
      await settle([{ key: item!.key, outcome: 'recorded' }])
    }
    t.equal(files('done').filter((name) => /^daily.*\.json$/.test(name)).length, 2)
    t.equal(files('done').filter((name) => /^daily.*\.mf$/.test(name)).length, 2)
  })
}
