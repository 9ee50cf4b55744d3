// Texts within texts, as old interfaces nest them: Base64 of GBK, JSON or XML in a string.

import t from 'tap'
import { compileExpression } from '../../src/adapter-kit/expressions.ts'

const of = (source: string, input: unknown = {}) => compileExpression(source, { where: 'answer.code' })(input)

const unrecognised = (message: RegExp) => ({ name: 'AdapterFailure', kind: 'unrecognised', message })

t.test('Base64 holds the bytes of a charset, whatever is written in it', async (t) => {
  const name = '张晓𬀩'
  t.equal(await of('$base64encode(name)', { name }), Buffer.from(name).toString('base64'))
  t.equal(await of('$base64decode($base64encode(name))', { name }), name)
  t.equal(await of('$base64encode("开封", "gbk")'), 'v6q34g==')
  t.equal(await of('$base64decode("v6q34g==", "gbk")'), '开封')
  t.equal(await of('$base64decode("v6q3\\r\\n4g==", "gb18030")'), '开封', 'in lines')
  t.equal(await of('$base64decode($base64encode(name, "gb18030"), "gb18030")', { name }), name)
  t.equal(await of('$base64encode(nowhere)'), undefined)
  t.equal(await of('name.$base64encode()', { name: 'a' }), 'YQ==', 'of the context')
})

t.test(
  'what Base64 cannot hold or does not hold is a failure of the setting, and quotes nothing',
  async (t) => {
    await t.rejects(of('$base64encode(name, "gbk")', { name: '晓𬀩' }), unrecognised(/answer\.code: .*gbk/))
    await t.rejects(of('$base64decode("v6q34g==")'), unrecognised(/answer\.code: .*utf-8/))
    await t.rejects(of('$base64decode("王建国")'), unrecognised(/is not the Base64/))
    await t.rejects(of('$base64encode("a", "big5")'), unrecognised(/utf-8, gbk or gb18030/))
  },
)

t.test('JSON within a text is read, not run, and keeps its digits', async (t) => {
  t.equal(await of('$readJson(data).no', { data: '{"no":186234567890123456}' }), '186234567890123456')
  t.equal(await of('$readJson(data).no', { data: { no: 'A1' } }), 'A1', 'or is data already')
  t.equal(await of('$readJson(data).no', { data: ' ' }), undefined)
  await t.rejects(of('$readJson(data)', { data: '1 + 1' }), unrecognised(/answer\.code: .*is not JSON/))
  const body = Buffer.from('{"rows":[{"zt":"10"}]}').toString('base64')
  t.equal(await of('$readJson($base64decode(body)).rows[0].zt', { body }), '10')
})

t.test('XML within a text is read and written', async (t) => {
  t.equal(await of('$readXml(data).r.code', { data: '<r><code>0</code></r>' }), '0')
  t.equal(
    await of('"<n>" & $xmlText(name) & "</n>"', { name: '<王&"国">' }),
    '<n>&lt;王&amp;&quot;国&quot;&gt;</n>',
  )
  await t.rejects(of('$xmlText(name)', { name: '\u0001' }), unrecognised(/XML cannot hold/))
  await t.rejects(of('$readXml("<a>")'), unrecognised(/./))
})

t.test('what is no Base64 is told within the time of its length', async (t) => {
  const from = performance.now()
  await t.rejects(
    of('$base64decode(text)', { text: `A${'\t'.repeat(200_000)}!` }),
    unrecognised(/is not the Base64/),
  )
  t.ok(performance.now() - from < 5_000)
})
