// Who decides a matter, and within what, is told to its department with the case, from the catalogue it was made under.

import t from 'tap'
import { type ComposeContext, compose } from '../../src/delivery/compose.ts'
import type { Aggregate, Transfer } from '../../src/domain/submission.ts'

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

t.test('a matter that the catalogue no longer has tells neither', async (t) => {
  const content = compose(
    transfer,
    context(() => ({})),
  )
  t.notOk('department' in content || 'limits' in content)
})
