// What the schemas say is answered and told is what is answered and told, over the life of a whole family of cases.

import t from 'tap'
import { compileSchemas } from '../../src/settings/schemas.ts'
import { newborn, platformAt, retirement } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t, { sharesOf: { 'human-resources': { corrected: 1 } } })
const platform = platformAt(town.running.url)
const check = compileSchemas()

t.test('cases, transfers and events are as their schemas say', async (t) => {
  const family = await town.apply(
    newborn({
      applicant: {
        type: 'person',
        name: '李四',
        idType: '111',
        idNumber: holderWith(),
        mobile: '13900139000',
      },
    }),
  )
  const files = [await platform.upload(), await platform.upload()] as const
  const pensioner = await town.apply(retirement(files))
  await town.rest()
  const fits = (schema: string, one: { type?: string; operation?: string }) =>
    t.strictSame(check(schema)(one), [], `${schema} ${one.type ?? one.operation ?? ''}`)
  for (const { cases } of [family, pensioner])
    for (const id of Object.values(cases)) fits('case', (await platform.get(`/v1/cases/${id}`)).json())
  for (const application of [family, pensioner])
    for (const one of await application.read('transfers')) fits('transfer', one)
  const { items } = (await platform.get('/v1/events?limit=1000')).json()
  for (const one of items) fits('event', one)
  t.ok(items.length > 30)
})
