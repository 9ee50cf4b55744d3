// A department's report in its own fields: what is taken, and what waits for a person because it cannot be read.

import t from 'tap'
import { type CaseReport, eventOf, type ReportRules } from '../../src/adapter-kit/case-report.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { houseReport, houseStatusTable } from '../../src/adapter-kit/house-reports.ts'
import type { CaseEvent } from '../../src/domain/case-states.ts'
import { begin, submission } from '../domain/life.ts'

const rules: ReportRules = { statuses: houseStatusTable, momentOf: String, makeId: () => 'made' }
const report = { caseId: 'case_1', status: '28', time: '2026-11-23T09:00:00+08:00' }
const read = (change: CaseReport) => eventOf({ ...report, ...change }, rules)

t.test('codes and numbers are taken as text or as number, spaces around them aside', async (t) => {
  t.match(read({ status: 28, eventId: 7, reference: ' 41-1 ', limitDays: ' 5 ' }), {
    id: '7',
    type: 'case.correction-requested',
    reference: '41-1',
    detail: { reference: '41-1', limitDays: 5 },
  })
  t.match(read({}), { id: 'made', caseId: 'case_1', at: report.time, detail: {} })
  t.equal(read({ status: '26' }), null, 'a status that tells nothing we track')
})

t.test('no limit is written in many ways', async (t) => {
  for (const limitDays of [undefined, null, '', 0, '0', '00'])
    t.notHas(read({ limitDays })?.detail, { limitDays: Number })
})

t.test('what is asked for may be a list or a single one', async (t) => {
  const asked = { code: 'M01', reason: '缺少公章' }
  for (const materials of [asked, [asked]]) t.match(read({ materials })?.detail, { materials: [asked] })
  for (const materials of [undefined, null, '', []]) t.notHas(read({ materials })?.detail, { materials: [] })
})

t.test('what cannot be read is not guessed at, and says what it is', async (t) => {
  const faults: [CaseReport, RegExp][] = [
    [{ status: '29' }, /not in the table: add it to statuses\): “29”/],
    [{ status: undefined }, /not in the table/],
    [{ status: 'toString' }, /not in the table/],
    [{ caseId: ' ' }, /names no case/],
    [{ limitDays: '五' }, /no number of days/],
    [{ limitDays: -1 }, /no number of days/],
    [{ limitDays: 2.5 }, /no number of days/],
    [{ materials: [{ reason: '缺' }] }, /has no code/],
    [{ materials: [null] }, /has no code/],
    [{ materials: 'M01' }, /has no code/],
    [{ result: { type: 'gold' } }, /kind of result/],
  ]
  for (const [change, sentence] of faults)
    t.throws(() => read(change), { constructor: AdapterFailure, kind: 'unrecognised', message: sentence })
})

t.test('the house format, as JSON, XML and CSV have it', async (t) => {
  const house = { outerNo: 'case_1', status: '90', time: report.time }
  const licence = { type: '1', name: '食品经营许可证', number: 'JY1', licenseCode: '1.2.156.1' }
  t.match(eventOf(houseReport({ ...house, result: licence }), rules), {
    type: 'case.closed',
    detail: { result: { type: 'electronic', number: 'JY1', identifier: '1.2.156.1' } },
  })
  t.notHas(eventOf(houseReport({ ...house, result: { type: '', name: '' } }), rules)?.detail, { result: {} })
  for (const materials of [
    'M01；M02',
    [{ code: 'M01' }, { code: 'M02' }],
    { material: [{ code: 'M01' }, { code: 'M02' }] },
  ])
    t.match(eventOf(houseReport({ ...house, status: '28', materials }), rules)?.detail, {
      materials: [{ code: 'M01' }, { code: 'M02' }],
    })
  t.throws(() => eventOf(houseReport('nothing'), rules), { message: /not in the table/ })
})

t.test('a favourable word stays favourable, though the department gives its reason for it', async (t) => {
  const life = begin(submission())
  const told = (status: string, reason: string) => {
    const { type, detail } = eventOf(houseReport({ ...report, outerNo: 'case_1', status, reason }), rules)!
    return life.report('licence', type as CaseEvent, { detail })
  }
  t.match(told('60', '准予许可，已发证').entries, [
    { type: 'case.issued', data: { reason: '准予许可，已发证' } },
  ])
  told('90', '办结')
  t.match(life.case('licence'), { state: 'closed', reason: undefined })
  t.equal(life.state.submission.state, 'completed')
})

t.test('a case id in capitals is ours; another number stays as it is', async (t) => {
  t.match(read({ caseId: 'CASE_01KAQF3M2D' }), { caseId: 'case_01kaqf3m2d' })
  t.match(read({ caseId: 'SJ-A1' }), { caseId: 'SJ-A1' })
})
