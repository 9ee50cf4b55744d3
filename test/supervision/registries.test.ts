// The watch over registries, on a real ledger: what has waited for too long is told once, what is young, settled or an
// operator's is left alone; and reusable materials end.

import t from 'tap'
import { dropExpired, reusableOf } from '../../src/ledger/reusable.ts'
import { watchRegistries } from '../../src/supervision/registries.ts'
import { certificate, material } from '../domain/life.ts'
import { attemptOf, delivered, openBooks, report, transfersOf } from '../ledger/books.ts'

const HOUR_MS = 3_600_000
const file = { sha256: 'a'.repeat(64), size: 1, mediaType: 'application/pdf', fileName: 'a.pdf' }

t.test('who has waited for a registry for too long is asked for a scan, once', async (t) => {
  const books = await openBooks(t)
  const wanted = { materials: [certificate('C1', { uploadInstead: true })] }
  const [young, old, givenUp, nonsense, certificateOnly] = [
    await books.take(wanted),
    await books.take(wanted),
    await books.take(wanted),
    await books.take(wanted),
    await books.take({ materials: [certificate('C1')] }),
  ]
  const lookUp = async (one: typeof old) => (await transfersOf(books, one.submissionId))[0]!.id
  const bury = async (one: typeof old, kind: string) => {
    const transferId = await lookUp(one)
    const event = { type: 'transfer.buried', transferId, reason: 'given up' } as const
    await books.tell(one.submissionId, event, { attempt: attemptOf(transferId, kind), failure: { kind } })
  }
  await bury(givenUp, 'unavailable')
  await bury(nonsense, 'unrecognised')
  const aged = [old, givenUp, nonsense, certificateOnly].map((one) => one.submissionId)
  await books.query(
    `update transfers set created_at = now() - interval '25 hours' where submission_id = any ($1)`,
    [aged],
  )

  const faults: string[] = []
  const observer = { uploadsOffered: () => undefined, fault: (message: string) => void faults.push(message) }
  let hours = 24
  const uploadAfterMs = () => hours * HOUR_MS
  const watch = watchRegistries({ ledger: books.ledger, uploadAfterMs, observer })
  t.teardown(() => watch.close())
  await watch.round()
  t.equal(await watch.round(), 0, 'nobody is asked twice')
  const asked = await books.query<{ submission_id: string }>(
    `select submission_id from entries where type = 'case.correction-requested' order by submission_id`,
  )
  t.strictSame(
    asked.map((one) => one.submission_id),
    [old.submissionId, givenUp.submissionId].sort(),
  )
  await books.query(
    `update transfers set created_at = now() - interval '86410 seconds' where submission_id = $1`,
    [young.submissionId],
  )
  t.equal(await watch.round(), 1, 'its time has come')

  const impatient = await books.take(wanted)
  await books.query(`update transfers set created_at = now() - interval '3 hours' where submission_id = $1`, [
    impatient.submissionId,
  ])
  t.equal(await watch.round(), 0)
  hours = 2
  t.equal(await watch.round(), 1, 'less patience finds what all rounds before passed over')
  t.strictSame(faults, [])
})

t.test('what may be used again is written with the decision, found by its holder, and ends', async (t) => {
  const books = await openBooks(t)
  const { submissionId } = await books.take({
    holder: 'keyed-hash',
    materials: [
      material('M1', 'upload', { files: [file], reusableDays: 30 }),
      material('M2', 'upload', { files: [file] }),
    ],
  })
  const find = () => reusableOf(books.ledger.readers, 'keyed-hash', 'platform')
  const [submit] = await transfersOf(books, submissionId)
  await books.tell(submissionId, delivered(submit!.id))
  t.strictSame(await find(), [], 'nothing before the decision')
  const approved = report(submissionId, 'case.approved', 'A-1')
  await Promise.all([
    books.ledger.record(approved),
    books.ledger.record(report(submissionId, 'case.issued', 'I-1')),
  ])
  t.equal((await books.ledger.record(approved)).outcome, 'replayed')

  const found = await find()
  t.match(found, [{ material: 'M1', trust: 'accepted', submissionId, data: { files: [file], name: 'M1' } }])
  t.equal(found.length, 1)
  t.strictSame(await reusableOf(books.ledger.readers, 'keyed-hash', 'another'), [])
  t.equal(await dropExpired(books.ledger.writers), 0)
  await books.query(`update reusable_materials set expires_on = current_date - 2`)
  t.strictSame(await find(), [])
  t.equal(await dropExpired(books.ledger.writers), 1)
})
