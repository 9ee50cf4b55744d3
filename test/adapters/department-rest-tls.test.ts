// Mutual TLS with real certificates, made here by the openssl of the machine; skipped by name where there is none.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings } from '../../adapters/department-rest/settings.ts'
import { cannedFiles } from '../../src/adapter-kit/conformance/stage.ts'
import type { Receipt } from '../../src/adapter-kit/contract.ts'
import { GIVEN_KEY, GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { TlsOptions } from '../../src/adapter-kit/http.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import { plain, type Tap } from './department-rest-stage.ts'
import { type Certificate, openOffice, skip, startStrict, startTls } from './tls-office.ts'

const unavailable = { name: 'AdapterFailure', kind: 'unavailable', sent: false }

async function submit(t: Tap, port: number, tls: TlsOptions): Promise<Receipt | undefined> {
  const settings: DepartmentSettings = {
    ...plain,
    baseUrl: `https://127.0.0.1:${port}`,
    tls,
    operations: { submitCase: { send: { method: 'POST', path: '/cases', body: '{ "no": caseId }' } } },
  }
  const client = systemHttpClient(manifest, settings, { timeoutMs: 3000, connections: 1 })
  t.teardown(() => client.close())
  const { signal } = new AbortController()
  return manifest.create(settings).outgoing.submitCase?.send(givens['case-online'], {
    signal,
    http: client.forAttempt(signal),
    key: GIVEN_KEY,
    number: 1,
    now: () => GIVEN_NOW,
    files: cannedFiles(),
  })
}

t.test('mutual TLS', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tongban-tls-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const city = openOffice(folder, 'city')
  const stranger = openOffice(folder, 'stranger')
  const client = city.issue('tongban-gateway')
  const mine = { ca: city.ca.cert, cert: client.cert, key: client.key }

  t.test(
    'the right certificates on both sides: a receipt, and the department knows who we are',
    async (t) => {
      const { names, port } = await startTls(t, city.issue('department'), city.ca.cert)
      t.same(await submit(t, port, mine), { reference: 'N-1' })
      t.same(names, ['tongban-gateway'])
    },
  )

  t.test('a key under a passphrase is opened with it', async (t) => {
    const { port } = await startTls(t, city.issue('department'), city.ca.cert)
    const sealed = city.issue('tongban-gateway', { passphrase: 'open sesame' })
    t.match(await submit(t, port, { ca: city.ca.cert, ...sealed, passphrase: 'open sesame' }), {
      reference: 'N-1',
    })
  })

  const wrong: [string, () => Certificate][] = [
    ['of another authority', () => stranger.issue('department')],
    ['that has ended', () => city.issue('department', { ended: true })],
    ['with another name', () => city.issue('department', { san: 'DNS:elsewhere.example' })],
  ]
  for (const [what, issue] of wrong) {
    t.test(`a department’s certificate ${what}: unavailable, and surely not sent`, async (t) => {
      const { names, port } = await startTls(t, issue(), city.ca.cert)
      await t.rejects(submit(t, port, mine), unavailable)
      t.same(names, [])
    })
  }

  t.test('a name that is agreed on stands for the address', async (t) => {
    const { port } = await startTls(t, city.issue('department', { san: 'DNS:dept.example' }), city.ca.cert)
    t.match(await submit(t, port, { ...mine, servername: 'dept.example' }), { reference: 'N-1' })
  })

  const refusedClients: [string, () => TlsOptions][] = [
    ['without a certificate of ours', () => ({ ca: city.ca.cert })],
    ['with one of another authority', () => ({ ca: city.ca.cert, ...stranger.issue('tongban-gateway') })],
    [
      'with one that has ended',
      () => ({ ca: city.ca.cert, ...city.issue('tongban-gateway', { ended: true }) }),
    ],
  ]
  for (const [what, tls] of refusedClients) {
    t.test(`${what} the department takes nothing, and it is a failure by name`, async (t) => {
      const { names, port } = await startTls(t, city.issue('department'), city.ca.cert)
      try {
        await submit(t, port, tls())
        t.fail('no failure')
      } catch (error) {
        const { kind, message } = error as { kind: string; message: string }
        t.ok(['unavailable', 'uncertain', 'unauthorised'].includes(kind), `${kind}: ${message}`)
      }
      t.same(names, [])
    })
    for (const version of ['-tls1_3', '-tls1_2']) {
      const kept = version === '-tls1_2' && what.startsWith('without')
      t.test(
        `${what}, told by a TLS alert (${version}): the system is paused, the case is kept`,
        async (t) => {
          const port = await startStrict(t, folder, city.issue('department'), city.ca.cert, version)
          const kinds = kept ? unavailable : { name: 'AdapterFailure', kind: 'unauthorised', sent: false }
          await t.rejects(submit(t, port, tls()), kinds)
        },
      )
    }
  }
})
