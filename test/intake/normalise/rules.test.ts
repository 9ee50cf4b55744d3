// Each normalisation rule as a table of what people and systems write, and of what must be refused.

import fc from 'fast-check'
import t from 'tap'
import {
  cleanText,
  divisionCode,
  idNumber,
  isoDate,
  isoDateTime,
  mobile,
  phone,
  type Rule,
  residentId,
  uscc,
} from '../../../src/intake/normalise/index.ts'
import { catalogue } from '../catalogue.ts'

type Row = readonly [written: string, canonical: string]

const division: Rule = (text) => divisionCode(text, catalogue)

function reads(rule: Rule, rows: readonly Row[]): void {
  t.test(`${rule.name || 'division'} reads every common form`, async (t) => {
    for (const [written, canonical] of rows) t.equal(rule(written), canonical, written)
  })
}

function refuses(rule: Rule, code: string, texts: readonly string[]): void {
  t.test(`${rule.name || 'division'} refuses what it cannot be sure of, in both languages`, async (t) => {
    for (const text of texts) {
      const refused = rule(text)
      t.match(refused, { code, message: /[a-z]/, messageZh: /[\u4e00-\u9fff]/ }, text)
    }
  })
}

reads(cleanText, [
  ['ＡＢＣ１２３', 'ABC123'],
  ['　张 三　', '张 三'],
  ['（开封）', '(开封)'],
  ['e\u0301', 'é'],
  ['\ufeff\t名\n', '名'],
  ['𠮷𬀩䶮', '𠮷𬀩䶮'],
  ['👨‍👩‍👧', '👨‍👩‍👧'],
  ['', ''],
  ['two  words', 'two  words'],
])
refuses(cleanText, 'invalid-text', ['a\0b', '\ud800', 'x\udc00', '\udbff\ud800'])

reads(isoDate, [
  ['2022年6月23日', '2022-06-23'],
  ['2022 年 6 月 3 日', '2022-06-03'],
  ['20220623', '2022-06-23'],
  ['2022-06-23', '2022-06-23'],
  ['2022/6/3', '2022-06-03'],
  ['2022.06.23', '2022-06-23'],
  ['2022-06-23 10:30', '2022-06-23'],
  ['2022年6月23日10时30分', '2022-06-23'],
  ['20220623103000', '2022-06-23'],
  ['2022-06-23T00:30:00+08:00', '2022-06-23'],
  ['2022-06-23T16:30:00Z', '2022-06-24'],
  ['2022-06-23T16:30:00.000Z', '2022-06-24'],
  ['二〇二二年六月二十三日', '2022-06-23'],
  ['二〇二二年一十月十日', '2022-10-10'],
  ['二○二二年十月十日', '2022-10-10'],
  ['二零二零年十二月三十一日', '2020-12-31'],
  ['2024-02-29', '2024-02-29'],
  ['9999-12-31', '9999-12-31'],
])
refuses(isoDate, 'invalid-date', [
  '二〇二二年一二月三日',
  '二〇二二年六月二三日',
  '二〇二二年十十月三日',
  '2022-02-30',
  '2023-02-29',
  '1900-02-29',
  '20221301',
  '2022-00-10',
  '2022-06-31',
  '2022-6-231:30',
  '22-06-23',
  '06/23/2022',
  '1655913600',
  '1655913600000',
  '1753-1-1',
  '0001-01-01',
  '2022-06-23T24:00:00Z',
  '2022-06-23 10:61',
  '昨天',
  '2022',
  '',
  `2022-06-23${' '.repeat(100_000)}x`,
])

reads(isoDateTime, [
  ['2022-06-23T10:30:00+08:00', '2022-06-23T10:30:00+08:00'],
  ['2022-06-23T02:30:00Z', '2022-06-23T10:30:00+08:00'],
  ['2022-06-23T02:30:00.123456Z', '2022-06-23T10:30:00.123+08:00'],
  ['2022-06-23T10:30:00.120+0800', '2022-06-23T10:30:00.120+08:00'],
  ['2022-06-23 10:30:05', '2022-06-23T10:30:05+08:00'],
  ['20220623103005', '2022-06-23T10:30:05+08:00'],
  ['202206231030', '2022-06-23T10:30:00+08:00'],
  ['2022年6月23日 9时5分3秒', '2022-06-23T09:05:03+08:00'],
  ['2022年6月23日9点', '2022-06-23T09:00:00+08:00'],
  ['2022/6/23', '2022-06-23T00:00:00+08:00'],
  ['2022-12-31T20:00:00-05:00', '2023-01-01T09:00:00+08:00'],
])
refuses(isoDateTime, 'invalid-date', [
  '2022-02-30 10:00',
  '2022-06-23 25:00',
  '1655913600000',
  '10:30',
  '2022-06-23T10:30:00+15:00',
])

reads(residentId, [
  ['11010519491231002X', '11010519491231002X'],
  ['11010519491231002x', '11010519491231002X'],
  ['110105 19491231 002X', '11010519491231002X'],
  ['110105-19491231-002x', '11010519491231002X'],
])
refuses(residentId, 'invalid-id-number', [
  '110105491231002',
  '110105194912310020',
  '11010519490230002X',
  '110105********002X',
  '01010519491231002X',
  '1101051949123100',
  'ABCDEFGHIJKLMNOPQR',
  '',
])

reads(uscc, [
  ['91410204MA9XYTK30F', '91410204MA9XYTK30F'],
  ['91410204 ma9xytk30f', '91410204MA9XYTK30F'],
  ['11370800MB28559184', '11370800MB28559184'],
])
refuses(uscc, 'invalid-uscc', [
  '91410204MA9XYTK30X',
  '91410204MA9XYTK30',
  '91410204MI9XYTK30R',
  '110105194912310020',
  '',
])

t.test('a document number is read by its type', async (t) => {
  t.equal(idNumber('414', 'e 1234 5678'), 'E12345678')
  t.equal(idNumber('511', '01234567(b)'), '01234567(B)')
  t.match(idNumber('111', 'E12345678'), { code: 'invalid-id-number' })
  t.match(idNumber('001', '11010519491231002X'), { code: 'invalid-uscc' })
  t.match(idNumber('414', '<script>'), { code: 'invalid-id-number' })
  t.match(idNumber(undefined, 'x'.repeat(33)), { code: 'invalid-id-number' })
})

reads(mobile, [
  ['13800138000', '13800138000'],
  ['+86 138-0013-8000', '13800138000'],
  ['+86 138 0013 8000', '13800138000'],
  ['008613800138000', '13800138000'],
  ['8613800138000', '13800138000'],
  ['(+86)13800138000', '13800138000'],
])
refuses(mobile, 'invalid-phone', [
  '12800138000',
  '1380013800',
  '138001380001',
  '0371-23881234',
  '',
  `1${' '.repeat(9999)}`,
])

reads(phone, [
  ['138 0013 8000', '13800138000'],
  ['0371-23881234', '0371-23881234'],
  ['(0371)2388 1234', '0371-23881234'],
  ['037123881234', '0371-23881234'],
  ['010-65551234', '010-65551234'],
  ['+86 371 2388 1234', '0371-23881234'],
  ['+86-10-65551234', '010-65551234'],
  ['0371-23881234-801', '0371-23881234-801'],
  ['0371-23881234转801', '0371-23881234-801'],
  ['23881234', '23881234'],
  ['400-123-4567', '4001234567'],
  ['12345', '12345'],
  ['+852 2345 6789', '+85223456789'],
])
refuses(phone, 'invalid-phone', [
  '1234567890123',
  '电话',
  '0371',
  '',
  '13800138',
  `0371-${'-'.repeat(60_000)}1`,
])

reads(division, [
  ['410204', '410204'],
  ['410204000000', '410204'],
  ['410204001', '410204'],
  ['410204001002', '410204'],
  ['410211', '410202'],
  ['410224000000', '410212'],
  ['QX', '410221'],
])
refuses(division, 'unknown-division', ['999999', '4102', '41020400', '', 'constructor', '410204000000000'])

const rules: readonly (readonly [string, Rule])[] = [
  ['text', cleanText],
  ['date', isoDate],
  ['date-time', isoDateTime],
  ['resident-id', residentId],
  ['uscc', uscc],
  ['other number', (text) => idNumber('414', text)],
  ['mobile', mobile],
  ['phone', phone],
  ['division', division],
]

const phoneLike = fc.string({ unit: fc.constantFrom(...'0123456789-+() 转'), maxLength: 24 })
const dateLike = fc.string({ unit: fc.constantFrom(...'0123456789-/.年月日时分T:Z+ 二〇十'), maxLength: 24 })
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  wild(),
  phoneLike,
  dateLike,
)

function wild(): fc.Arbitrary<string> {
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
  return fc.string({ unit, maxLength: 40 })
}

for (const [name, rule] of rules) {
  t.test(
    `${name}: whatever is written, the rule answers, and answers the same for its own answer`,
    async () => {
      fc.assert(
        fc.property(anyText, (text) => {
          const once = rule(text)
          return typeof once === 'string' ? rule(once) === once : once.message.length > 0
        }),
        { numRuns: 2000 },
      )
    },
  )
}

t.test('every day that exists is read back from each form, and no other', async () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1800, max: 2200 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (year, month, day) => {
        const date = new Date(Date.UTC(year, month - 1, day))
        const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
        const iso = date.toISOString().slice(0, 10)
        const two = (value: number) => String(value).padStart(2, '0')
        return [
          `${year}年${month}月${day}日`,
          `${year}/${month}/${day}`,
          `${year}${two(month)}${two(day)}`,
        ].every((text) => (exists ? isoDate(text) === iso : typeof isoDate(text) === 'object'))
      },
    ),
    { numRuns: 2000 },
  )
})

t.test('one mistyped digit of an identity number is always found', async () => {
  const digit = fc.integer({ min: 0, max: 9 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 16 }), digit, (at, other) => {
      const number = '11010519491231002X'
      const changed = number.slice(0, at) + other + number.slice(at + 1)
      return changed === number || typeof residentId(changed) === 'object'
    }),
  )
})
