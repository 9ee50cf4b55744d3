import { mkdir, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { findAdapter, loadAdapters } from '../../src/adapter-kit/load.ts'

const whole =
  "{ name: 'a', kind: 'carrier', title: { zh: '甲', en: 'A' }, settings: {}, create: () => ({ outgoing: {} }) }"

async function folderWith(folder: string, adapters: Record<string, string | null>): Promise<URL> {
  for (const [name, manifest] of Object.entries(adapters)) {
    await mkdir(`${folder}/${name}`)
    if (manifest !== null) await writeFile(`${folder}/${name}/manifest.ts`, manifest)
  }
  return pathToFileURL(`${folder}/`)
}

t.test('a folder with a manifest is an adapter, and no list names it', async (t) => {
  const manifests = await loadAdapters([await folderWith(t.testdir({}), { a: `export default ${whole}` })])
  t.same([...manifests.keys()], ['a'])
})

t.test('a folder that cannot be loaded is named, with what is wrong', async (t) => {
  const cases: [Record<string, string | null>, RegExp][] = [
    [{ empty: null }, /\/empty\/manifest\.ts cannot be loaded/],
    [{ broken: 'export default {' }, /\/broken\/manifest\.ts cannot be loaded/],
    [{ none: 'export const x = 1' }, /\/none\/manifest\.ts: has no default export/],
    [{ b: `export default ${whole}` }, /\/b\/manifest\.ts: is named 'a', but its folder is 'b'/],
    [{ a: `export default ${whole.replace('carrier', 'drone')}` }, /kind must be one of/],
    [{ a: `export default ${whole.replace("en: 'A'", "en: ''")}` }, /title needs both/],
    [
      { a: `export default ${whole.replace(', create: () => ({ outgoing: {} })', '')}` },
      /create must be a function/,
    ],
  ]
  for (const [adapters, message] of cases) {
    await t.test(String(message), async (t) => {
      await t.rejects(loadAdapters([await folderWith(t.testdir({}), adapters)]), { message })
    })
  }
})

t.test('two adapters of one name are refused', async (t) => {
  const folder = await folderWith(t.testdir({}), { a: `export default ${whole}` })
  await t.rejects(loadAdapters([folder, folder]), { message: /another adapter is named 'a'/ })
})

t.test('an adapter elsewhere is found by its path, its package, or what its package says', async (t) => {
  const folder = t.testdir({
    own: { a: { 'manifest.js': `export default ${whole}` } },
    node_modules: {
      plain: { 'package.json': '{"type":"module"}', 'manifest.js': `export default ${whole}` },
      '@vendor': {
        told: {
          'package.json': '{"type":"module","tongban":{"adapter":"./lib/b.js"}}',
          lib: { 'b.js': `export default ${whole}` },
        },
      },
    },
    'package.json': '{"type":"module"}',
  })
  const from = pathToFileURL(`${folder}/`)
  for (const [reference, place] of [
    ['./own/a', 'own/a/'],
    ['./own/a/', 'own/a/'],
    ['plain', 'node_modules/plain/'],
    ['@vendor/told', 'node_modules/@vendor/told/lib/'],
    ['./node_modules/@vendor/told', 'node_modules/@vendor/told/lib/'],
  ] as const) {
    const found = await findAdapter(reference, from)
    t.same([found.manifest.name, found.folder.href], ['a', new URL(place, from).href], reference)
  }
})

t.test('an adapter elsewhere that cannot be found is told with what to do', async (t) => {
  const folder = t.testdir({
    empty: {},
    wrong: { 'manifest.js': `export default ${whole}` },
    node_modules: { odd: { 'package.json': '{' } },
    'package.json': '{"type":"module"}',
  })
  for (const [reference, message] of [
    ['./none', /There is no folder .*\/none\//],
    ['./empty', /has no manifest\.ts/],
    ['./wrong', /is named 'a', but its folder is 'wrong'/],
    ['nowhere', /nowhere is not installed: run "npm install nowhere"/],
    ['odd', /package\.json is not JSON/],
    ['No Such Thing', /neither a path/],
    ['node:fs', /neither a path/],
  ] as const)
    await t.rejects(findAdapter(reference, pathToFileURL(`${folder}/`)), { message }, reference)
})
