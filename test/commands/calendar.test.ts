// tongban calendar: a year is shown, a published one is checked and written, and nothing wrong is ever written.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { publishedCalendar } from '../../src/commands/calendar/check-published.ts'
import { type Place, place, tongban } from './tongban.ts'

const csv = `date,kind,name
2027-01-01,off,元旦
2027-01-02,off,元旦
2027-01-03,off,元旦
2027-02-05,休,春节
2027-02-06,休,春节
2027-01-30,班,
`
const holidayCn = JSON.stringify({
  year: 2027,
  papers: ['https://example.gov.cn/2027'],
  days: [
    { name: '元旦', date: '2027-01-01', isOffDay: true },
    { name: '春节', date: '2027-01-30', isOffDay: false },
  ],
})

const given = (place: Place, name: string, text: string): string => {
  const path = join(place.configDir, '..', name)
  writeFileSync(path, text)
  return path
}
const source = ['--source', '国办发明电〔2026〕7号']

t.test('a year that is there is shown, one that is not says what to do', async (t) => {
  const { env } = await place(t)
  const shown = await tongban(['calendar', 'show', '2026'], { env })
  t.match(shown, { code: 0, output: /春节 Spring Festival/ })
  t.match(shown.output, /working days: 248/)
  t.match(await tongban(['calendar', 'show', '2031'], { env }), { code: 1, output: /2031.*calendar import/s })
  t.match(await tongban(['calendar', 'show', 'soon'], { env }), { code: 2 })
  t.match(await tongban(['calendar', 'shwo'], { env }), { code: 2, output: /there is no "shwo"/ })
})

t.test('a published year is printed first, and written when asked', async (t) => {
  const there = await place(t)
  const { env, configDir } = there
  const target = join(configDir, 'calendar/2027.yaml')
  const file = given(there, '2027.csv', csv)
  const printed = await tongban(['calendar', 'import', file, ...source], { env })
  t.equal(printed.code, 0, printed.output)
  t.notOk(existsSync(target))
  t.strictSame(parse(printed.output), {
    year: 2027,
    source: '国办发明电〔2026〕7号',
    daysOff: [
      { name: { zh: '元旦', en: 'New Year' }, from: '2027-01-01', to: '2027-01-03' },
      { name: { zh: '春节', en: 'Spring Festival' }, from: '2027-02-05', to: '2027-02-06' },
    ],
    workingDays: ['2027-01-30'],
  })
  t.equal((await tongban(['calendar', 'import', file, ...source, '--write'], { env })).code, 0)
  t.match(await tongban(['calendar', 'show', '2027'], { env }), { code: 0, output: /调休上班.*2027-01-30/s })
  const first = readFileSync(target, 'utf8')
  const other = given(there, 'other.json', holidayCn)
  t.match(await tongban(['calendar', 'import', other, '--write'], { env }), { code: 1, output: /--replace/ })
  t.equal(readFileSync(target, 'utf8'), first)
  t.equal((await tongban(['calendar', 'import', other, '--write', '--replace'], { env })).code, 0)
  t.match(parse(readFileSync(target, 'utf8')), { source: 'https://example.gov.cn/2027' })
  t.equal((await tongban(['calendar', 'import', target, '--write'], { env })).code, 0, 'its own form as well')
})

const faultsOf = (fileName: string, text: string, source?: string): string => {
  const read = publishedCalendar({ fileName, text, ...(source ? { source } : {}) })
  return 'faults' in read ? read.faults.join('\n') : ''
}

t.test('everything wrong with a published year is said at once, in both languages', async (t) => {
  const days = faultsOf('a.csv', `${csv}2027-01-04,work,\n2028-01-01,off,元旦\n2027-02-05,班,\n`, 'x')
  t.match(days, /2027-01-04 is worked anyway.*调休/)
  t.match(days, /2028-01-01 is not in 2027.*年份/)
  t.match(days, /2027-02-05 is a day off as well.*其中之一/)
  const rows = faultsOf('a.csv', 'date,kind,name\n2027-13-01,off,\n1 Jan,rest,x\n')
  t.match(rows, /no name.*"1 Jan".*off or work.*--source/s)
  t.match(faultsOf('a.csv', 'date,kind,name\n2027-02-30,off,元旦\n', 'x'), /daysOff/)
  const span = (from: string, to: string) => ({ name: { zh: 'a', en: 'a' }, from, to })
  const twice = [
    span('2027-01-01', '2027-01-03'),
    span('2027-01-03', '2027-01-04'),
    span('2027-05-02', '2027-05-01'),
  ]
  const said = faultsOf(
    'a.json',
    JSON.stringify({ year: 2027, source: 'x', daysOff: twice, workingDays: [] }),
  )
  t.match(said, /2027-01-03 is listed as a day off twice/)
  t.match(said, /to is before from/)
  t.match(faultsOf('a.json', '{"days":[]}'), /lists no day/)
  t.match(faultsOf('a.json', '{'), /cannot be read/)
  t.match(faultsOf('a.yaml', '- 1\n'), /holds no calendar/)
  t.match(faultsOf('a.yaml', 'year: 2027\n'), /daysOff/)
})

t.test('nothing wrong is ever written', async (t) => {
  const there = await place(t)
  const path = given(there, 'wrong.csv', `${csv}2027-01-04,work,\n`)
  const { code, output } = await tongban(['calendar', 'import', path, '--write', ...source], {
    env: there.env,
  })
  t.equal(code, 1)
  t.match(output, /^tongban: .*2027-01-04 is worked anyway/m)
  t.notOk(existsSync(join(there.configDir, 'calendar/2027.yaml')))
})

t.test('a calendar in config/ that makes no sense keeps the gateway from starting', async (t) => {
  const { env, edit } = await place(t)
  edit('calendar/2026.yaml', (text) => text.replace('"2026-01-04"', '"2026-01-05", "2027-01-03"'))
  const { code, output } = await tongban(['doctor'], { env })
  t.equal(code, 1)
  t.match(output, /2026-01-05 is worked anyway/)
  t.match(output, /2027-01-03 is not in 2026/)
})

t.test('the doctor says in time that the next year is missing, without calling it an illness', async (t) => {
  const { env, edit } = await place(t)
  edit('gateway.yaml', (text) => `${text}\ncalendar: { warnFrom: "01-01" }\n`)
  const { code, output } = await tongban(['doctor'], { env })
  t.equal(code, 0, output)
  t.match(output, /^SOON config\/calendar has no 20\d\d.*缺少/m)
})
