// What the schemas show is what they say: every example of every schema, whole documents and single members,
// is valid and holds nothing that is not described.

import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
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

t.test('an Ajv that knows nothing of us reads them all, when it is not strict', async (t) => {
  const ajv = new Ajv2020({ strict: false, logger: false })
  addFormats.default(ajv)
  for (const { text } of edges) ajv.addSchema(JSON.parse(text))
  for (const { name, text } of edges) {
    const { $id, examples } = JSON.parse(text)
    const check = ajv.getSchema($id)
    for (const one of examples) t.ok(check?.(one), `${name}: ${ajv.errorsText(check?.errors)}`)
  }
})

t.test('an example that contradicts its schema is found', async (t) => {
  t.match(faultsOf('transfer', { transferId: 'trf_1' }).join('\n'), /required.*"id".*transferId/s)
  t.match(faultsOf('case', 'accepted ', '/properties/state')[0], /allowed values/)
})
