// Somebody opens a restaurant: a licence first, then all that needs it. Every department asks once for a better scan.

import t from 'tap'
import { newborn, platformAt } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t, { shares: { corrected: 1, special: 1 } })

t.test('a restaurant is opened, one matter after the other, each corrected once', async (t) => {
  const platform = platformAt(town.running.url)
  const upload = async (code: string) => ({ code, source: 'upload', materialId: await platform.upload() })
  const uploads = [
    'name-registration',
    'lease',
    'premises-layout',
    'food-safety-rules',
    'fire-safety-pledge',
    'sanitation-report',
  ]
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
      situations: { hasTeaRoom: true },
      form: { shopName: '汴京小馆', premisesAddress: '鼓楼街 18 号', area: 120 },
      materials: [{ code: 'id-card', source: 'certificate' }, ...(await Promise.all(uploads.map(upload)))],
    }),
  )
  t.strictSame(Object.keys(owner.cases), ['business-licence', 'food-licence', 'sanitation-licence'])

  await town.rest()
  t.equal(await owner.state(), 'completed')
  const whole = await town.running.query<{ case_id: string; type: string }>(
    'SELECT case_id, type FROM entries WHERE submission_id = $1 ORDER BY number',
    [owner.id],
  )
  const place = (matter: string, type: string) =>
    whole.findIndex((one) => one.case_id === owner.cases[matter] && one.type === type)
  for (const matter of ['food-licence', 'sanitation-licence'])
    t.ok(
      place('business-licence', 'case.approved') < place(matter, 'case.dispatched'),
      `${matter} waited for the business licence`,
    )
  for (const matter of Object.keys(owner.cases)) {
    const events = await owner.events(matter)
    const [asked, answered, done] = ['case.correction-requested', 'case.supplemented', 'case.closed'].map(
      (type) => events.indexOf(type),
    )
    t.ok(asked! > 0 && asked! < answered! && answered! < done!, `${matter}: ${events}`)
    t.ok(events.includes('case.special-procedure-started') && events.includes('case.special-procedure-ended'))
  }
  const supplements = (await owner.read('transfers')).filter((one) => one.operation === 'supplementCase')
  t.equal(supplements.length, 3)
  await town.agree(t)
})
