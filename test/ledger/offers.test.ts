// What may be used again, as its holder finds it: offered with the yes, gone with the no that comes after it.

import t from 'tap'
import { reusableOf } from '../../src/ledger/reusable.ts'
import { material, matter } from '../domain/life.ts'
import { openBooks } from './books.ts'

const file = { sha256: 'a'.repeat(64), size: 1, mediaType: 'application/pdf', fileName: 'a.pdf' }

async function closedCase(t: Parameters<typeof openBooks>[0]) {
  const books = await openBooks(t)
  const { submissionId } = await books.take({
    cases: [matter('licence'), matter('food')],
    materials: [material('M1', 'upload', { files: [file], reusableDays: 10, matters: ['licence', 'food'] })],
    holder: 'h',
  })
  const rows = await books.query<{ id: string; matter: string }>('select id, matter from cases')
  const report = (code: string, event: 'case.closed' | 'case.denied' | 'case.approved') => {
    const caseId = rows.find((one) => one.matter === code)!.id
    const at = new Date().toISOString()
    return books.tell(submissionId, { type: 'case.reported', caseId, event, at, system: code, detail: {} })
  }
  const offered = async () =>
    (await reusableOf(books.ledger.readers, 'h', 'platform')).map((one) => one.matter)
  return { report, offered }
}

t.test('an offer is taken back with a no, and stands on the yes of another case', async (t) => {
  const { report, offered } = await closedCase(t)
  await report('licence', 'case.closed')
  t.strictSame(await offered(), ['licence'])
  await report('licence', 'case.denied')
  t.strictSame(await offered(), [])
  await report('food', 'case.approved')
  t.strictSame(await offered(), ['food'])
})

t.test('all of it in one commit comes to the same', async (t) => {
  const { report, offered } = await closedCase(t)
  await Promise.all([report('licence', 'case.closed'), report('licence', 'case.denied')])
  t.strictSame(await offered(), [])
})

t.test('each material is offered as itself, whichever process says so', async (t) => {
  const here = await openBooks(t)
  const there = await openBooks(t, { url: here.url })
  const other = { ...file, sha256: 'b'.repeat(64) }
  const { submissionId } = await here.take({
    cases: [matter('licence'), matter('food')],
    materials: [
      material('M5', 'upload', { files: [file], reusableDays: 10, matters: ['licence'] }),
      material('M1', 'upload', { files: [other], reusableDays: 10, matters: ['food'] }),
    ],
    holder: 'h',
  })
  const rows = await here.query<{ id: string; matter: string }>('select id, matter from cases')
  const approve = ({ tell }: typeof here, system: string) => {
    const caseId = rows.find((one) => one.matter === system)!.id
    const at = new Date().toISOString()
    return tell(submissionId, {
      type: 'case.reported',
      caseId,
      event: 'case.approved',
      at,
      system,
      detail: {},
    })
  }
  await approve(here, 'licence')
  await approve(there, 'food')
  const offered = await reusableOf(here.ledger.readers, 'h', 'platform')
  t.strictSame(offered.map((one) => [one.material, one.data.files[0]!.sha256, one.matter]).sort(), [
    ['M1', other.sha256, 'food'],
    ['M5', file.sha256, 'licence'],
  ])
})
