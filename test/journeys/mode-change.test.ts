// The applicant changes his mind about how, not about what: nothing is submitted again.

import t from 'tap'
import { newborn, platformAt, retirement } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t)
const platform = platformAt(town.running.url)
const say = (caseId: string | undefined, what: string, body: unknown) =>
  platform.post(`/v1/cases/${caseId}/${what}`, { body })

t.test('a pensioner who cannot come goes on online, and his case starts at once', async (t) => {
  const files = [await platform.upload(), await platform.upload()] as const
  const pensioner = await town.apply(
    retirement(files, { mode: 'appointment', appointment: { slot: '410204-2026-12-01-0930' } }),
  )
  t.equal(await pensioner.stateOf('retirement-approval'), 'pending')
  const approval = pensioner.cases['retirement-approval']
  t.equal((await say(approval, 'mode', { mode: 'online', reason: '行动不便' })).status, 202)

  await town.rest()
  t.equal(await pensioner.state(), 'completed')
  const events = await pensioner.events('retirement-approval')
  t.strictSame(events.slice(0, 2), ['case.mode-changed', 'case.dispatched'])
  await town.agree(t)
})

t.test('one matter of a restaurant moves to the counter, the others go on online', async (t) => {
  const upload = async (code: string) => ({ code, source: 'upload', materialId: await platform.upload() })
  const uploads = ['name-registration', 'lease', 'premises-layout', 'food-safety-rules', 'fire-safety-pledge']
  const owner = await town.apply(
    newborn({
      theme: 'open-restaurant',
      homeDivision: '410221',
      applicant: {
        type: 'person',
        name: '李四',
        idType: '111',
        idNumber: holderWith(),
        mobile: '13900139000',
      },
      situations: {},
      form: { shopName: '汴京小馆', premisesAddress: '鼓楼街 18 号', area: 120 },
      materials: [{ code: 'id-card', source: 'certificate' }, ...(await Promise.all(uploads.map(upload)))],
      delivery: { return: { by: 'hall' } },
    }),
  )
  const food = owner.cases['food-licence']
  const moved = await say(food, 'mode', {
    mode: 'appointment',
    reason: '想当面核对',
    appointment: { slot: '410221-2026-12-02-1000' },
  })
  t.equal(moved.status, 202, moved.body.toString())

  await town.until('the licence is there', async () => (await owner.stateOf('business-licence')) === 'closed')
  t.match((await platform.get(`/v1/cases/${food}`)).json(), {
    state: 'pending',
    mode: 'appointment',
    waits: [{ for: 'attendance' }],
  })
  t.equal((await say(food, 'appointment', { outcome: 'attended' })).status, 202)
  await town.rest()
  t.equal(await owner.state(), 'completed')
  t.ok(town.told().cases[food!]?.types.includes('case.mode-changed'))
  await town.agree(t)
})
