// `tongban system shadow`: a change of configuration is held against what was really handed over, and nothing is sent.

import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { answering } from '../../src/adapter-kit/conformance/server.ts'
import { migrateAll } from '../../src/commands/database.ts'
import { createDatabase } from '../support/database.ts'
import { startGateway } from '../support/gateway.ts'
import { houseBureau, pretend, smallCity, submission, TOKEN } from './system-city.ts'
import type { HowToRun } from './tongban.ts'

t.setTimeout(90_000)

const server = await pretend(t, answering([{ body: { code: '0', data: { projectNo: 'P-1' } } }]))
const city = smallCity(t, houseBureau(server.origin))
const database = await createDatabase(t, migrateAll)
const gateway = await startGateway({
  databaseUrl: database.url,
  configDir: city.configDir,
  dataDir: city.dataDir,
  env: { BUREAU_SECRET: city.env.BUREAU_SECRET!, PLATFORM_TOKEN: TOKEN, LOG_LEVEL: 'warn' },
})
t.teardown(() => gateway.stop())

async function submit(externalId: string): Promise<void> {
  const before = server.received.length
  const answer = await fetch(`${gateway.url}/v1/submissions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'idempotency-key': externalId,
    },
    body: JSON.stringify(submission(externalId)),
  })
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
  while (server.received.length === before) await sleep(20)
}

const inForce = readFileSync(`${city.configDir}/systems/bureau.yaml`, 'utf8')
const shadow = (yaml: string, ...more: string[]) => shadowWhile(undefined, yaml, ...more)
const shadowWhile = (meanwhile: HowToRun['meanwhile'], yaml: string, ...more: string[]) =>
  city.run(['system', 'shadow', 'bureau', '--with', city.write('next.yaml', yaml), ...more], {
    env: { DATABASE_URL: database.url },
    ...(meanwhile ? { meanwhile } : {}),
  })

for (const number of ['A-1', 'A-2', 'A-3']) await submit(number)
const handedOver = server.received.length

t.test('the same configuration makes the same requests, signatures and nonces aside', async (t) => {
  const { code, output } = await shadow(inForce)
  t.equal(code, 0, output)
  t.match(output, /compared 3, same 3, different 0, failed 0/)
})

t.test('--last takes the latest only', async (t) => {
  t.match(await shadow(inForce, '--last', '2'), { code: 0, output: /compared 2, same 2/ })
  t.match(await shadow(inForce, '--last', '0'), { code: 1, output: /--last must be a whole number from 1/ })
})

t.test('another address is a difference of the first line only', async (t) => {
  const { code, output } = await shadow(inForce.replace(server.origin, `${server.origin}/v2`), '--last', '1')
  t.equal(code, 0, output)
  t.match(output, `- POST ${server.origin}/api/v1/project/receive\n`)
  t.match(output, `+ POST ${server.origin}/v2/api/v1/project/receive\n`)
  t.equal(output.match(/^ {4}[-+] /gm)?.length, 2)
  t.match(output, /compared 1, same 0, different 1, failed 0/)
})

const mapped = inForce.replace(
  'preset: house',
  `preset: house
  operations:
    submitCase: { send: { method: POST, path: /api/v1/project/receive, body: { outerNo: "=caseId", who: "=applicant.name", phone: "=applicant.mobile", why: "=form.why" } } }`,
)

t.test('persons are masked unless they are asked for, and stay distinguishable', async (t) => {
  const hidden = await shadow(mapped, '--last', '1')
  t.equal(hidden.code, 0, hidden.output)
  for (const personal of ['王建国', '410204196603150017', '13903780000', '地铁施工占用'])
    t.notMatch(hidden.output, personal, personal)
  t.match(hidden.output, /\+ .*"who": "‹person (\d)›"/)
  t.match(hidden.output, /\+ .*"phone": "‹person (\d)›"/)
  const shown = await shadow(mapped, '--last', '1', '--reveal')
  for (const personal of ['王建国', '13903780000', '地铁施工占用']) t.match(shown.output, personal)
})

/** The same city under other configurations in force. */
const shadowFrom = async (before: string, after: string) => {
  city.write('config/systems/bureau.yaml', before)
  try {
    return await shadow(after)
  } finally {
    city.write('config/systems/bureau.yaml', inForce)
  }
}
const plainly = (signing: string, submitCase: string, charset = 'utf-8'): string => `
title: { zh: 园林局, en: Parks Bureau }
adapter: department-rest
settings:
  baseUrl: ${server.origin}
  charset: ${charset}
  signing: ${signing}
  answer: { code: $string(code) }
  codes: { "0": ok }
  operations: { submitCase: { send: { method: POST, path: /cases, ${submitCase} }, honoursKey: true } }
`

t.test('with OAuth 2.0 the requests that the token is for are compared', async (t) => {
  const oauth2 = `{ scheme: oauth2, key: city, secret: { env: BUREAU_SECRET }, tokenUrl: "${server.origin}/token" }`
  const before = plainly(oauth2, 'body: { no: =caseId }')
  const same = await shadowFrom(before, before)
  t.match(same.output, /compared 3, same 3, different 0, failed 0/)
  const { code, output } = await shadowFrom(before, plainly(oauth2, 'body: { number: =caseId }'))
  t.equal(code, 0, output)
  t.match(output, /- .*"no": "case_/)
  t.match(output, /\+ .*"number": "case_/)
  t.match(output, /compared 3, same 0, different 3, failed 0/)
  const scoped = plainly(oauth2.replace(' }', ' }, scope: cases'), 'body: { no: =caseId }')
  t.match(await shadowFrom(before, scoped), { code: 0, output: /\+ .*scope=cases/ })
})

t.test('persons in a GBK form are masked too', async (t) => {
  const none = '{ scheme: none }'
  const link = 'http://127.0.0.1:7800/v1/files/abc.def-ghi'
  const before = plainly(none, 'as: form, body: { no: =caseId }', 'gbk')
  const after = plainly(none, `as: form, body: { xm: =applicant.name, wj: "${link}" }`, 'gbk')
  const { code, output } = await shadowFrom(before, after)
  t.equal(code, 0, output)
  t.match(output, /\+ +xm=‹person \d›/)
  t.match(output, /\+ +wj=http:\/\/127\.0\.0\.1:7800\/v1\/files\/…\n/)
  for (const personal of ['王建国', '%CD%F5', 'abc.def']) t.notMatch(output, personal, personal)
})

t.test('what the new configuration cannot do fails the comparison', async (t) => {
  const other = 'title: { zh: 园林局, en: Parks }\nadapter: platform-rest\nsettings: {}\n'
  const { code, output } = await shadow(other, '--last', '1')
  t.equal(code, 1)
  t.match(output, /new · 新配置: rejected: bureau cannot submitCase/)
  t.match(output, /compared 1, same 0, different 0, failed 1/)
})

t.test('a file with faults is refused with its own name and position', async (t) => {
  const { code, output } = await shadow(inForce.replace('baseUrl:', 'baseUlr:'))
  t.equal(code, 1)
  t.match(output, /next\.yaml:\d+:\d+ \/settings/)
  t.match(output, /baseUlr/)
  t.notMatch(output, /\n\s+at /)
})

t.test('new transfers can be followed', async (t) => {
  const submitted = async (said: () => string): Promise<void> => {
    while (!said().includes('following bureau')) await sleep(20)
    await submit('A-4')
  }
  const { code, output } = await shadowWhile(submitted, inForce, '--follow', '4')
  t.equal(code, 0, output)
  t.match(output, /compared 1, same 1, different 0, failed 0/)
})

t.test('nothing was sent by any of it', async (t) => {
  t.equal(server.received.length, handedOver + 1)
})
