// The setting `tls` is the same for every adapter over HTTP, and the kit gives it to the connection. What TLS itself
// refuses is proved for one of them in department-rest-tls.test.ts.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { cannedFiles } from '../../src/adapter-kit/conformance/stage.ts'
import type { AdapterManifest, Outgoing } from '../../src/adapter-kit/contract.ts'
import { GIVEN_KEY, GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { TlsOptions } from '../../src/adapter-kit/http.ts'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import { createAjv } from '../../src/settings/schemas.ts'
import { openOffice, skip, startTls } from './tls-office.ts'

const manifests = await loadAdapters([new URL('../../adapters/', import.meta.url)])

const overHttp = [
  'appointment-book-rest',
  'certificate-registry',
  'department-rest',
  'department-soap',
  'platform-rest',
  'postal-ems',
  'postal-sf',
  'rating-haochaping',
  'tracking-kuaidi100',
]

t.test('every adapter over HTTP takes the same `tls`', async (t) => {
  for (const name of overHttp) {
    const { properties } = manifests.get(name)!.settings as { properties: Record<string, unknown> }
    t.equal(properties.tls, tlsSchema, name)
  }
  const speaking = [...manifests.values()].filter(({ settings }) =>
    JSON.stringify(settings).includes('"format":"uri"'),
  )
  t.same(speaking.map(({ name }) => name).sort(), overHttp, 'and these are all')
})

t.test('an authority, a certificate with its key, or all of them', async (t) => {
  const validate = createAjv().compile(tlsSchema)
  for (const right of [
    {},
    { ca: 'PEM' },
    { cert: 'PEM', key: 'PEM' },
    { ca: 'PEM', servername: 'a.example' },
  ])
    t.ok(validate(right), JSON.stringify(right))
  for (const wrong of [{ cert: 'PEM' }, { key: 'PEM' }, { passphrase: 'x' }, { ca: '' }, { insecure: true }])
    t.notOk(validate(wrong), JSON.stringify(wrong))
})

interface Asked {
  name: string
  operation: 'notify' | 'recordService'
  answer: string
  content: unknown
  settings(origin: string): Record<string, unknown>
}

const asked: Asked[] = [
  {
    name: 'platform-rest',
    operation: 'notify',
    content: givens.notification,
    answer: '{}',
    settings: (origin) => ({
      callbacks: {
        url: `${origin}/events`,
        secrets: [`whsec_${Buffer.from('a-secret-of-thirty-two-bytes-yes').toString('base64')}`],
      },
    }),
  },
  {
    name: 'rating-haochaping',
    operation: 'recordService',
    content: givens.service,
    answer: '{"C-Response-Desc":"success"}',
    settings: (origin) => ({
      url: `${origin}/services`,
      appMark: 'kaifeng',
      appWord: 'word-of-the-tests',
      digest: 'sm3',
    }),
  },
]

t.test('a private authority and a certificate of ours', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tongban-tls-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const city = openOffice(folder, 'city')
  const ours = city.issue('tongban-gateway')
  for (const one of asked) {
    t.test(`${one.name} shows it, and is served`, async (t) => {
      const { names, port } = await startTls(t, city.issue('system'), city.ca.cert, one.answer)
      t.same(await send(t, one, port, { ca: city.ca.cert, cert: ours.cert, key: ours.key }), {})
      t.same(names, ['tongban-gateway'])
    })
    t.test(`${one.name} trusts nobody else's authority, and is not served without`, async (t) => {
      const { names, port } = await startTls(t, city.issue('system'), city.ca.cert, one.answer)
      await t.rejects(send(t, one, port, undefined), {
        name: 'AdapterFailure',
        kind: 'unavailable',
        sent: false,
      })
      await t.rejects(send(t, one, port, { ca: city.ca.cert }), { name: 'AdapterFailure' })
      t.same(names, [])
    })
  }
})

async function send(t: Test, one: Asked, port: number, tls: TlsOptions | undefined) {
  const manifest = manifests.get(one.name) as AdapterManifest
  const settings = { ...one.settings(`https://127.0.0.1:${port}`), ...(tls ? { tls } : {}) }
  t.ok(createAjv().compile(manifest.settings)(settings), 'settings that may be written')
  const client = systemHttpClient(manifest, settings, { timeoutMs: 3_000, connections: 1 })
  t.teardown(() => client.close())
  const { signal } = new AbortController()
  const outgoing = manifest.create(settings).outgoing[one.operation] as Outgoing<unknown>
  return outgoing.send(one.content, {
    signal,
    http: client.forAttempt(signal),
    key: GIVEN_KEY,
    number: 1,
    now: () => GIVEN_NOW,
    files: cannedFiles(),
  })
}
