// What a manifest says of callbacks is what its adapter does: a configuration is refused or accepted by it.

import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { AdapterManifest } from '../../src/adapter-kit/contract.ts'
import { adapterFolders, loadAdapters } from '../../src/adapter-kit/load.ts'

const root = new URL('../../adapters/', import.meta.url)
const manifests = await loadAdapters([root])

async function takesNotify(manifest: AdapterManifest, settings: unknown): Promise<boolean> {
  const adapter = manifest.create(settings)
  await adapter.close?.()
  return adapter.outgoing.notify !== undefined || (adapter.inbox?.operations.includes('notify') ?? false)
}

for (const folder of await adapterFolders(root)) {
  const name = folder.pathname.split('/').at(-2) ?? ''
  const manifest = manifests.get(name)!
  if (manifest.kind !== 'department' && manifest.kind !== 'platform') continue
  t.test(`${name} says whether its samples’ system can be called back`, async (t) => {
    t.type(manifest.canNotify, 'function')
    const file = new URL('samples/settings.json', folder)
    if (!existsSync(file)) return
    const settings = JSON.parse(readFileSync(file, 'utf8'))
    t.equal(manifest.canNotify!(settings), await takesNotify(manifest, settings))
  })
}

t.test('settings that make the difference', async (t) => {
  const url = 'http://127.0.0.1:9'
  const hook = { send: { method: 'POST', path: '/hook', body: '$' } }
  const rest = { baseUrl: url, answer: { code: '$string(status)' }, codes: { '1': 'ok' } }
  const rows: [adapter: string, settings: object, can: boolean][] = [
    ['platform-rest', {}, false],
    ['platform-rest', { callbacks: { url, preset: 'guangdong-sb' } }, true],
    ['department-rest', { ...rest, operations: {} }, false],
    ['department-rest', { ...rest, operations: { notify: hook } }, true],
    ['department-inbox', {}, false],
    ['department-inbox', { notify: true }, true],
  ]
  for (const [adapter, settings, can] of rows) {
    const manifest = manifests.get(adapter)!
    t.equal(manifest.canNotify!(settings), can, adapter)
    t.equal(await takesNotify(manifest, settings), can, adapter)
  }
})

t.test('who proves no sender needs clients that push', async (t) => {
  const rest = manifests.get('department-rest')!
  t.equal(rest.needsPushClients!({ incoming: { verify: false } }), true)
  t.equal(rest.needsPushClients!({ incoming: {} }), false)
  t.equal(rest.needsPushClients!({}), false)
  t.equal(manifests.get('department-inbox')!.needsPushClients!({}), true)
})
