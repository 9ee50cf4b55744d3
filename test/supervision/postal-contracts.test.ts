// Orders of a county without a postal contract wait, and go out by themselves once it has one.

import t from 'tap'
import type { Rules } from '../../src/domain/decide.ts'
import { watchContracts } from '../../src/supervision/postal-contracts.ts'
import { certificate, material, rulesWith } from '../domain/life.ts'
import { openBooks, transfersOf } from '../ledger/books.ts'

const contract = { system: 'ems', customerNumber: '90000001' }
const missing = { missing: '杞县没有邮政寄递合同 (Qi County has no postal contract)' }
const withPaper = {
  materials: [certificate('C1'), material('M1', 'paper')],
  post: { collect: true, deliver: false },
}

t.test('an order waits for the contract of its county and goes out by itself', async (t) => {
  let inForce = false
  const postal: Rules['postal'] = (division) => (division === '410221' && !inForce ? missing : contract)
  const books = await openBooks(t, { rules: rulesWith({ postal }) })
  const [waiting, other] = [
    await books.take({ ...withPaper, homeDivision: '410221' }),
    await books.take({ ...withPaper, homeDivision: '410204' }),
  ]
  const order = async ({ submissionId }: typeof waiting) =>
    (await transfersOf(books, submissionId)).find((one) => one.operation === 'createOrder')
  t.match(await order(waiting), { state: 'dead', system: 'post' })
  t.match(await order(other), { state: 'due', system: 'ems' })

  const released: number[] = []
  const observer = {
    ordersReleased: ({ orders }: { orders: number }) => void released.push(orders),
    fault: (message: string) => t.fail(message),
  }
  const watch = watchContracts({ ledger: books.ledger, postal, observer })
  t.teardown(() => watch.close())
  t.equal(await watch.round(), 0, 'it still has none')
  t.match(await order(waiting), { state: 'dead' })
  inForce = true
  t.equal(await watch.round(), 1)
  t.match(await order(waiting), { state: 'due', system: 'ems' })
  t.match(await books.query(`select data from entries where type = 'transfer.revived'`), [
    { data: { by: 'gateway', reason: /合同/ } },
  ])
  t.equal(await watch.round(), 0)
})
