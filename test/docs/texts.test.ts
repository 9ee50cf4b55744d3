// The words that everybody outside reads: one form for ids and tags, Chinese punctuation in Chinese, nobody called "he".

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readSchemas } from '../../src/settings/schemas.ts'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

/** What pretends to be a department's system speaks as that does. */
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('sandbox/'))
  .map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }))
const schemas = readSchemas()

/** Lines of code with their place, without comments. */
const lines = [...sources, ...schemas].flatMap(({ name, text }) =>
  text
    .split('\n')
    .map((line, i) => ({ place: `${name}:${i + 1}`, line }))
    .filter(({ line }) => !/^\s*(\/\/|\/?\*)/.test(line)),
)
const placesOf = (wrong: RegExp): string[] =>
  lines.filter(({ line }) => wrong.test(line)).map(({ place, line }) => `${place} ${line.trim()}`)

t.test('every schema has its id below one address', async (t) => {
  for (const { name, text } of schemas)
    t.equal(JSON.parse(text).$id, `https://tongban.example/schemas/${name}`)
})

t.test('Chinese sentences have Chinese punctuation', async (t) => {
  const between = /\p{Script=Han}[,;:?!](?=[\p{Script=Han}'`$])|[\w}'`][,;:?!]\p{Script=Han}/u
  t.strictSame(placesOf(between), [])
})

t.test('tags are English and then Chinese', async (t) => {
  const tags = sources.flatMap(({ text }) =>
    [...text.matchAll(/\btags(?:: | = )\[(.+)\]/g)].flatMap(
      (one) => one[1]!.match(/'[^']*\p{Script=Han}[^']*'/gu) ?? [],
    ),
  )
  t.ok(tags.length > 15)
  for (const tag of tags) t.match(tag, /^'[A-Z][a-z]+ \p{Script=Han}+'$/u)
})

t.test('applicants are "they"', async (t) => {
  t.strictSame(placesOf(/['"`][^'"`]*\b(he|his|him|she|her)\b/), [])
})
