// A department answers with a maintenance page. Nothing is guessed: the transfer waits for a person, who logs in,
// sees the reason, and sends it again when the department works.

import t from 'tap'
import { hashPassword } from '../../src/security/passwords.ts'
import { platformAt, retirement } from '../support/platform.ts'
import { startTown } from './town.ts'

const password = '开封-correct-horse'
const env = { TONGBAN_OPERATOR_PASSWORD_HASH: await hashPassword(password) }
const town = await startTown(t, {}, { env })
const { url } = town.running
const platform = platformAt(url)

async function logIn(): Promise<string> {
  const answer = await fetch(`${url}/ops/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ account: 'admin', password }),
  })
  t.equal(answer.status, 303)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0]!
}

t.test('a dead letter says why, and goes out when an operator sends it again', async (t) => {
  town.city.board.change({ actor: 'human-resources', faults: { garbage: 1 } })
  const files = [await platform.upload(), await platform.upload()] as const
  const pensioner = await town.apply(retirement(files))
  await town.until('the transfer waits for a person', async () =>
    (await town.running.ledger()).transfers.some(({ state }) => state === 'dead'),
  )

  const asOperator = { token: null, headers: { cookie: await logIn(), origin: url } }
  const { items } = (await platform.get('/ops/v1/dead-letters', asOperator)).json()
  t.match(items, [{ system: 'human-resources', operation: 'submitCase', submissionId: pensioner.id }])
  t.equal(items.length, 1)
  t.match(items[0].reason, /\S/)
  t.notMatch(items[0].reason, /11010519491231002X|张三/, 'no personal data in a reason')

  const retry = `/ops/v1/transfers/${items[0].id}/retry`
  t.equal((await platform.post(retry, { ...asOperator, body: {} })).status, 400, 'a reason is asked for')
  t.equal((await platform.post(retry, { body: { reason: 'x' } })).status, 401, 'a machine may not')

  town.city.board.change({ actor: 'human-resources', faults: { garbage: 0 } })
  const order = { ...asOperator, body: { reason: '部门系统维护已结束' }, key: 'again-1' }
  const sent = await platform.post(retry, order)
  t.equal(sent.status, 202)
  await town.rest()
  t.equal(await pensioner.state(), 'completed')
  const repeated = await platform.post(retry, order)
  t.equal(repeated.status, 200)
  t.strictSame(repeated.json(), sent.json(), 'whoever heard no answer hears it now')
  const again = await platform.post(retry, { ...asOperator, body: { reason: '再发一次' } })
  t.ok([404, 409].includes(again.status), 'what has gone out is not sent again')
  t.strictSame((await platform.get('/ops/v1/dead-letters', asOperator)).json().items, [])
  const revived = (await pensioner.events()).filter((type) => type === 'transfer.revived')
  t.equal(revived.length, 1)
  await town.agree(t)
})
