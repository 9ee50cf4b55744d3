import { mkdir, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { loadAdapters } from '../../src/adapter-kit/load.ts'

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
