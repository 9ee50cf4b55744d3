// What putting an attempt's content together asks the ledger for: every read holds a slot of the system for
// as long as it lasts.

import t from 'tap'
import { attemptTools } from '../../src/delivery/attempt-tools.ts'
import { onlyCatalogue } from '../../src/delivery/compose.ts'
import type { Transfer } from '../../src/domain/submission.ts'
import type { Leased } from '../../src/ledger/changes.ts'

const event = {
  id: 'evt_1',
  type: 'case.accepted',
  at: '2026-11-23T00:00:00Z',
  subject: 'case_1',
  sequence: 3,
  data: { caseId: 'case_1' },
}
const document = { applicant: { type: 'person', name: '张三', idType: '111', idNumber: '1' } }
const aggregate = {
  submission: { id: 'sub_1', externalId: 'N1', theme: 'a', division: '410204', homeDivision: '410204' },
  cases: [{ id: 'case_1', matter: { code: 'm' }, mode: 'online' }],
  materials: [],
  parcels: [],
  transfers: [],
}

function composing(about: object, inMemory: Partial<Leased>) {
  const asked: string[] = []
  const ledger = {
    read: async () => {
      asked.push('submission and document')
      return { version: 1, aggregate, document }
    },
    document: async () => {
      asked.push('document')
      return document
    },
  }
  const nothing = new Map()
  const parts = {
    ledger,
    settings: { postal: nothing, calendar: [] },
    catalogues: onlyCatalogue({
      certificateTypes: nothing,
      matters: nothing,
      departments: nothing,
    } as unknown as Parameters<typeof onlyCatalogue>[0]),
  } as unknown as Parameters<typeof attemptTools>[0]
  const transfer = { id: 'trf_1', operation: 'submitCase', about } as unknown as Transfer
  const leased = { transfer, submissionId: 'sub_1', ...inMemory } as Leased
  return { content: attemptTools(parts).compose(leased), asked }
}

t.test('a notification carries its event with it: nothing is read', async (t) => {
  const { content, asked } = composing({ event }, {})
  t.strictSame(await content, {
    id: 'evt_1',
    type: 'case.accepted',
    time: event.at,
    subject: 'case_1',
    sequence: '00000003',
    data: event.data,
  })
  const again = composing({ event, replay: true }, {})
  t.match(await again.content, { id: 'evt_1', replay: true })
  t.strictSame([asked, again.asked], [[], []])
})

t.test('a case is read as it is now, but for what is in memory', async (t) => {
  const about = { case: 'case_1' }
  const inMemory = { aggregate: aggregate as unknown as NonNullable<Leased['aggregate']> }
  const asked = []
  for (const known of [{}, inMemory, { ...inMemory, document }]) {
    const one = composing(about, known)
    t.match(await one.content, { caseId: 'case_1', applicant: { name: '张三' } })
    asked.push(one.asked)
  }
  t.strictSame(asked, [['submission and document'], ['document'], []])
})
