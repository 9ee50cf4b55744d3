// `tongban system check`: what an operator is told of each way in which a system can be out of order.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { answering, type Behaviour } from '../../src/adapter-kit/conformance/server.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { freePort } from '../support/ports.ts'
import { houseBureau, pretend, SECRET, smallCity } from './system-city.ts'

const well: Behaviour = answering([{ body: { code: '1404', message: '未找到' } }])

t.test('a system in order: address, credentials, clock', async (t) => {
  const server = await pretend(t, well)
  const city = smallCity(t, houseBureau(server.origin))
  const { code, output } = await city.run(['system', 'check', 'bureau'])
  t.equal(code, 0, output)
  t.match(output, /bureau {2}园林局 · Parks Bureau {2}\(department-rest\)/)
  t.match(output, `✔ 地址 address       ${server.origin}`)
  t.match(output, /✔ 凭证 credentials/)
  t.match(output, /✔ 时钟 clock .*the same as ours/)
  t.match(output, /– 证书 TLS .*is not encrypted/)
  t.notMatch(output, SECRET)
})

const wrongs: [string, Behaviour, RegExp[]][] = [
  ['refused credentials', answering([{ status: 401 }]), [/✔ 地址/, /✘ 凭证 .*401\n.*凭证被拒绝/]],
  ['its own fault', answering([{ status: 500 }]), [/✘ 应答 .*500\n.*对方故障/]],
  ['asked to slow down', answering([{ status: 429 }]), [/✘ 应答 .*429\n.*放慢/]],
  [
    'not the interface',
    answering([{ status: 200, body: '<html></html>' }]),
    [/✘ 应答/, /unrecognised|markup/],
  ],
  ['not found', answering([{ status: 404, body: {} }]), [/✘ 应答 .*404\n.*拒绝/]],
  ['no whole answer', (response) => response.destroy(), [/✘ 地址 .*no whole answer.*\n.*没有完整应答/]],
]

for (const [what, behaviour, rules] of wrongs) {
  t.test(`${what} is told in a sentence, and the status is 1`, async (t) => {
    const city = smallCity(t, houseBureau((await pretend(t, behaviour)).origin))
    const { code, output } = await city.run(['system', 'check', 'bureau'])
    t.equal(code, 1)
    for (const rule of rules) t.match(output, rule)
    t.notMatch(output, /\n\s+at /)
  })
}

t.test('nobody there is told in a sentence', async (t) => {
  const city = smallCity(t, houseBureau(`http://127.0.0.1:${await freePort()}`))
  const { code, output } = await city.run(['system', 'check', 'bureau'])
  t.equal(code, 1)
  t.match(output, /✘ 地址 .*ECONNREFUSED.*\n.*未能连通/)
})

t.test(
  'a clock that is off is told: by a minute a warning, by more than signatures bear a fault',
  async (t) => {
    for (const [seconds, code, mark] of [
      [90, 0, '!'],
      [-400, 1, '✘'],
    ] as const) {
      const date = new Date(Date.now() + seconds * 1_000).toUTCString()
      const server = await pretend(t, answering([{ headers: { date }, body: { code: '1404' } }]))
      const said = await smallCity(t, houseBureau(server.origin)).run(['system', 'check', 'bureau'])
      t.equal(said.code, code, said.output)
      t.match(said.output, new RegExp(`${mark} 时钟 clock .*[+-]\\d+ s from`))
    }
  },
)

t.test('all systems at once; one that offers no check is no fault', async (t) => {
  const city = smallCity(t, houseBureau((await pretend(t, answering([{ status: 401 }]))).origin))
  const { code, output } = await city.run(['system', 'check', '--all'])
  t.equal(code, 1)
  t.match(output, /^platform .*\n {2}– 地址 .*offers no check/m)
  t.match(output, /1 in order, 1 not/)
})

const unchecked = (baseUrl: string): string => `
title: { zh: 园林局, en: Parks Bureau }
adapter: department-rest
delivery: { timeoutMs: 2000 }
settings:
  baseUrl: ${baseUrl}
  answer: { code: $string(code) }
  codes: { "0": ok }
  operations: { submitCase: { send: { method: POST, path: /cases, body: { no: =caseId } }, honoursKey: true } }
`

t.test('without a check of its adapter the address is connected to, and nothing is asked', async (t) => {
  const server = await pretend(t, well)
  const { code, output } = await smallCity(t, unchecked(server.origin)).run(['system', 'check', 'bureau'])
  t.equal(code, 0, output)
  t.match(output, new RegExp(`✔ 地址 address +${server.origin}, connected in \\d+ ms`))
  t.match(output, /– 凭证 credentials .*offers no check before `check` is set/)
  t.equal(server.received.length, 0)
})

t.test(
  'without a check of its adapter an address that nobody is at, or without TLS, is a fault',
  async (t) => {
    const plain = await pretend(t, well)
    for (const [address, reason] of [
      [`http://127.0.0.1:${await freePort()}`, 'ECONNREFUSED'],
      ['http://nobody.invalid', 'E[A-Z_]+'],
      [plain.origin.replace('http:', 'https:'), 'E[A-Z_0-9]+'],
    ]) {
      const { code, output } = await smallCity(t, unchecked(address!)).run(['system', 'check', '--all'])
      t.equal(code, 1, output)
      t.match(output, new RegExp(`✘ 地址 address +${address}: no connection \\(${reason}\\).*\n.*未能连通`))
      t.match(output, /1 in order, 1 not/)
    }
  },
)

t.test('a system that is not configured is told with the nearest', async (t) => {
  const city = smallCity(t, houseBureau('http://127.0.0.1:9'))
  const { code, output } = await city.run(['system', 'check', 'buraeu'])
  t.equal(code, 1)
  t.match(output, /There is no system buraeu .*did you mean bureau\?/)
})

const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
}

t.test(
  'days left of a certificate are told',
  { skip: hasOpenssl() ? false : 'no openssl on PATH' },
  async (t) => {
    for (const [days, mark] of [
      [10, '!'],
      [300, '✔'],
    ] as const) {
      const { key, cert, file } = certificate(t, days)
      const server = createServer({ key, cert }, (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"code":"1404"}'),
      )
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      t.teardown(() => server.close())
      const { port } = server.address() as AddressInfo
      const city = smallCity(t, houseBureau(`https://127.0.0.1:${port}`))
      const { code, output } = await city.run(['system', 'check', 'bureau'], {
        env: { NODE_EXTRA_CA_CERTS: file },
      })
      t.equal(code, 0, output)
      t.match(output, new RegExp(`${mark} 证书 TLS .*: ${days - 1} days left`))
    }
  },
)

t.test(
  'without a check of its adapter its certificate must be trusted, as for real requests',
  { skip: hasOpenssl() ? false : 'no openssl on PATH' },
  async (t) => {
    const { key, cert, file } = certificate(t, 300)
    const server = createServer({ key, cert })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.teardown(() => server.close())
    const city = smallCity(t, unchecked(`https://127.0.0.1:${(server.address() as AddressInfo).port}`))
    const asked = ['system', 'check', 'bureau']
    const trusted = await city.run(asked, { env: { NODE_EXTRA_CA_CERTS: file } })
    t.match(trusted, { code: 0, output: /✔ 地址 .*connected in/ })
    t.match(await city.run(asked), {
      code: 1,
      output: /✘ 地址 .*no connection \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    })
  },
)

function certificate(t: { teardown(action: () => void): void }, days: number) {
  const folder = temporaryFolder('certificate')
  t.teardown(() => removeFolder(folder))
  const [keyFile, file] = [`${folder}/key.pem`, `${folder}/cert.pem`]
  const asked = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', String(days)]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', keyFile, '-out', file, ...asked], {
    stdio: 'ignore',
  })
  return { key: readFileSync(keyFile), cert: readFileSync(file), file }
}
