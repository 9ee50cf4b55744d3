// What the schemas say is answered and told is what is answered and told, over the life of a whole family of cases.

import t from 'tap'
import { newborn, platformAt, retirement } from '../support/platform.ts'
import { strictSchemas } from '../support/strict-schemas.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t, { sharesOf: { 'human-resources': { corrected: 1 } } })
const platform = platformAt(town.running.url)
const faultsOf = strictSchemas()

t.test(
  'whatever is read of submissions and cases is as its schema says, and holds nothing else',
  async (t) => {
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
    const seen = new Map<string, number>()
    const fits = (schema: string, one: { type?: string; operation?: string }) => {
      t.strictSame(faultsOf(schema, one), [], `${schema} ${one.type ?? one.operation ?? ''}`)
      seen.set(schema, (seen.get(schema) ?? 0) + 1)
    }
    const lists = {
      events: 'entry',
      transfers: 'transfer',
      materials: 'material',
      parcels: 'parcel',
      custody: 'paper',
    }
    for (const { id: submissionId, cases } of [family, pensioner]) {
      const whole = `/v1/submissions/${submissionId}`
      fits('submission-status', (await platform.get(whole)).json())
      for (const id of Object.values(cases)) fits('case', (await platform.get(`/v1/cases/${id}`)).json())
      for (const [path, schema] of Object.entries(lists))
        for (const one of (await platform.get(`${whole}/${path}`)).json().items) fits(schema, one)
    }
    const { items } = (await platform.get('/v1/events?limit=1000')).json()
    for (const one of items) fits('event', one)
    t.ok(items.length > 30)
    // Nobody posts anything here.
    for (const schema of ['submission-status', 'case', 'entry', 'transfer', 'material'])
      t.ok(seen.get(schema), schema)
  },
)

t.test('every question of the contract says what it is answered with', async (t) => {
  const { paths } = (await platform.get('/openapi.json')).json()
  const silent = Object.entries<Record<string, Operation>>(paths).flatMap(([path, { get }]) => {
    const json = get?.responses['200']?.content?.['application/json']?.schema
    const others = Object.keys(get?.responses['200']?.content ?? {}).some(
      (type) => type !== 'application/json',
    )
    return get === undefined || others || (json && Object.keys(json).length > 0) ? [] : [path]
  })
  t.strictSame(silent, [])
})

interface Operation {
  responses: Record<string, { content?: Record<string, { schema?: object }> }>
}
