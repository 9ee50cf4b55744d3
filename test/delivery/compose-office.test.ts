// Who decides a matter, and within what, is told to its department with the case, from the catalogue it was made under.

import t from 'tap'
import type { CaseContent } from '../../src/adapter-kit/contract.ts'
import { type ComposeContext, type ComposeDocument, compose } from '../../src/delivery/compose.ts'
import type { Aggregate, Transfer } from '../../src/domain/submission.ts'
import { workCalendarOf } from '../../src/settings/work-calendar.ts'

const one = { id: 'case_1', matter: { code: 'food-licence', name: '食品经营许可' }, mode: 'online' }
const submission = { id: 'sub_1', externalId: 'KF1', theme: 'restaurant', catalogueVersion: 'v7' }
const aggregate = { submission, cases: [one], materials: [], parcels: [] } as unknown as Aggregate
const transfer = { operation: 'submitCase', about: { case: 'case_1' } } as Transfer
const applicant = { type: 'person', name: '张三', idType: '111', idNumber: '1' } as const

const context = (office?: ComposeContext['office']): ComposeContext => ({
  aggregate,
  document: { applicant },
  contract: () => undefined,
  certificateName: (type) => type,
  department: () => undefined,
  ...(office ? { office } : {}),
})

t.test('a case carries its department and its limits', async (t) => {
  const department = { code: 'market-regulation', name: '市场监督管理局', uscc: '11410200005310123X' }
  const limits = { legal: { days: 20, unit: 'G' }, promised: { days: 5, unit: 'G' } } as const
  const asked: string[][] = []
  const office = (...of: string[]) => {
    asked.push(of)
    return { department, limits }
  }
  t.match(compose(transfer, context(office)), { caseId: 'case_1', department, limits })
  t.same(asked, [['food-licence', 'v7']])
})

t.test('each limit has its last day, counted from the day of submission', async (t) => {
  const limits = { legal: { days: 10, unit: 'Z' }, promised: { days: 5, unit: 'G' } } as const
  const years = new Map([
    [2026, { year: 2026, source: '', daysOff: ['2026-11-25'], workingDays: ['2026-11-28'] }],
  ])
  const of = (document: ComposeDocument) =>
    compose(transfer, { ...context(() => ({ limits })), calendar: workCalendarOf(years), document })
  const submitted = { applicant, submittedAt: '2026-11-23T16:30:00Z' }
  t.match(of(submitted), {
    limits: {
      legal: { days: 10, lastDay: '2026-12-04' },
      promised: { days: 5, lastDay: '2026-12-01' },
    },
  })
  t.notOk('lastDay' in (of({ applicant }) as CaseContent).limits!.promised, 'without a day nothing is said')
  t.equal(workCalendarOf(years), workCalendarOf(years))
})

t.test('a matter that the catalogue no longer has tells neither', async (t) => {
  const content = compose(
    transfer,
    context(() => ({})),
  )
  t.notOk('department' in content || 'limits' in content)
})

t.test('a service is told with the acceptance that was known when it was recorded', async (t) => {
  const recorded = { number: 1, event: 'case.closed', at: '2026-11-24T02:00:00Z', system: 'rating' }
  const told = (service: object) =>
    compose({ ...transfer, operation: 'recordService', about: { case: 'case_1', service: 1 } }, {
      ...context(),
      aggregate: {
        ...aggregate,
        cases: [{ ...one, acceptedAt: '2026-11-23T02:00:00Z', services: [service] }],
      },
    } as unknown as ComposeContext)
  t.notOk('acceptedAt' in told(recorded), 'it became known later: repeats say the same')
  t.match(told({ ...recorded, acceptedAt: '2026-11-23T01:00:00Z' }), { acceptedAt: '2026-11-23T01:00:00Z' })
})
