// Days and times as platforms write them, out and in; what would be sent or left empty by a slip of the pen is refused.

import t from 'tap'
import { compileFields } from '../../adapters/platform-rest/field-map.ts'
import { createIncoming } from '../../adapters/platform-rest/incoming.ts'
import { settingsSchema } from '../../adapters/platform-rest/settings-schema.ts'
import { timeReader, writeTime } from '../../adapters/platform-rest/times.ts'
import { compileSchema } from '../../src/settings/schemas.ts'

const at = '2026-11-03T09:05:00.250+08:00'

t.test('times that are counted, and dates without leading zeros', async (t) => {
  const map = compileFields({
    ms: { from: 't', time: 'ms' },
    s: { from: 't', time: 's' },
    day: { from: 't', time: 'yyyy年M月d日 H:mm' },
    exact: { from: 't', time: 'yyyy-MM-dd HH:mm:ss.SSS' },
  })
  t.same(map({ t: at }), {
    ms: Date.parse(at),
    s: Math.floor(Date.parse(at) / 1000),
    day: '2026年11月3日 9:05',
    exact: '2026-11-03 09:05:00.250',
  })
  t.equal(writeTime('2026-11-03', 'ms'), undefined)
})

t.test('they are read as they are written, as text or as number', async (t) => {
  const map = compileFields({
    a: { from: 'ms', date: 'ms' },
    b: { from: 'text', date: 'ms' },
    c: { from: 's', date: 's' },
    d: { from: 'day', date: 'yyyy年M月d日' },
    e: { from: 'odd', date: 'ms' },
  })
  const read = {
    ms: Date.parse(at),
    text: '1793667900000',
    s: 1_793_667_900,
    day: '1966年3月15日',
    odd: '不详',
  }
  t.same(map(read), {
    a: '2026-11-03T09:05:00+08:00',
    b: '2026-11-03T09:05:00+08:00',
    c: '2026-11-03T09:05:00+08:00',
    d: '1966-03-15',
    e: '不详',
  })
  t.equal(
    timeReader('ms')(Date.parse('1966-03-15T00:00:00+08:00')),
    '1966-03-15T00:00:00+08:00',
    'before 1970',
  )
  t.equal(timeReader('yyyy年M月d日')('1966年2月30日'), undefined)
})

t.test('a letter that is none of a pattern is refused: it would stand in the time', async (t) => {
  const check = compileSchema(settingsSchema)
  const problems = (rule: object) =>
    check({ incoming: { fields: { appliedAt: { from: 'sj', ...rule } } } }).length
  for (const right of [
    'ms',
    's',
    'yyyyMMdd',
    'yyyy-MM-ddTHH:mm:ss',
    'yyyy年M月d日 HH时mm分',
    'yyyy/MM/dd HH:mm:ss.SSS',
  ])
    t.equal(problems({ date: right }), 0, right)
  for (const wrong of [
    'yyyy-MM-DD',
    'yyyy-MM-dd hh:mm:ss',
    'YYYYMMdd',
    "yyyy-MM-dd'T'HH:mm",
    'yyyymmdd',
    'HHmmss',
    'yyy',
  ])
    t.not(problems({ time: wrong }), 0, wrong)
})

t.test('an answer that names a value there is not is refused by its place', async (t) => {
  const refused = (acknowledge: object) => () => createIncoming({ acknowledge })
  t.throws(refused({ refused: { msg: '{{reasonzh}}' } }), {
    setting: 'incoming.acknowledge.refused.msg',
    message: /\{\{reasonzh\}\}.*there are\): .*reasonZh/,
  })
  t.throws(refused({ accepted: { list: ['x', '编号 {answer.submissionId}'] } }), {
    setting: 'incoming.acknowledge.accepted.list[1]',
    message: /two pairs of braces\): \{\{answer\.submissionId\}\}/,
  })
  t.throws(refused({ accepted: '{{reason}}' }), { message: /\{\{reason\}\}/ })
  t.doesNotThrow(
    refused({ accepted: { no: '{{ answer.cases.0.caseId }}', odd: '{x}' }, refused: '{{code}}: {{reason}}' }),
  )
})
