// Every error of a schema becomes a sentence that says what to do, in both languages, without repeating the value.

import t from 'tap'
import { compileSchema, compileSchemas, readSchemas } from '../../src/settings/schemas.ts'

const check = (schema: Record<string, unknown>, data: unknown) =>
  compileSchema(schema)(data).map(({ pointer, code, message, messageZh }) => [
    pointer,
    code,
    message,
    messageZh,
  ])

const table: [keyword: string, schema: Record<string, unknown>, data: unknown, error: string[]][] = [
  ['required', { required: ['name'] }, {}, ['/name', 'required', 'name is missing', '缺少 name']],
  [
    'additionalProperties',
    { properties: { mobile: {} }, additionalProperties: false },
    { mobil: 1 },
    [
      '/mobil',
      'unknown-field',
      'mobil is not known here; did you mean mobile?',
      '不认识的字段 mobil，是否为 mobile？',
    ],
  ],
  [
    'type',
    { type: 'string' },
    410204,
    ['', 'invalid-type', 'must be text; put it in quotes', '必须是文本，请加引号'],
  ],
  [
    'type',
    { type: ['integer', 'null'] },
    'x',
    ['', 'invalid-type', 'must be a whole number or empty', '必须是整数或空'],
  ],
  [
    'enum',
    { enum: ['online', 'agent'] },
    'x',
    ['', 'invalid-value', 'must be one of online, agent', '只能为：online、agent'],
  ],
  ['const', { const: 1 }, 2, ['', 'invalid-value', 'must be 1', '只能为 1']],
  [
    'pattern',
    { pattern: '^x$', 'x-form': { en: 'the letter x', zh: '字母 x' } },
    'y',
    ['', 'invalid-form', 'must be the letter x', '必须是字母 x'],
  ],
  [
    'format',
    { format: 'date' },
    '2026-02-30',
    ['', 'invalid-form', 'must be a valid date such as 2026-11-23', '必须是有效的日期，如 2026-11-23'],
  ],
  [
    'format',
    { format: 'id-number' },
    '123',
    [
      '',
      'invalid-form',
      'must be a valid identity card number of 18 characters',
      '必须是有效的18 位公民身份号码',
    ],
  ],
  ['minLength', { minLength: 1 }, '', ['', 'empty', 'must not be empty', '不能为空']],
  ['maxLength', { maxLength: 2 }, 'xyz', ['', 'too-long', 'must have at most 2 characters', '最多 2 个字']],
  ['minItems', { minItems: 2 }, [1], ['', 'too-few', 'must have at least 2 entries', '至少 2 项']],
  [
    'uniqueItems',
    { uniqueItems: true },
    [1, 2, 1],
    ['', 'repeated', 'entries 1 and 3 are the same', '第 1 项与第 3 项重复'],
  ],
  ['minimum', { minimum: 3 }, 2, ['', 'too-small', 'must be at least 3', '不能小于 3']],
  ['exclusiveMaximum', { exclusiveMaximum: 3 }, 3, ['', 'too-large', 'must be less than 3', '必须小于 3']],
  [
    'propertyNames',
    { propertyNames: { maxLength: 2 } },
    { long: 1 },
    ['/long', 'invalid-name', 'the name long must have at most 2 characters', '名称 long 最多 2 个字'],
  ],
  [
    'oneOf',
    { oneOf: [{ type: 'string' }, { type: 'boolean' }] },
    7,
    ['', 'invalid-form', 'has none of the allowed forms', '不符合任何一种允许的形式'],
  ],
  ['not', { not: { const: 1 } }, 1, ['', 'not-allowed', 'is not allowed here', '此处不允许']],
]

for (const [keyword, schema, data, error] of table) {
  t.test(`${keyword}: ${error[2]}`, async (t) => t.same(check(schema, data), [error]))
}

t.test('all errors are told, each once, with pointers that are escaped', async (t) => {
  const schema = { required: ['a/b'], properties: { c: { type: 'string' } } }
  t.same(
    check(schema, { c: true }).map(([pointer]) => pointer),
    ['/a~1b', '/c'],
  )
})

t.test('every schema of the gateway compiles', async (t) => {
  for (const { name } of readSchemas()) {
    t.doesNotThrow(() => compileSchemas()(name.replace('.schema.json', '')), name)
  }
  t.throws(() => compileSchemas()('nothing'), /There is no schema schemas\/nothing\.schema\.json/)
})
