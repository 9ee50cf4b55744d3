// Only the failed branch is done again, once at a time, and both submissions know of it.

import t from 'tap'
import type { Theme } from '../../src/domain/catalogue.ts'
import { branchOf } from '../../src/domain/redo.ts'
import { begin, callingBack, matter, submission } from './life.ts'

const names = { zh: '主题', en: 'theme' }
const theme: Theme = {
  code: 'open-restaurant',
  name: names,
  applicant: 'any',
  modes: ['online'],
  situations: [],
  matters: [
    { matter: 'licence', after: [] },
    { matter: 'food', after: ['licence'] },
    { matter: 'signboard', after: ['food'] },
    { matter: 'water', after: [] },
  ],
}
const city = () =>
  begin(
    submission({
      cases: [
        matter('licence'),
        matter('food', { after: ['licence'] }),
        matter('signboard', { after: ['food'] }),
        matter('water'),
      ],
    }),
    callingBack,
  )
const result = { type: 'electronic', name: '证', number: 'N-1' } as const
const foodDenied = () => {
  const life = city()
  life.report('licence', 'case.issued', { detail: { result } })
  life.report('food', 'case.denied', { detail: { reason: '不符合' } })
  return life
}

t.test('the failed matters and those that ended with them, without what went well', async (t) => {
  const { branch, problems } = branchOf(foodDenied().state, theme)
  t.strictSame(problems, [])
  t.strictSame(branch.matters, ['food', 'signboard'])
  t.match(branch.satisfied, [{ matter: 'licence', result }])
  t.equal(branch.satisfied.length, 1, 'water is still open: neither')
})

t.test('a matter named alone brings what comes after it', async (t) => {
  const { branch } = branchOf(foodDenied().state, theme, ['food'])
  t.strictSame(branch.matters, ['food', 'signboard'])
})

t.test('what cannot be redone is named with its reason', async (t) => {
  const why = (named: string[], life = foodDenied()) => branchOf(life.state, theme, named).problems
  t.strictSame(why(['tea']), [{ matter: 'tea', why: 'not-in-submission' }])
  t.strictSame(why(['licence']), [{ matter: 'licence', why: 'not-failed' }])
  t.strictSame(why(['signboard']), [{ matter: 'signboard', why: 'needs', other: 'food' }])
  const early = city()
  early.tell({ type: 'case.withdrawal-asked', caseId: early.case('food').id, reason: '不办了' })
  t.match(why(['food'], early), [{ matter: 'food', why: 'waits', other: 'licence' }, {}])
})

t.test('what a redo found settled stays settled for the next one', async (t) => {
  const satisfied = [{ matter: 'licence', caseId: 'case_0', result }]
  const again = begin(submission({ cases: [matter('food')], redoes: { submissionId: 'sub_0', satisfied } }))
  again.report('food', 'case.rejected')
  t.strictSame(branchOf(again.state, theme).branch, {
    submissionId: again.state.submission.id,
    matters: ['food'],
    satisfied,
  })
})

const redo = (by: string, matters: string[], over: string[] = []) => ({
  type: 'submission.redone' as const,
  by,
  externalId: `KF-${by}`,
  matters,
  over,
})

t.test('the earlier submission is told which one redoes it, once', async (t) => {
  const life = foodDenied()
  t.equal(life.tell(redo('sub_b', ['food', 'signboard'])).outcome, 'applied')
  t.match(life.state.submission.redoneBy, [{ submissionId: 'sub_b', matters: ['food', 'signboard'] }])
  t.match(life.entries.at(-1), { type: 'submission.redone', data: { redoneBy: 'sub_b' } })
  const before = life.state
  t.equal(life.tell(redo('sub_b', ['food', 'signboard'])).outcome, 'duplicate')
  t.equal(life.state, before)
})

t.test('a second redo of the same branch is refused until the first is over', async (t) => {
  const life = foodDenied()
  life.tell(redo('sub_b', ['food', 'signboard']))
  t.match(life.tell(redo('sub_c', ['signboard'])), {
    outcome: 'refused',
    reason: { en: /by submission sub_b/, zh: /sub_b 重新办理/ },
  })
  t.equal(life.tell(redo('sub_c', ['food'], ['sub_b'])).outcome, 'applied')
  t.equal(life.state.submission.redoneBy?.length, 2)
})

t.test('what did not fail is not redone', async (t) => {
  t.match(foodDenied().tell(redo('sub_b', ['licence'])), { outcome: 'refused', reason: { zh: /未被退回/ } })
})
