// What the schemas show is what they say: every example of every schema, whole documents and single members,
// is valid and holds nothing that is not described.

import t from 'tap'
import { readSchemas } from '../../src/settings/schemas.ts'
import { strictSchemas, subschemas } from '../support/strict-schemas.ts'

const faultsOf = strictSchemas()

/** What is asked and what is answered. */
const edges = readSchemas().filter(({ name }) => !name.includes('/'))

for (const { name, text } of readSchemas())
  t.test(`the examples of ${name} are what it describes`, async (t) => {
    for (const [pointer, { examples = [], example }] of subschemas(JSON.parse(text)))
      for (const one of [...(examples as unknown[]), ...(example === undefined ? [] : [example])])
        t.strictSame(
          faultsOf(name.replace('.schema.json', ''), one, pointer),
          [],
          `${pointer} ${JSON.stringify(one)}`,
        )
  })

t.test('everything that is asked or answered has an example as a whole', async (t) => {
  for (const { name, text } of edges) t.ok(JSON.parse(text).examples?.length > 0, name)
})

t.test('an example that contradicts its schema is found', async (t) => {
  t.match(faultsOf('transfer', { transferId: 'trf_1' }).join('\n'), /required.*"id".*transferId/s)
  t.match(faultsOf('case', 'accepted ', '/properties/state')[0], /allowed values/)
})
