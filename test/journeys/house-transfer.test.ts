// A home changes hands at a hall far from it: a clerk takes the paper title in, the post brings it to the home
// division, and only then does the register decide. Water and gas follow; the gas company's system is down for a day.

import t from 'tap'
import { watchDeadlines } from '../../src/supervision/deadlines.ts'
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

const FOR_EVER = 1e12

t.test("the gas company's system is down for a day: all else is done, and gas follows once", async (t) => {
  const { city, running } = town
  const inBooks = (actor: string) => city.books()[actor]!.effects.filter(({ kind }) => kind === 'case')
  const gasTransfer = async () => {
    const found = (await running.ledger()).transfers.filter(({ system }) => system === 'gas-company')
    t.equal(found.length, 1, 'there is one, and it stays the same one')
    return found[0]!
  }
  city.board.change({ actor: 'gas-company', faults: { downEveryMs: FOR_EVER, downForMs: FOR_EVER } })
  const contract = await platformAt(running.url).upload()
  const buyer = await town.apply(
    newborn({
      theme: 'house-transfer',
      mode: 'online',
      division: '410204',
      homeDivision: '410221',
      applicant: {
        type: 'person',
        name: '钱七',
        idType: '111',
        idNumber: holderWith(),
        mobile: '13700137001',
      },
      situations: { transferKind: 'sale', hasPaperTitle: false, transferPower: true, transferGas: true },
      form: { houseAddress: '杞县金城大道 66 号 3 号楼 502 室', area: 88.5, gasAccount: '60012345' },
      materials: [
        { code: 'id-card', source: 'certificate' },
        { code: 'title-deed', source: 'upload', materialId: await platformAt(running.url).upload() },
        { code: 'sale-contract', source: 'upload', materialId: contract },
      ],
    }),
  )
  t.strictSame(Object.keys(buyer.cases), [
    'title-transfer',
    'water-transfer',
    'power-transfer',
    'gas-transfer',
  ])
  const before = inBooks('natural-resources').length

  const others = ['title-transfer', 'water-transfer', 'power-transfer']
  for (const matter of others) {
    await town.until(`${matter} is closed`, async () => (await buyer.stateOf(matter)) === 'closed')
  }
  await town.until('gas has been tried in vain', async () => (await gasTransfer()).attempts >= 6)
  t.equal(await buyer.stateOf('gas-transfer'), 'pending')
  t.equal(await buyer.state(), 'open')

  await aDayPasses()
  const { attempts } = await gasTransfer()
  await town.until('it is tried again the next day', async () => (await gasTransfer()).attempts > attempts)
  t.match((await gasTransfer()).state, /due|leased/, 'a day of silence buries nothing')
  t.equal(await buyer.stateOf('gas-transfer'), 'pending')
  t.strictSame(inBooks('gas-company'), [], 'nothing has arrived there')
  t.equal(inBooks('natural-resources').length, before + others.length, 'and nothing went twice elsewhere')

  city.board.change({ actor: 'gas-company', faults: { downEveryMs: 0, downForMs: 0 } })
  await town.rest()
  t.equal(await buyer.state(), 'completed')
  t.match(
    inBooks('gas-company').map(({ key, times }) => ({ key, times })),
    [{ key: buyer.cases['gas-transfer'], times: 1 }],
    'it came exactly once',
  )
  await town.agree(t)
})

/** All that the ledger knows of this town's work is a day older, and the watch over limits makes its round. */
async function aDayPasses(): Promise<void> {
  const { ledger } = town.running.gateway
  await town.running.query("update submissions set received_at = received_at - interval '1 day'")
  await town.running.query(
    "update cases set updated_at = updated_at - interval '1 day', rings_on = rings_on - 1",
  )
  await town.running.query(`update transfers set created_at = created_at - interval '1 day',
    next_attempt_at = next_attempt_at - interval '1 day', settled_at = settled_at - interval '1 day'`)
  const faults: string[] = []
  const observer = { warned: () => undefined, fault: (message: string) => void faults.push(message) }
  const watch = watchDeadlines({ ledger, observer })
  await watch.round()
  await watch.close()
  if (faults.length > 0) throw new Error(faults.join('\n'))
}
