// Foreign XML: read whole and plain, or refused whole with a sentence that quotes nothing of it.

import t from 'tap'
import { readXml, type XmlReading } from '../../src/adapter-kit/xml.ts'
import { declaredCharset, readXmlMembers } from '../../src/adapter-kit/xml-members.ts'
import { isXmlText, plainText } from '../../src/adapter-kit/xml-text.ts'

const CANARY = '13800138000'

t.test('an element has its namespace, attributes, children and text as meant', async (t) => {
  const root = readXml(
    '<?xml version="1.0"?><!-- c --><a:r xmlns:a="urn:a" xmlns="urn:d" k="&lt;1&#x4e2d;"> x<b><![CDATA[ <&> ]]></b>y </a:r>',
  )
  t.match(root, { name: 'r', namespace: 'urn:a', attributes: { k: '<1中' }, text: ' xy ', trimmed: 'xy' })
  t.match(root.children, [{ name: 'b', namespace: 'urn:d', text: ' <&> ', trimmed: ' <&> ' }])
})

const hostile: [string, string, XmlReading?][] = [
  ['a DTD', `<!DOCTYPE a [<!ENTITY x "${CANARY}">]><a>&x;</a>`],
  ['an entity of its own', `<a>&${CANARY};</a>`],
  ['a bare ampersand', `<a>${CANARY} & co</a>`],
  ['a page of HTML', `<html><body>${CANARY}</body></html>`],
  ['a page with its doctype', `<!doctype html><p>${CANARY}`],
  ['no XML', `{"a":"${CANARY}"}`],
  ['nothing', ''],
  ['a document that is cut', `<a><b>${CANARY}</b`],
  ['two roots', `<a>${CANARY}</a><b/>`],
  ['crossed tags', `<a><b>${CANARY}</a></b>`],
  ['an undeclared prefix', `<x:a>${CANARY}</x:a>`],
  ['a processing instruction', `<a><?php ${CANARY}?></a>`],
  ['a character that XML cannot hold', `<a>${CANARY}&#1;</a>`],
  ['NUL', `<a>${CANARY}\0</a>`],
  ['a lone surrogate', `<a>${CANARY}&#xd800;</a>`],
  ['deep nesting', `${'<a>'.repeat(40)}${CANARY}${'</a>'.repeat(40)}`],
  ['very deep nesting', '<a>'.repeat(300_000)],
  ['a name of the language itself', `<a><__proto__>${CANARY}</__proto__></a>`],
  ['too many elements', `<a>${'<b/>'.repeat(200)}</a>`, { limits: { tags: 100 } }],
  ['too much of it', `<a>${CANARY}</a>`, { limits: { characters: 10 } }],
  ['too many attributes', `<a ${Array.from({ length: 70 }, (_, i) => `a${i}="1"`).join(' ')}/>`],
]

for (const [what, text, reading] of hostile)
  t.test(`${what} is refused, and nothing of it is quoted`, async (t) => {
    try {
      readXml(text, reading)
      t.fail('it was read')
    } catch (error) {
      t.match(error, { kind: 'unrecognised', message: /^XML / })
      t.notMatch((error as Error).message, CANARY)
    }
  })

const quick: [string, string][] = [
  ['tags that never end', `<a>${'<'.repeat(100_000)}${' a'.repeat(100_000)}></a>`],
  ['closing tags that never end', `<a>${'</b '.repeat(100_000)}></a>`],
  ['comments in a comment', `<a><!--${'<!-- a'.repeat(100_000)}--></a>`],
  ['comments that never end', `<a>${'<!-- '.repeat(100_000)}</a>`],
  ['tags in a CDATA section', `<a><![CDATA[${'< a'.repeat(100_000)}]]></a>`],
  ['tags in an attribute', `<a b="${'< a'.repeat(100_000)}"></a>`],
  [
    'attributes that look like ends',
    `<a${Array.from({ length: 100_000 }, (_, i) => ` b${i}=">"`).join('')}/>`,
  ],
]

const prefixes = Array.from({ length: 60 }, (_, i) => ` xmlns:p${i}="u"`).join('')
quick.push([
  'declarations within very many declarations',
  `${Array.from({ length: 28 }, (_, i) => `<a${prefixes.replaceAll(':p', `:p${i}_`)}>`).join('')}${'<a xmlns:b="u"/>'.repeat(20_000)}${'</a>'.repeat(28)}`,
])

const SLOW_MS = 5_000

for (const [what, text] of quick)
  t.test(`${what} take no more time than their length`, async (t) => {
    const from = performance.now()
    try {
      readXml(text)
    } catch (error) {
      t.match(error, { kind: 'unrecognised', message: /^XML / })
    }
    t.ok(performance.now() - from < SLOW_MS)
  })

t.test('as members: attributes, text beside them, and repeated elements as lists', async (t) => {
  const text =
    '<r xmlns:x="urn:x" x:id="1" x:schemaLocation="no"><i>1</i><i n="2"> two </i><one>1</one><none/><x:p>&amp;</x:p></r>'
  t.strictSame(readXmlMembers(text), {
    r: { '@id': '1', i: ['1', { '@n': '2', '#text': 'two' }], one: '1', none: '', p: '&' },
  })
  t.strictSame(readXmlMembers('<r><a><b>1</b></a></r>', { lists: new Set(['r.a.b']) }), {
    r: { a: { b: ['1'] } },
  })
  t.strictSame(readXmlMembers('<?xml version="1.0"?><?x y?><q:r><q:a/></q:r>'), { r: { a: '' } })
  t.strictSame(readXmlMembers(`<r><v> <![CDATA[ 1 ]]> </v></r>`), { r: { v: ' 1 ' } })
})

t.test('the charset is what the declaration says', async (t) => {
  const of = (text: string) => declaredCharset(Buffer.from(text))
  t.equal(of('<?xml version="1.0" encoding="GB2312"?><a/>'), 'gbk')
  t.equal(of('\ufeff<?xml version="1.0" encoding="utf-8"?><a/>'), 'utf-8')
  t.equal(of('<a encoding="GBK"/>'), undefined)
  t.equal(of('<?xml version="1.0" encoding="EBCDIC"?><a/>'), null)
})

t.test('references are characters as meant, or nothing at all', async (t) => {
  t.equal(plainText('&lt;&#20013;&#x2A6D6;&gt;'), '<中𪛖>')
  for (const text of ['&nbsp;', '&', '&#0;', '&#x110000;', '&#xdc00;', '\u0007'])
    t.equal(plainText(text), undefined, JSON.stringify(text))
  t.notOk(isXmlText('\ufffe'))
})
