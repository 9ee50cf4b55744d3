// parseJsonStrict: what JSON.parse forgives and the gateway does not.
// Measured on two shared cores for 0.9 KB: 8.8 µs, of which JSON.parse takes 4.4.

import fc from 'fast-check'
import t from 'tap'
import { placesIn } from '../../src/adapter-kit/json-places.ts'
import { parseJsonStrict } from '../../src/http/parse-json.ts'
import { isProblem, type Problem } from '../../src/http/problems.ts'

const bytes = (text: string) => Buffer.from(text)

function refusalOf(body: Buffer): Problem {
  try {
    parseJsonStrict(body)
  } catch (error) {
    if (isProblem(error)) return error
    throw error
  }
  throw new Error(`nothing refused in ${body.toString()}`)
}

t.test('plain JSON is read, with or without a byte order mark', async (t) => {
  t.same(parseJsonStrict(bytes('{"a":[1,"二",null,true,-0.5e3]}')), { a: [1, '二', null, true, -500] })
  t.same(parseJsonStrict(bytes('\ufeff {"a":1}')), { a: 1 })
  t.same(parseJsonStrict(bytes('"\\ud842\\udfb7"')), '𠮷')
  t.same(parseJsonStrict(bytes('{"a:b{[":"x:\\"y:{"}')), { 'a:b{[': 'x:"y:{' })
})

const refused: readonly (readonly [rule: string, body: Buffer, code: string])[] = [
  ['an empty body', bytes(''), 'malformed-json'],
  ['half an object', bytes('{"a":'), 'malformed-json'],
  ['a text that never ends', bytes('{"a":"b'), 'malformed-json'],
  ['a backslash at the end', bytes('"\\'), 'malformed-json'],
  ['closing what was not opened', bytes('}}}'), 'malformed-json'],
  ['single quotes', bytes("{'a':1}"), 'malformed-json'],
  ['a comment', bytes('{"a":1} // x'), 'malformed-json'],
  ['NaN', bytes('{"a":NaN}'), 'malformed-json'],
  ['XML', bytes('<a/>'), 'malformed-json'],
  ['a raw NUL', bytes('{"a":"\0"}'), 'malformed-json'],
  ['GBK bytes', Buffer.from([0x22, 0xd6, 0xd0, 0x22]), 'invalid-encoding'],
  ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le'), 'invalid-encoding'],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'invalid-encoding'],
  ['an escaped NUL', bytes('{"a":["x\\u0000"]}'), 'invalid-encoding'],
  ['a lone surrogate', bytes('{"a":"\\ud800"}'), 'invalid-encoding'],
  ['a lone surrogate in a key', bytes('{"\\udc00":1}'), 'invalid-encoding'],
  ['the same key twice', bytes('{"a":1,"a":2}'), 'unsafe-json'],
  ['the same key twice, once escaped', bytes('{"a":1,"\\u0061":2}'), 'unsafe-json'],
  ['the same key twice, deep inside', bytes('[{"x":{"b":1,"c":2,"b":3}}]'), 'unsafe-json'],
  ['__proto__', bytes('{"a":{"__proto__":{"x":1}}}'), 'unsafe-json'],
  ['a number that loses digits', bytes('{"card":6222021234567890123}'), 'unsafe-json'],
  ['a number beyond all numbers', bytes('{"n":1e999}'), 'unsafe-json'],
  ['33 levels', bytes('['.repeat(33) + ']'.repeat(33)), 'unsafe-json'],
  ['a million levels', bytes('['.repeat(1_000_000)), 'unsafe-json'],
]

for (const [rule, body, code] of refused) {
  t.test(`${rule} is refused as ${code}`, async (t) => t.equal(refusalOf(body).problemCode, code))
}

t.test('the place of what cannot be kept is named', async (t) => {
  t.match(refusalOf(bytes('{"a":[{"b/c":"\\u0000"}]}')).errors, [
    { pointer: '/a/0/b~1c', code: 'invalid-text' },
  ])
  t.match(refusalOf(bytes('{"a":12345678901234567890}')).errors, [
    { pointer: '/a', code: 'number-too-large' },
  ])
})

t.test('a refusal tells the position, never the text around it', async (t) => {
  for (const [body, line, character] of [
    ['{"idNumber": 11010519491231002X}', 1, 31],
    ['{"a": }', 1, 7],
    ['{"a":1,}', 1, 8],
    ['{\n  "a": tru,\n}', 2, 11],
    ['{"a":1}}', 1, 8],
    ["{'idNumber':1}", 1, 2],
    ['{"a":"1101\n"}', 1, 11],
  ] as const) {
    const { detail, detailZh, errors } = refusalOf(bytes(body))
    t.equal(detail, `Not JSON at line ${line}, character ${character}`, body)
    t.equal(detailZh, `第 ${line} 行第 ${character} 个字符处不是合法的 JSON`)
    t.strictSame(errors, [{ pointer: '', code: 'not-json', message: detail, messageZh: detailZh }])
  }
  for (const body of ['', '{"a":', '{"a":"b', '[1'])
    t.match(refusalOf(bytes(body)), {
      detail: 'The JSON text ends too early',
      errors: [{ code: 'not-json' }],
    })
})

t.test('the first byte that is no UTF-8 is told', async (t) => {
  const { detail, errors } = refusalOf(
    Buffer.concat([bytes('{"a":"\ufffd张'), Buffer.from([0xd6, 0xd0, 0x22])]),
  )
  t.equal(detail, 'The body is not valid UTF-8: see byte 13')
  t.match(errors, [{ pointer: '', code: 'invalid-bytes' }])
})

t.test('every key that is there twice is named, by escapes or among other faults too', async (t) => {
  const told = (body: string) => refusalOf(bytes(body)).errors?.map((one) => `${one.pointer} ${one.code}`)
  t.strictSame(told('{"a":1,"b/c":[0,{"d":1,"\\u0064":2}],"a":3}'), [
    '/b~1c/1/d duplicate-key',
    '/a duplicate-key',
  ])
  t.strictSame(told('{"a":"\\u0000","a":1}'), ['/a duplicate-key'])
})

t.test('a text of a megabyte that is no JSON is looked through in one way', async (t) => {
  const plain = 1_000_000
  for (const body of [
    '['.concat('1,'.repeat(plain / 2)),
    '"'.concat('x'.repeat(plain)),
    '{'.concat('"a":1,'.repeat(plain / 6)),
  ]) {
    const begun = performance.now()
    refusalOf(bytes(body))
    t.ok(performance.now() - begun < 3_000)
  }
})

t.test('what has no place where it breaks is what JSON.parse reads', async () => {
  const text = fc.string({
    unit: fc.constantFrom(...'{}[]",:\\u0dabc1e-.+ \n', 'true', 'null', '"a"'),
    maxLength: 12,
  })
  const isJson = (body: string) => {
    try {
      JSON.parse(body)
      return true
    } catch {
      return false
    }
  }
  const alike = (body: string) => (placesIn(body).broken === null) === isJson(body)
  fc.assert(fc.property(text, alike), { numRuns: 20_000 })
  fc.assert(fc.property(fc.json(), alike), { numRuns: 500 })
})

t.test('32 levels are read', async (t) => {
  t.ok(parseJsonStrict(bytes('['.repeat(32) + ']'.repeat(32))))
})

t.test('whatever JSON can say safely is read as JSON.parse reads it', async () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.boolean(), (value, spaced) => {
      const text = JSON.stringify(value, null, spaced ? 2 : 0)
      if (/__proto__|\\u0000|\\ud[89a-f]/.test(text) || /\d{16}|e\+/.test(text)) return true
      return JSON.stringify(parseJsonStrict(bytes(text))) === JSON.stringify(JSON.parse(text))
    }),
    { numRuns: 2000 },
  )
})

t.test('whatever bytes arrive, the answer is a value or a problem', async () => {
  const text = fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0dabc1e- \n'), maxLength: 60 })
  fc.assert(
    fc.property(fc.oneof(text.map(bytes), fc.uint8Array().map(Buffer.from)), (body) => {
      try {
        parseJsonStrict(body as Buffer)
        return true
      } catch (error) {
        return isProblem(error)
      }
    }),
    { numRuns: 5000 },
  )
})
