// Runs the conformance kit over every folder of adapters/: adding an adapter adds its tests.

import t from 'tap'
import { adapterConformance } from '../../src/adapter-kit/conformance.ts'
import { adapterFolders, loadAdapters } from '../../src/adapter-kit/load.ts'

const adapters = new URL('../../adapters/', import.meta.url)
const only = process.argv[2]

t.test('every adapter can be loaded', async (t) => {
  const manifests = await loadAdapters([adapters])
  t.ok(manifests.has('department-rest'))
})

for (const folder of await adapterFolders(adapters)) {
  const name = folder.pathname.split('/').at(-2) ?? ''
  if (only && only !== name) continue
  t.test(name, (t) => adapterConformance(t, folder))
}
