// Certificates made here by the openssl of the machine, and a server that asks for the client's.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/ports.ts'

const absent = spawnSync('openssl', ['version']).status !== 0
/** For tests that need certificates: why they are skipped, or false. */
export const skip = absent ? 'no openssl on this machine to make certificates with' : false

export interface Certificate {
  cert: string
  key: string
}

interface Office {
  ca: Certificate
  /** A certificate of this authority; `days` may be negative: then it has ended. */
  issue(name: string, options?: { san?: string; ended?: boolean; passphrase?: string }): Certificate
}

export function openOffice(folder: string, name: string): Office {
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

/** Answers every request with `answer`; `names` are those of the clients' certificates. */
export async function startTls(
  t: { teardown(end: () => unknown): void },
  server: Certificate,
  ca: string,
  answer = '{"code":0,"no":"N-1"}',
) {
  const names: string[] = []
  const https = createServer(
    { ...server, ca, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      names.push(
        (request.socket as { getPeerCertificate?(): { subject: { CN: string } } }).getPeerCertificate?.()
          .subject.CN ?? '',
      )
      response.end(answer)
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

/** OpenSSL's own server: unlike Node's, it says by a TLS alert why it refuses a certificate. */
export async function startStrict(
  t: { teardown(end: () => unknown): void },
  folder: string,
  server: Certificate,
  ca: string,
  ...more: string[]
): Promise<number> {
  const port = await freePort()
  for (const [name, text] of Object.entries({ ...server, ca }))
    writeFileSync(join(folder, `strict-${name}`), text)
  const at = (name: string) => join(folder, `strict-${name}`)
  const files = ['-cert', at('cert'), '-key', at('key'), '-CAfile', at('ca')]
  const strict = ['-Verify', '2', '-verify_return_error', '-quiet', ...more]
  const child = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, ...files, ...strict], {
    stdio: 'ignore',
  })
  t.teardown(async () => {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  while (!(await listens(port))) await sleep(20)
  return port
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
