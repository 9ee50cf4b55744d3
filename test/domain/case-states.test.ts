// The table of states and events: total, and true to the laws that every reader of it relies on.

import t from 'tap'
import {
  caseEvents,
  caseStates,
  caseTable,
  failedStates,
  interruptions,
  leadsTo,
  settledStates,
} from '../../src/domain/case-states.ts'

const cells = caseEvents.flatMap((event) =>
  caseStates.map((state) => ({ event, state, answer: caseTable[event][state] })),
)

t.test('every event has a named answer in every state', async (t) => {
  t.equal(cells.length, 15 * 14)
  const unnamed = cells.filter(
    ({ answer }) => !['apply', 'newer', 'note', 'duplicate', 'refuse', 'overturn'].includes(answer),
  )
  t.strictSame(unnamed, [])
  for (const event of caseEvents) t.strictSame(Object.keys(caseTable[event]), [...caseStates], event)
})

t.test('what a case already is, is a duplicate; only a correction may be asked for again', async (t) => {
  for (const event of caseEvents) {
    const state = leadsTo[event]
    if (state === 'resume') continue
    t.equal(caseTable[event][state], event === 'case.correction-requested' ? 'newer' : 'duplicate', event)
  }
})

t.test('a settled case can only be closed', async (t) => {
  const moving = cells.filter(
    ({ event, state, answer }) =>
      settledStates.has(state) && (answer === 'apply' || answer === 'newer') && event !== 'case.closed',
  )
  t.strictSame(moving, [])
})

t.test('a closed case is never moved', async (t) => {
  for (const event of caseEvents)
    t.notOk(['apply', 'newer'].includes(caseTable[event].closed), `${event} leaves a closed case alone`)
})

t.test('decision and refusal contradict each other and are refused, not guessed at', async (t) => {
  for (const state of ['approved', 'issued'] as const) {
    t.equal(caseTable['case.denied'][state], 'refuse')
    t.equal(caseTable['case.rejected'][state], 'refuse')
    t.equal(caseTable['case.withdrawn'][state], 'refuse')
  }
  for (const event of ['case.approved', 'case.issued'] as const)
    for (const state of failedStates) t.equal(caseTable[event][state], 'refuse', `${event} in ${state}`)
})

t.test('our own receipt never moves a case that the department has already spoken of', async (t) => {
  for (const state of caseStates)
    t.equal(caseTable['case.dispatched'][state], state === 'pending' ? 'apply' : 'duplicate', state)
})

t.test('only an open question of the department can be supplemented', async (t) => {
  const asked = caseStates.filter((state) => caseTable['case.supplemented'][state] === 'apply')
  t.strictSame(asked, ['pre-review-returned', 'correction-requested'])
})

t.test('interruptions are left by what resumes them, and settle nothing', async (t) => {
  for (const state of interruptions) t.notOk(settledStates.has(state))
  for (const state of failedStates) t.ok(settledStates.has(state))
  t.equal(caseTable['case.special-procedure-ended']['special-procedure'], 'apply')
})
