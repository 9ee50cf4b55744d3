// A home changes hands at a hall far from it: a clerk takes the paper title in, the post brings it to the home
// division, and only then does the register decide.

import t from 'tap'
import { newborn, platformAt } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t)

t.test('the paper title travels by free post, and the case waits for it', async (t) => {
  const contract = await platformAt(town.running.url).upload()
  const buyer = await town.apply(
    newborn({
      theme: 'house-transfer',
      mode: 'agent',
      division: '410204',
      homeDivision: '410221',
      agent: { hall: '410204-01', window: '01', clerk: '王晓明' },
      applicant: {
        type: 'person',
        name: '赵六',
        idType: '111',
        idNumber: holderWith(),
        mobile: '13700137000',
      },
      situations: { transferKind: 'sale', hasPaperTitle: true, transferPower: false, transferGas: false },
      form: { houseAddress: '杞县金城大道 66 号 3 号楼 501 室', area: 88.5 },
      materials: [
        { code: 'id-card', source: 'certificate' },
        { code: 'title-deed-original', source: 'paper' },
        { code: 'sale-contract', source: 'upload', materialId: contract },
      ],
    }),
  )
  t.strictSame(Object.keys(buyer.cases), ['title-transfer', 'water-transfer'])

  await town.rest()
  t.equal(await buyer.state(), 'completed')
  const [parcel, ...others] = await buyer.read('parcels')
  t.strictSame(others, [])
  t.match(parcel, {
    direction: 'collect',
    state: 'delivered',
    materials: ['title-deed-original'],
    system: 'ems',
  })
  t.match(parcel?.customerNumber, '90000012343121', 'under the contract of the home division')
  const events = await buyer.events('title-transfer')
  t.ok(events.indexOf('parcel.delivered') < events.indexOf('case.dispatched'), `${events}`)
  t.ok(events.indexOf('parcel.ordered') < events.indexOf('parcel.collected'))
  const waybills = town.city.books().ems!.effects.filter(({ kind }) => kind === 'parcel')
  t.strictSame(
    waybills.map(({ reference, times }) => ({ reference, times })),
    [{ reference: parcel?.reference, times: 1 }],
  )
  await town.agree(t)
})
