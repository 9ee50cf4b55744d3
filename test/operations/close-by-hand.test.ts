// A person who found out what became of a dead letter says so, and what waits behind it goes on.

import t, { type Test } from 'tap'
import { parseJsonBodies } from '../../src/http/json-body.ts'
import { closeByHandRoutes } from '../../src/operations/close-by-hand.ts'
import { openBooks, transfersOf } from '../ledger/books.ts'
import { loggedIn, startEdge } from '../security/edge.ts'

async function scene(t: Test) {
  const books = await openBooks(t)
  const app = await startEdge(t, {
    routes(app) {
      parseJsonBodies(app)
      return closeByHandRoutes(app, { ledger: books.ledger })
    },
  })
  const cookie = await loggedIn(app, 'operator')
  return {
    books,
    close: (id: string, payload: object, headers = {}) =>
      app.inject({
        method: 'POST',
        url: `/ops/v1/transfers/${id}/close`,
        headers: { cookie, origin: 'http://127.0.0.1:7700', ...headers },
        payload,
      }),
    async deadLetter() {
      const { submissionId } = await books.take()
      const [transfer] = await transfersOf(books, submissionId)
      const id = transfer!.id
      await books.tell(submissionId, { type: 'transfer.buried', transferId: id, reason: 'unknown code 9' })
      return { id, submissionId }
    },
  }
}

const found = { outcome: 'delivered', reference: ' D-77 ', reason: '电话核实：对方已收件' }

t.test('a hand-over that arrived all the same is closed under its number, once', async (t) => {
  const { books, close, deadLetter } = await scene(t)
  const { id, submissionId } = await deadLetter()
  const key = { 'idempotency-key': 'after-the-call' }
  const closed = await close(id, found, key)
  t.match([closed.statusCode, closed.json()], [200, { transfer: id, state: 'delivered' }])
  t.match(await books.query('select state, reference from cases where submission_id = $1', [submissionId]), [
    { state: 'dispatched', reference: 'D-77' },
  ])
  t.match(await books.query(`select data from entries where type = 'transfer.vouched'`), [
    { data: { by: 'operator', reason: found.reason, reference: 'D-77' } },
  ])
  t.match((await close(id, found, key)).headers, { 'idempotent-replayed': 'true' })
  t.match((await close(id, found)).json(), { code: 'conflict-state', detailZh: /delivered/ })
})

t.test('an order that a dead process left half done is carried out to its end', async (t) => {
  const { books, close, deadLetter } = await scene(t)
  const { id } = await deadLetter()
  const key = { 'idempotency-key': 'half-done' }
  t.equal((await close(id, found, key)).statusCode, 200)
  await books.query(`update messages set answer = null where key = 'half-done'`)
  t.match((await close(id, found, key)).json(), { transfer: id, state: 'delivered' })
  t.equal((await books.query(`select 1 from entries where type = 'transfer.vouched'`)).length, 1)
})

t.test('whoever asks for too much, or too little, is told what', async (t) => {
  const { books, close, deadLetter } = await scene(t)
  const { id } = await deadLetter()
  t.match((await close(id, { outcome: 'given-up', reason: '不再需要' })).json(), {
    status: 409,
    detailZh: /必须送达/,
  })
  t.match((await close(id, { outcome: 'done', reference: '', reason: 'x' })).json(), {
    status: 400,
    errors: [{ pointer: '/outcome' }, { pointer: '/reference' }],
  })
  t.match((await close(id, { outcome: 'delivered' })).json(), { status: 400, detailZh: /原因/ })
  t.match((await close(id, { outcome: 'delivered', refrence: 'D-77', reason: 'x' })).json(), {
    status: 400,
    errors: [{ pointer: '/refrence', code: 'unknown-field', message: /did you mean reference\?/ }],
  })
  t.equal((await close('trf_none', found)).statusCode, 404)
  const { submissionId } = await books.take()
  const [due] = await transfersOf(books, submissionId)
  t.match((await close(due!.id, found)).json(), { code: 'conflict-state', detailZh: /死信/ })
})
