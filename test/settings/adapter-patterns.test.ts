// Whoever writes a setting wrongly is shown what a right one looks like, never a regular expression.

import { fileURLToPath } from 'node:url'
import t from 'tap'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { compileSchema } from '../../src/settings/schemas.ts'

type Schema = Record<string, unknown>

/** Every schema with a pattern, except below `not`, whose pattern is never told. */
function* patternsOf(schema: unknown, place: string): Generator<[string, Schema]> {
  if (typeof schema !== 'object' || schema === null) return
  if (!Array.isArray(schema) && typeof (schema as Schema).pattern === 'string')
    yield [place, schema as Schema]
  for (const [name, inner] of Object.entries(schema))
    if (name !== 'not') yield* patternsOf(inner, `${place}/${name}`)
}

t.test('every pattern of an adapter’s settings has an example that fits it', async (t) => {
  const adapters = await loadAdapters([new URL('../../adapters/', import.meta.url)])
  for (const [name, { settings }] of adapters) {
    for (const [place, { pattern, examples, 'x-form': form }] of patternsOf(settings, name)) {
      const [example] = (examples ?? []) as unknown[]
      t.ok(form !== undefined || example !== undefined, `${place} shows one`)
      if (example !== undefined) t.match(example, new RegExp(String(pattern), 'u'), place)
    }
  }
  t.ok(adapters.size > 5, fileURLToPath(new URL('../../adapters/', import.meta.url)))
})

t.test('the sentence shows it', async (t) => {
  const check = compileSchema({
    type: 'object',
    properties: { at: { type: 'string', pattern: '^/', examples: ['/a'] } },
  })
  t.match(check({ at: 'x' }), [
    { pointer: '/at', message: 'must be of a form such as /a', messageZh: '必须是形如 /a 的文本' },
  ])
})
