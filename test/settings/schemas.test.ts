// What start-up does not look at any more: that our own schemas are schemas.

import t from 'tap'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { ADAPTERS } from '../../src/commands/settings.ts'
import { createAjv, readSchemas } from '../../src/settings/schemas.ts'

t.test('every schema that is shipped is one, and refers to nothing that is not there', async (t) => {
  const ajv = createAjv({ validateSchema: true })
  const files = readSchemas()
  for (const { name, text } of files) ajv.addSchema(JSON.parse(text), name)
  for (const { name } of files) t.ok(ajv.getSchema(name), name)
})

t.test("so is every adapter's schema of settings", async (t) => {
  for (const { name, settings } of (await loadAdapters([ADAPTERS])).values())
    t.ok(createAjv({ validateSchema: true }).compile(settings), name)
})
