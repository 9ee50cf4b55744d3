// 充分授权: what a window may accept is told to the department whose matter it is, and to nobody else.

import t from 'tap'
import type { CanonicalSubmission } from '../../schemas/types.ts'
import { type ComposeDocument, compose } from '../../src/delivery/compose.ts'
import { receive } from '../../src/domain/receive.ts'
import type { Transfer } from '../../src/domain/submission.ts'
import { checkSubmission } from '../../src/intake/check-submission.ts'
import { normaliseSubmission } from '../../src/intake/normalise/index.ts'
import { documentOf, receivedEvent } from '../../src/intake/received.ts'
import { catalogue, goodSubmission, halls, TODAY } from './catalogue.ts'

const rules = {
  subscribes: () => false,
  limits: () => ({
    acceptance: { days: 5, unit: 'G' as const },
    supplement: { days: 15, unit: 'G' as const },
    warnShare: 0.8,
  }),
  isWorkingDay: () => true,
  postal: () => ({ missing: 'none' }),
  certificates: { maxAgeMs: () => null, registration: () => null },
}

/** The `agent` that each department is told of, by matter. */
function toldOf(window: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const raw = goodSubmission({ agent: { hall: '410204-01', window, clerk: '王晓明' }, ...changes })
  const { submission, plan, errors } = checkSubmission(normaliseSubmission(raw, catalogue), {
    catalogue,
    halls,
    city: null,
    now: TODAY,
  })
  if (!submission || !plan) throw new Error(JSON.stringify(errors))
  const input = {
    submissionId: 'sub_01kb3v5m8q0000000000000000',
    submission: submission as CanonicalSubmission,
    plan,
    files: new Map(),
    platform: 'city',
    client: { id: 'c', tokenHashes: [], scopes: [], divisions: ['*'] },
    catalogue,
    halls,
    city: null,
    shared: new Map(),
    holderKey: Buffer.alloc(32),
    now: TODAY,
  }
  const { aggregate } = receive(receivedEvent(input), TODAY.toISOString(), rules)
  const document = documentOf(input) as ComposeDocument
  const context = {
    aggregate,
    document,
    contract: () => undefined,
    certificateName: (type: string) => type,
    department: () => undefined,
  }
  return Object.fromEntries(
    aggregate.cases.map(({ id, matter }) => {
      const transfer = { operation: 'submitCase', about: { case: id } } as Transfer
      return [matter.code, (compose(transfer, context) as { agent?: unknown }).agent]
    }),
  )
}

const clerk = { hall: '410204-01', clerk: '王晓明' }

t.test('a window that may accept a matter says so to its department, and in no other case', async (t) => {
  t.strictSame(toldOf('10'), {
    licence: { ...clerk, window: '10', mayAccept: true },
    'food-permit': { ...clerk, window: '10' },
  })
})

t.test('a window that only collects says nothing of the kind', async (t) => {
  t.strictSame(toldOf('07'), {
    licence: { ...clerk, window: '07' },
    'food-permit': { ...clerk, window: '07' },
  })
})

t.test('what goes online is not the window to accept', async (t) => {
  const told = toldOf('10', { modes: { licence: 'online' } })
  t.strictSame(told.licence, { ...clerk, window: '10' })
})
