// What an applicant says of the way back is told on: to the department with the case, to the carrier with its order.

import t from 'tap'
import { orderBody } from '../../adapters/postal-ems/translate.ts'
import type { CaseContent, ParcelContent } from '../../src/adapter-kit/contract.ts'
import { type ComposeDocument, compose } from '../../src/delivery/compose.ts'
import { begin, material, matter, submission } from '../domain/life.ts'

const life = begin(submission({ cases: [matter('licence')], materials: [material('deed', 'paper')] }))
const counter = {
  name: '窗口',
  mobile: '037100000000',
  province: '河南省',
  city: '开封市',
  county: '杞县',
  address: '1 号',
}

const applicant = { type: 'person', name: '张三', idType: '111', idNumber: '1' } as const

function told<T>(operation: 'submitCase' | 'createOrder', document: ComposeDocument): T {
  const about =
    operation === 'submitCase' ? { case: life.state.cases[0]!.id } : { parcel: life.state.parcels[0]!.id }
  return compose({ ...life.state.transfers[0]!, operation, about } as Parameters<typeof compose>[0], {
    aggregate: life.state,
    document: { applicant, ...document },
    contract: () => ({ counter }) as never,
    certificateName: (type) => type,
    department: () => undefined,
  }) as T
}

t.test('a department is told how its result comes back, and at which hall', async (t) => {
  const of = (back: NonNullable<ComposeDocument['delivery']>['return']) =>
    told<CaseContent>('submitCase', { delivery: back ? { return: back } : {} }).resultReturn
  t.strictSame(of({ by: 'hall', hall: '410204-01' }), { by: 'hall', hall: '410204-01' })
  t.strictSame(of({ by: 'post', address: { address: '鼓楼街 1 号' } }), { by: 'post' }, 'no address')
  t.equal(of(undefined), undefined)
})

t.test('the post is given the postcode, where there is one', async (t) => {
  const address = { province: '河南省', city: '开封市', county: '鼓楼区', address: '鼓楼街 1 号' }
  const order = (more: object) => {
    const parcel = told<ParcelContent>('createOrder', {
      delivery: { collect: { address: { ...address, ...more } } },
    })
    const settings = { pickupType: {}, paymentMode: {} } as Parameters<typeof orderBody>[3]
    return orderBody(parcel, '1', new Date(0), settings)[0]!.sender
  }
  t.match(order({ postcode: '475000' }), { postCode: '475000', prov: '河南省', county: '鼓楼区' })
  t.notOk('postCode' in order({}))
})
