// What the ledger keeps beside submissions: unreadable messages, uploads, pauses, and how a number is found again.

import t from 'tap'
import { keepUnreadable, locate } from '../../src/ledger/evidence.ts'
import { readPauses, removePause, writePause } from '../../src/ledger/pauses.ts'
import { backlogOf, deadLetters, entriesOf, findByExternalId, transfersOf } from '../../src/ledger/reads.ts'
import { readUploads, registerUpload } from '../../src/ledger/uploads.ts'
import { readLedgerView } from '../../src/ledger/view.ts'
import { delivered, messageOf, openBooks } from './books.ts'

t.test('a message that cannot be read is kept once, byte by byte', async (t) => {
  const books = await openBooks(t)
  const message = { ...messageOf('x', { source: 'system:licence' }), body: Buffer.from([0, 255, 1]) }
  await keepUnreadable(books.ledger.writers, message, 'not XML')
  await keepUnreadable(books.ledger.writers, message, 'not XML')
  const rows = await books.query<{ body: string; outcome: string }>('select body, outcome from messages')
  t.match(rows, [{ outcome: 'unreadable: not XML' }])
  t.equal(rows.length, 1)
  t.strictSame(Buffer.from(rows[0]!.body, 'base64'), message.body)
})

t.test("a system's own number leads to our case, and only that system's", async (t) => {
  const books = await openBooks(t)
  const { submissionId, aggregate } = await books.take()
  await books.tell(submissionId, delivered(aggregate!.transfers[0]!.id, 'D-77'))
  const caseId = aggregate!.cases[0]!.id
  t.strictSame(await locate(books.ledger.readers, 'licence', 'D-77'), { submissionId, caseId })
  t.equal(await locate(books.ledger.readers, 'health', 'D-77'), null)
})

t.test('of a number that was given twice the case that is not over is meant, or none', async (t) => {
  const books = await openBooks(t)
  const named = async (externalId: string) => {
    const { submissionId, aggregate } = await books.take({ externalId })
    await books.tell(submissionId, delivered(aggregate!.transfers[0]!.id, 'D-77'))
    return { submissionId, caseId: aggregate!.cases[0]!.id }
  }
  const found = () => locate(books.ledger.readers, 'licence', 'D-77')
  const withdraw = ({ submissionId, caseId }: Awaited<ReturnType<typeof named>>) =>
    books.tell(submissionId, { type: 'case.withdrawal-asked', caseId, reason: '重新办理' })
  const [first, second] = [await named('1'), await named('2')]
  t.equal(await found(), null, 'nobody guesses which')
  await withdraw(second)
  t.strictSame(await found(), first)
  await withdraw(first)
  const third = await named('3')
  t.strictSame(await found(), third)
})

t.test('an upload with the same key is the first one; with other bytes it is a conflict', async (t) => {
  const { ledger } = await openBooks(t)
  const upload = {
    materialId: 'mat_1',
    sha256: 'a'.repeat(64),
    size: 3_000_000_000,
    mediaType: 'application/pdf',
    fileName: '营业执照.pdf',
    client: 'platform',
    idempotencyKey: 'k',
  }
  t.match(await registerUpload(ledger.writers, upload), {
    materialId: 'mat_1',
    replayed: false,
    conflict: false,
  })
  t.match(await registerUpload(ledger.writers, { ...upload, materialId: 'mat_2' }), {
    materialId: 'mat_1',
    replayed: true,
    conflict: false,
  })
  t.match(await registerUpload(ledger.writers, { ...upload, materialId: 'mat_3', sha256: 'b'.repeat(64) }), {
    replayed: true,
    conflict: true,
  })
  t.match((await readUploads(ledger.readers, ['mat_1', 'mat_9'])).get('mat_1'), {
    size: 3_000_000_000,
    fileName: '营业执照.pdf',
  })
})

t.test('a pause is kept with who and why until it is lifted', async (t) => {
  const { ledger } = await openBooks(t)
  await writePause(ledger.writers, 'licence', '401', 'gateway')
  await writePause(ledger.writers, 'licence', 'again', 'operator')
  t.match(await readPauses(ledger.readers), [{ system: 'licence', reason: '401', by: 'gateway' }])
  await removePause(ledger.writers, 'licence', 'operator')
  t.strictSame(await readPauses(ledger.readers), [])
})

t.test('what the API shows of a submission is what was recorded', async (t) => {
  const books = await openBooks(t)
  const { submissionId, aggregate } = await books.take({ externalId: 'KF1' })
  const { readers } = books.ledger
  t.equal(await findByExternalId(readers, 'platform', 'KF1'), submissionId)
  t.equal(await findByExternalId(readers, 'other', 'KF1'), null)
  const transferId = aggregate!.transfers[0]!.id
  await books.tell(submissionId, { type: 'transfer.buried', transferId, reason: '没有此事项' })
  t.match(await transfersOf(readers, submissionId), [
    { id: transferId, state: 'dead', operation: 'submitCase' },
  ])
  t.match(await entriesOf(readers, submissionId), [
    { number: 1, type: 'submission.received' },
    { number: 2, type: 'transfer.buried' },
  ])
  t.match(await deadLetters(readers, 'licence', 10), [{ id: transferId, reason: '没有此事项' }])
  t.strictSame(await deadLetters(readers, 'health', 10), [])
  t.strictSame(await backlogOf(readers), new Map([['licence', { waiting: 0, dead: 1 }]]))
  t.match(await readLedgerView(books.url), {
    submissions: [{ externalId: 'KF1' }],
    cases: [{ matter: 'licence' }],
  })
})
