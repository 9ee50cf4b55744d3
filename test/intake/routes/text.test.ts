// Bodies that are not what they say: refused with the reason, in both languages, and nothing is kept of them.

import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { ProblemCode } from '../../../src/http/problem-codes.ts'
import { newborn, platformAt, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused, smallGateway } from './refused.ts'

const running = await runGateway(t, { roles: ['api'], edit: smallGateway })
const platform = platformAt(running.url)

const text = JSON.stringify(newborn())
const named = (name: string) => text.replace('"张三"', name)
const gbk = (() => {
  const [before = '', after = ''] = text.split('张三')
  return Buffer.concat([Buffer.from(before), Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]), Buffer.from(after)])
})()
const cutInside = (character: Buffer) =>
  Buffer.concat([Buffer.from('{"externalId":"'), character, Buffer.from('"}')])
const deep = (levels: number) => `{"form":${'['.repeat(levels)}${']'.repeat(levels)}}`

const rows: readonly [rule: string, body: string | Buffer, code: ProblemCode, faults?: string[]][] = [
  ['an empty body', '', 'malformed-json', [' not-json']],
  ['text that is not JSON', 'externalId=KF1', 'malformed-json', [' not-json']],
  ['JSON that ends too early', text.slice(0, -20), 'malformed-json', [' not-json']],
  ['JSON with something after it', `${text}}`, 'malformed-json', [' not-json']],
  ['JavaScript that is no JSON', "{'externalId': 'KF1'}", 'malformed-json', [' not-json']],
  ['NaN', named('NaN'), 'malformed-json', [' not-json']],
  ['UTF-16', Buffer.from(text, 'utf16le'), 'invalid-encoding', [' invalid-bytes']],
  ['GBK bytes sent as UTF-8', gbk, 'invalid-encoding', [' invalid-bytes']],
  [
    'a character cut in half',
    cutInside(Buffer.from('张').subarray(0, 2)),
    'invalid-encoding',
    [' invalid-bytes'],
  ],
  [
    'a surrogate in raw UTF-8 bytes',
    cutInside(Buffer.from([0xed, 0xa0, 0x80])),
    'invalid-encoding',
    [' invalid-bytes'],
  ],
  ['a raw NUL', named('"张\0三"'), 'malformed-json', [' not-json']],
  ['an escaped NUL', named('"张\\u0000三"'), 'invalid-encoding', ['/applicant/name invalid-text']],
  ['a NUL in a name', text.replace('{', '{"a\\u0000":1,'), 'invalid-encoding', [' invalid-text']],
  ['a lone surrogate', named('"\\ud842三"'), 'invalid-encoding', ['/applicant/name invalid-text']],
  [
    'a surrogate pair in reverse',
    named('"\\udfb7\\ud842"'),
    'invalid-encoding',
    ['/applicant/name invalid-text'],
  ],
  ['a key given twice', text.replace('{', '{"mode":"agent",'), 'unsafe-json', ['/mode duplicate-key']],
  [
    'a key given twice far inside',
    named('"张三","name":"李四"'),
    'unsafe-json',
    ['/applicant/name duplicate-key'],
  ],
  [
    'a __proto__ key',
    text.replace('{', '{"__proto__":{"admin":true},'),
    'unsafe-json',
    ['/__proto__ unsafe-key'],
  ],
  ['33 levels', deep(33), 'unsafe-json', [' too-deep']],
  ['100 000 levels', deep(100_000), 'unsafe-json', [' too-deep']],
  [
    'a number that loses digits',
    named('12345678901234567890'),
    'unsafe-json',
    ['/applicant/name number-too-large'],
  ],
  ['a number beyond all numbers', named('1e999'), 'unsafe-json', ['/applicant/name number-too-large']],
  ['a list', '[]', 'invalid-submission', [' invalid-type']],
  ['null', 'null', 'invalid-submission', [' invalid-type']],
  ['a body beyond the limit', `{"externalId":"${'x'.repeat(300_000)}"}`, 'too-large', [' too-large']],
]

for (const path of ['/v1/submissions', '/v1/submissions/check']) {
  t.test(`${path} refuses what it cannot read and keeps nothing`, async (t) => {
    await nothingKept(t, running, async () => {
      for (const [rule, body, code, faults] of rows) {
        await t.test(rule, async (t) => {
          refused(t, await platform.post(path, { body }), code, faults)
        })
      }
    })
  })
}

t.test('what cannot be kept is told together with all else that is wrong', async (t) => {
  const faulty = newborn({
    applicant: { type: 'person', name: '张\0三', idType: '111', idNumber: '110105194912310021' },
    form: { childName: '张一诺', childSex: '女', bornOn: '2026-02-30', weight: 'W' },
    surprise: '\ud800',
  })
  const body = JSON.stringify(faulty).replace('"W"', '12345678901234567890')
  await nothingKept(t, running, async () => {
    for (const path of ['/v1/submissions', '/v1/submissions/check'])
      refused(t, await platform.post(path, { body }), 'invalid-encoding', [
        '/applicant/name invalid-text',
        '/form/weight number-too-large',
        '/surprise invalid-text',
        '/applicant/idNumber invalid-id-number',
        '/form/bornOn invalid-date',
      ])
  })
})

t.test('the same strictness holds for what is said about a case', async (t) => {
  await nothingKept(t, running, async () => {
    for (const path of ['supplements', 'withdrawal', 'appointment']) {
      const say = (body: string | Buffer) => platform.post(`/v1/cases/case_0-1/${path}`, { body })
      refused(t, await say('{'), 'malformed-json')
      refused(t, await say(gbk), 'invalid-encoding')
      refused(t, await say('{"reason":"\\u0000"}'), 'invalid-encoding', ['/reason invalid-text'])
      refused(t, await say('{"reason":"a","reason":"b"}'), 'unsafe-json')
      refused(t, await say(deep(40)), 'unsafe-json')
      refused(t, await say('[1]'), 'invalid-request', [' invalid-type'])
      refused(t, await say(`{"reason":"${'x'.repeat(300_000)}"}`), 'too-large')
    }
  })
})

t.test('a type that is neither JSON nor a form is refused', async (t) => {
  await nothingKept(t, running, async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'image/png'])
      refused(t, await platform.submit(newborn(), { type }), 'unsupported-media-type')
    refused(t, await platform.submit(newborn(), { type: 'multipart/form-data' }), 'invalid-request', [
      ' boundary-missing',
    ])
    refused(t, await platform.submit('abc', { type: 'nonsense' }), 'unsupported-media-type')
  })
})

t.test('JSON that says it is in another charset is refused, not read as UTF-8', async (t) => {
  await nothingKept(t, running, async () => {
    for (const charset of ['gbk', 'GB18030', 'utf-16', 'iso-8859-1'])
      refused(
        t,
        await platform.submit(newborn(), { type: `application/json; charset=${charset}` }),
        'unsupported-media-type',
      )
    const packed = { method: 'POST', body: gzipSync(JSON.stringify(newborn())) }
    const headers = {
      authorization: `Bearer ${tokens.kaifeng}`,
      'idempotency-key': 'packed',
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    }
    const answer = await fetch(`${running.url}/v1/submissions`, { ...packed, headers })
    t.match([answer.status, await answer.json()], [415, { detail: /uncompressed/ }])
  })
})

t.test('UTF-8 by any of its names, a BOM, 32 levels and rare characters are read', async (t) => {
  const check = (body: unknown, type?: string) =>
    platform.post('/v1/submissions/check', { body, ...(type ? { type } : {}) })
  for (const type of [
    'application/json; charset=UTF-8',
    'application/json;charset="utf8"',
    'application/vnd.city+json',
  ])
    t.equal((await check(newborn(), type)).status, 200, type)
  t.equal((await check(`﻿${text}`)).status, 200)
  t.equal((await check(named('"张\\ud842\\udfb7三"'))).status, 200)
  t.equal((await check(named('"张𠮷三"'))).status, 200)
})

t.test('every byte is kept as it came, a BOM and spaces included', async (t) => {
  for (const [key, start] of [
    ['plain', ''],
    ['bom', '﻿'],
    ['spaces', ' \n\t'],
  ] as const) {
    const body = start + JSON.stringify(newborn({ externalId: `KF-${key}` }))
    t.equal((await platform.submit(body, { key })).status, 202, key)
    const [kept] = await running.query<{ body: string; encoding: string }>(
      `select body, encoding from messages where key = '${key}'`,
    )
    t.strictSame(kept, { body, encoding: 'utf8' }, key)
  }
})
