// Mutual TLS with real certificates, made here by the openssl of the machine; skipped by name where there is none.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
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

const absent = spawnSync('openssl', ['version']).status !== 0
const skip = absent ? 'no openssl on this machine to make certificates with' : false
const unavailable = { name: 'AdapterFailure', kind: 'unavailable', sent: false }

interface Certificate {
  cert: string
  key: string
}

interface Office {
  ca: Certificate
  /** A certificate of this authority; `days` may be negative: then it has ended. */
  issue(name: string, options?: { san?: string; ended?: boolean; passphrase?: string }): Certificate
}

function openOffice(folder: string, name: string): Office {
  const at = (file: string) => join(folder, `${name}-${file}`)
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  const read = (file: string) => readFileSync(at(file), 'utf8')
  run(
    'req',
    '-x509',
    ...newKey,
    '-nodes',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  )
  return {
    ca: { cert: read('ca.pem'), key: read('ca.key') },
    issue(subject, { san = 'IP:127.0.0.1', ended = false, passphrase } = {}) {
      const secrecy = passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`]
      run('req', ...newKey, ...secrecy, '-keyout', at('key'), '-out', at('csr'), '-subj', `/CN=${subject}`)
      writeFileSync(at('ext'), `subjectAltName=${san}\n`)
      const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('ext')]
      const life = ended ? ['-days', '-1'] : ['-days', '2']
      run('x509', '-req', '-in', at('csr'), '-out', at('crt'), ...signing, ...life)
      return { cert: read('crt'), key: read('key') }
    },
  }
}

async function startTls(t: Tap, server: Certificate, ca: string) {
  const names: string[] = []
  const https = createServer(
    { ...server, ca, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      names.push(
        (request.socket as { getPeerCertificate?(): { subject: { CN: string } } }).getPeerCertificate?.()
          .subject.CN ?? '',
      )
      response.end('{"code":0,"no":"N-1"}')
    },
  )
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve))
  t.teardown(
    () =>
      new Promise((resolve) => {
        https.close(resolve)
        https.closeAllConnections()
      }),
  )
  return { names, port: (https.address() as AddressInfo).port }
}

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
  }
})
