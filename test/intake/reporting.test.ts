// What one message says, recorded on a real ledger.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { recordAll } from '../../src/intake/reporting.ts'
import type { Pool } from '../../src/ledger/database.ts'
import { matter } from '../domain/life.ts'
import { delivered, openBooks } from '../ledger/books.ts'

const observer = { reported: () => undefined, unreadable: () => undefined }
const evidence = { body: Buffer.from('{}'), mediaType: 'application/json' }

/** The later it is asked, the sooner it answers. */
function hasty(readers: Pool): Pool {
  let wait = 90
  return Object.assign(Object.create(readers), {
    query: async (...asked: [never]) => {
      wait -= 30
      await sleep(wait)
      return readers.query(...asked)
    },
  })
}

t.test('events of one message are recorded in its order, however their cases are named', async (t) => {
  const books = await openBooks(t)
  const cases = [matter('licence'), matter('food', { after: ['licence'] })]
  const { submissionId, aggregate } = await books.take({ cases })
  await books.tell(submissionId, delivered(aggregate!.transfers[0]!.id, 'D-1'))
  const ledger = { ...books.ledger, readers: hasty(books.ledger.readers) }
  const at = new Date().toISOString()
  const event = (id: string, type: ExternalEvent['type']): ExternalEvent => ({
    id,
    type,
    at,
    reference: 'D-1',
    detail: { reason: '不符合条件' },
  })
  const events = [event('1', 'case.denied'), event('2', 'case.closed')]
  const recorded = await Promise.all(recordAll({ ledger, observer }, 'licence', events, evidence))
  t.strictSame(
    recorded.map(({ outcome }) => outcome),
    ['applied', 'applied'],
  )
  const told = await books.query<{ type: string }>(
    'select type from entries where submission_id = $1 and case_id = $2 order by number',
    [submissionId, aggregate!.cases[0]!.id],
  )
  t.strictSame(
    told.map(({ type }) => type),
    ['case.dispatched', 'case.denied', 'case.closed'],
  )
})
