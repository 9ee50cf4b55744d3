// What the department's files say reaches the ledger as it was written, or not at all: no digit rounded, no
// character guessed.

import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import t from 'tap'
import type { PolledItem } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { caseId, failed, json, overFolder, put, record, submitted } from './department-file-drop-scene.ts'

t.test('two events whose numbers differ in the nineteenth digit are two events', async (t) => {
  const { report, read } = overFolder(t)
  const numbered = (eventId: string) => json({ eventId: 0 }).replace('"eventId":0', `"eventId":${eventId}`)
  report('R.json', `[${numbered('1234567890123456788')},${numbered('1234567890123456789')}]`)
  const items = await read()
  t.same(
    items.map(({ events }) => events[0]?.id),
    ['1234567890123456788', '1234567890123456789'],
  )
})

t.test('records without a number of their own are told apart by every digit', async (t) => {
  const { report, read } = overFolder(t)
  const of = (waybill: string) =>
    JSON.stringify({ ...record(), eventId: undefined, waybill: 0 }).replace(':0}', `:${waybill}}`)
  report('R.json', `[${of('9007199254740992')},${of('9007199254740993')}]`)
  const [first, second] = await read()
  t.not(first!.events[0]!.id, second!.events[0]!.id)
})

const event = (reason: string) =>
  `<event><eventId>E-1</eventId><outerNo>${caseId}</outerNo><status>30</status><time>2026-11-23 09:40:00</time><reason>${reason}</reason></event>`
const reasonOf = (items: readonly PolledItem[]) => items[0]!.events[0]?.detail.reason

t.test('characters that XML writes as numbers are the characters', async (t) => {
  const { report, read } = overFolder(t, { format: 'xml' })
  report('a.xml', event('&#20320;&#x597D; &lt;甲&gt; <![CDATA[&#20320;]]>'))
  t.equal(reasonOf(await read()), '你好 <甲>&#20320;')
})

t.test('attributes, prefixes and instructions of XML change nothing of what is read', async (t) => {
  const { report, read } = overFolder(t, { format: 'xml' })
  const dressed = event('好').replace('<reason>', '<x:reason lang="zh">').replace('</reason>', '</x:reason>')
  report('a.xml', `<?xml version="1.0"?><?style x?><!-- -->${dressed.replace('<event>', '<event id="7">')}`)
  const items = await read()
  t.equal(reasonOf(items), '好')
  t.equal(items[0]!.events[0]!.id, 'E-1')
})

t.test('XML is in the charset that it declares, whatever the settings say', async (t) => {
  const { report, read } = overFolder(t, { format: 'xml', charset: 'gb18030' })
  report('a.xml', `<?xml version="1.0" encoding="UTF-8"?>${event('平面图不清晰')}`)
  const items = await read()
  t.equal(reasonOf(items), '平面图不清晰')
  t.equal(items[0]!.mediaType, 'application/xml; charset=utf-8')
})

t.test('a file that is not in the charset it is taken for is refused, not guessed at', async (t) => {
  const text = event('平面图不清晰')
  const declared = (name: string) => `<?xml version="1.0" encoding="${name}"?>${text}`
  const wrong: [string, 'utf-8' | 'gbk' | 'gb18030', Buffer][] = [
    ['UTF-8 where GB18030 is set', 'gb18030', Buffer.from(text)],
    ['UTF-8 where GBK is set', 'gbk', Buffer.from(text)],
    ['UTF-8 that calls itself GBK', 'utf-8', Buffer.from(declared('GBK'))],
    ['GBK that calls itself UTF-8', 'gb18030', iconv.encode(declared('UTF-8'), 'gbk')],
    ['GBK where UTF-8 is set', 'utf-8', iconv.encode(text, 'gbk')],
    ['a charset that nobody here reads', 'utf-8', Buffer.from(declared('Big5'))],
  ]
  for (const [title, charset, bytes] of wrong) {
    const { report, read, settle, files } = overFolder(t, { format: 'xml', charset })
    report('a.xml', bytes)
    const [item] = await read()
    t.match(item, { events: [], failure: failed('unrecognised') }, title)
    await settle([{ key: item!.key, outcome: 'unreadable', reason: item!.failure!.message }])
    t.same(files('reject'), ['a.xml', 'a.xml.mf', 'a.xml.reason.txt'], title)
  }
})

t.test('JSON and CSV in UTF-8 are not read as GB18030 either', async (t) => {
  for (const format of ['json', 'csv'] as const) {
    const { report, read } = overFolder(t, { format, charset: 'gb18030' })
    const row = `eventId,outerNo,status,time,reason\nE-1,${caseId},30,2026-11-23 09:40:00,`
    report(`a.${format}`, format === 'json' ? json({ reason: '材料不清' }) : `${row}材料不清\n`)
    t.match((await read())[0]!.failure, { kind: 'unrecognised', message: /UTF-8, not gb18030/ }, format)
  }
})

t.test('GBK that looks like UTF-8 for a character or two is GBK', async (t) => {
  const { report, read } = overFolder(t, { charset: 'gbk' })
  const bytes = iconv.encode(json({ reason: '目' }), 'gbk')
  t.ok(isUtf8(bytes))
  report('a.json', bytes)
  t.equal(reasonOf(await read()), '目')
})

t.test('a department’s acknowledgement is read in whichever charset fits', async (t) => {
  const ack = '<ack><code>0</code><message>材料收到</message><projectNo>&#24320;1号</projectNo></ack>'
  const declared = (name: string) => `<?xml version="1.0" encoding="${name}"?>${ack}`
  const good: [string, 'utf-8' | 'gb18030', Buffer][] = [
    ['GB18030 as it is set', 'gb18030', iconv.encode(ack, 'gb18030')],
    ['UTF-8 where GB18030 is set', 'gb18030', Buffer.from(ack)],
    ['UTF-8 that says so', 'gb18030', Buffer.from(declared('UTF-8'))],
    ['UTF-8 that calls itself GBK', 'utf-8', Buffer.from(declared('GBK'))],
    ['GBK that calls itself UTF-8', 'gb18030', iconv.encode(declared('UTF-8'), 'gbk')],
  ]
  for (const [title, charset, bytes] of good) {
    const { adapter, attempt, folder } = overFolder(t, { format: 'xml', charset, until: 'acknowledged' })
    const find = () => adapter.outgoing.submitCase!.find!(givens['case-online'], attempt())
    put(folder, `ack/${submitted}.xml.ack`, bytes)
    t.match(await find(), { reference: '开1号' }, title)
    put(folder, `ack/${submitted}.xml.ack`, iconv.encode(declared('Big5'), 'big5'))
    await t.rejects(find(), failed('unrecognised'), 'a charset that nobody here reads')
  }
})

t.test('a late acknowledgement is kept as evidence in the charset that it is in', async (t) => {
  const { folder, read } = overFolder(t, { charset: 'gbk' })
  put(folder, `ack/${submitted}.json.ack`, '{"code":"0","message":"材料收到"}')
  t.match(await read(), [{ failure: undefined, mediaType: 'application/json; charset=utf-8' }])
})
