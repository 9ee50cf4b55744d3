// A restaurant with two corrections and one refusal: what can be done is done, and what one matter yields is a material
// of the next.

import t from 'tap'
import { newborn, number, platformAt } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t, {
  sharesOf: {
    'market-regulation': { corrected: 1 },
    health: { denied: 1 },
  },
})
const platform = platformAt(town.running.url)
const owner = { type: 'person', name: '李四', idType: '111', idNumber: holderWith(), mobile: '13900139000' }
const upload = async (code: string) => ({ code, source: 'upload', materialId: await platform.upload() })
const uploads = ['name-registration', 'lease', 'premises-layout', 'food-safety-rules', 'fire-safety-pledge']

const restaurant = async (codes: readonly string[], change: Record<string, unknown>) =>
  newborn({
    externalId: number(),
    theme: 'open-restaurant',
    homeDivision: '410221',
    applicant: owner,
    situations: {},
    form: { shopName: '汴京小馆', premisesAddress: '鼓楼街 18 号', area: 120 },
    materials: [{ code: 'id-card', source: 'certificate' }, ...(await Promise.all(codes.map(upload)))],
    delivery: { return: { by: 'hall' } },
    ...change,
  })

t.test('two matters are corrected and given, the third is refused', async (t) => {
  const shop = await town.apply(
    await restaurant([...uploads, 'sanitation-report'], { situations: { hasTeaRoom: true } }),
  )
  await town.rest()
  t.equal(await shop.state(), 'partly-completed')
  t.equal(await shop.stateOf('sanitation-licence'), 'denied')
  for (const matter of ['business-licence', 'food-licence'])
    t.ok((await shop.events(matter)).includes('case.supplemented'), `${matter} was corrected`)
  await town.agree(t)
})

t.test('the licence of one matter is a material of the next, and nobody is asked for it', async (t) => {
  const shop = await town.apply(await restaurant(uploads, {}))
  await town.rest()
  const licence = (await platform.get(`/v1/cases/${shop.cases['business-licence']}`)).json().result
  const handed = (await shop.read('materials')).find(({ code }) => code === 'business-licence')
  t.match(handed, { source: 'result', certificate: { identifier: licence.number } })
  await town.agree(t)
})
