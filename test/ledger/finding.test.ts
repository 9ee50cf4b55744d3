// Whole submissions by their ids: those asked for at once are read at once, and everyone gets their own.

import t from 'tap'
import type { Pool } from '../../src/ledger/database.ts'
import { openFinding } from '../../src/ledger/finding.ts'
import { openBooks } from './books.ts'

const nobody = { get: () => undefined }

t.test('everyone gets their own, and nothing for an unknown one', async (t) => {
  const books = await openBooks(t)
  const [one, other] = await Promise.all([books.take(), books.take()])
  const unknown = 'sub_01kb3v5m8q0000000000000000'
  const asked = [one.submissionId, unknown, other.submissionId, one.submissionId]
  const found = await Promise.all(asked.map((id) => books.ledger.read(id)))
  t.strictSame(
    found.map((each) => each?.aggregate.submission.id ?? null),
    [one.submissionId, null, other.submissionId, one.submissionId],
  )
  t.match(await Promise.all(asked.map((id) => books.ledger.document(id))), [
    { applicant: {} },
    undefined,
    { applicant: {} },
    { applicant: {} },
  ])
})

t.test('those asked for at once are one question, however many', async (t) => {
  const questions: string[][] = []
  const finders = {
    async query({ values: [ids] }: { values: [string[]] }) {
      questions.push(ids)
      return { rows: ids.map((id) => ({ id, document: { of: id } })) }
    },
  } as unknown as Pool
  const finding = openFinding(finders, nobody)
  const found = await Promise.all(['a', 'b', 'a'].map((id) => finding.document(id)))
  t.strictSame(found, [{ of: 'a' }, { of: 'b' }, { of: 'a' }])
  t.strictSame(questions, [['a', 'b']])
  const remembering = { get: () => ({ document: { remembered: true } }) as never }
  t.strictSame(await openFinding(finders, remembering).document('a'), { remembered: true })
  t.equal(questions.length, 1, 'what is remembered is not asked for')
})

t.test('a question that fails fails for who asked it, and is asked anew for the next', async (t) => {
  let away = true
  const finders = {
    async query({ values: [ids] }: { values: [string[]] }) {
      if (away) throw Object.assign(new Error('connection lost'), { code: '08006' })
      return { rows: ids.map((id) => ({ id, document: {} })) }
    },
  } as unknown as Pool
  const finding = openFinding(finders, nobody)
  await t.rejects(finding.document('a'), { code: '08006' })
  away = false
  t.strictSame(await finding.document('a'), {})
})
