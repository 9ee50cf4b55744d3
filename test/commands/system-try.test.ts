// `tongban system try`: exactly what would be sent, and nothing leaves unless it is asked for.

import t from 'tap'
import { answering } from '../../src/adapter-kit/conformance/server.ts'
import type { Adapter, Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { clientCredentials } from '../../src/adapter-kit/signing.ts'
import type { Configured } from '../../src/commands/system/configured.ts'
import { rehearse } from '../../src/commands/system/rehearsal.ts'
import { houseBureau, pretend, SECRET, smallCity } from './system-city.ts'

const taken = answering([{ body: { code: '0', data: { projectNo: 'P-1' } } }])

t.test('the request is shown as text, secrets and signatures masked, and nothing is sent', async (t) => {
  const server = await pretend(t, taken)
  const city = smallCity(t, houseBureau(`${server.origin}/base`))
  const { code, output } = await city.run(['system', 'try', 'bureau', '--sample', 'case-online'])
  t.equal(code, 0, output)
  t.match(output, `POST ${server.origin}/base/api/v1/project/receive\n`)
  t.match(output, / {2}x-app-key: tongban\n/)
  t.match(output, / {2}x-signature: \*\*\* \(64 characters\)\n/)
  t.match(output, / {2}idempotency-key: trf_[0-9a-z]+\n/)
  t.match(output, / {4}"outerNo": "case_01kaqf3m2d0000000000000001",\n/)
  t.match(output, /Nothing was sent/)
  t.notMatch(output, SECRET)
  t.equal(server.received.length, 0)
})

t.test('a secret is masked wherever it stands: header, query, body', async (t) => {
  const spoken = `
  preset: house
  operations:
    withdrawCase: { send: { method: POST, path: "/w?token=${SECRET}", headers: { x-odd: "a ${SECRET}" }, body: { odd: "${SECRET}" } } }`
  const city = smallCity(t, houseBureau('http://127.0.0.1:9').replace('\n  preset: house', spoken))
  const { code, output } = await city.run(['system', 'try', 'bureau', '--sample', 'withdrawal'])
  t.equal(code, 0, output)
  t.match(output, /\/w\?token=\*\*\*/)
  t.match(output, /x-odd: a \*\*\*/)
  t.notMatch(output, SECRET)
})

t.test('a content of one’s own, from a file; a file that is broken is told with its position', async (t) => {
  const city = smallCity(t, houseBureau('http://127.0.0.1:9'))
  const content = { caseId: 'case_of_mine', reason: '自己的样例' }
  const file = city.write('mine.json', JSON.stringify(content))
  const asked = ['system', 'try', 'bureau', '--sample', file]
  t.match(await city.run(asked), { code: 1, output: /does not say what is to be done: add --operation/ })
  t.match(await city.run([...asked, '--operation', 'withdrawCase']), { code: 0, output: /case_of_mine/ })
  t.match(await city.run([...asked, '--operation', 'withdrawCsae']), {
    code: 1,
    output: /no operation withdrawCsae; did you mean withdrawCase\?/,
  })
  const broken = city.write('broken.json', '{ "a": 1,\n "caseId" "x" }')
  t.match(await city.run(['system', 'try', 'bureau', '--sample', broken]), {
    code: 1,
    output: /broken\.json is not JSON: .*position 20 \(line 2 column 11\)/,
  })
  t.match(await city.run(['system', 'try', 'bureau', '--sample', 'case-onlin']), {
    code: 1,
    output: /did you mean case-online\?/,
  })
})

t.test('a mapping that cannot be read is told with its position', async (t) => {
  const wrong = `
  preset: house
  operations:
    submitCase: { send: { method: POST, path: /x, body: "=$uppercase(applicant.name" } }`
  const city = smallCity(t, houseBureau('http://127.0.0.1:9').replace('\n  preset: house', wrong))
  const { code, output } = await city.run(['system', 'try', 'bureau', '--sample', 'case-online'])
  t.equal(code, 1)
  t.match(output, /✘ unrecognised: .*JSONata .* at \d+/)
  t.notMatch(output, /\n\s+at \//)
})

t.test('an operation that the system has not is told with those it has', async (t) => {
  const city = smallCity(t, houseBureau('http://127.0.0.1:9'))
  const { code, output } = await city.run(['system', 'try', 'bureau', '--sample', 'parcel-collect'])
  t.equal(code, 1)
  t.match(output, /bureau cannot createOrder; its operations: submitCase/)
})

t.test('what waits in an inbox is shown too', async (t) => {
  const inbox = 'title: { zh: 园林局, en: Parks }\nadapter: department-inbox\npushClients: [platform]\n'
  const city = smallCity(t, inbox)
  const { code, output } = await city.run(['system', 'try', 'bureau', '--sample', 'case-online'])
  t.equal(code, 0, output)
  t.match(output, /waits in its inbox/)
  t.match(output, /"caseId": "case_01kaqf3m2d0000000000000001"/)
})

t.test(
  'an adapter’s own sample is answered as it says, so that its outcome is seen without a system',
  async (t) => {
    const city = smallCity(t, houseBureau('http://127.0.0.1:9'))
    const sample = {
      title: 'x',
      operation: 'submitCase',
      given: 'case-agent',
      answer: { body: { code: '0' } },
      expect: {},
    }
    const file = city.write('sample.json', JSON.stringify(sample))
    const { code, output } = await city.run(['system', 'try', 'bureau', '--sample', file])
    t.equal(code, 0, output)
    t.match(output, /91410204MA9XYTK30F/)
    t.notMatch(output, /The attempt stops/)
  },
)

const oauth2 = `
title: { zh: 园林局, en: Parks Bureau }
adapter: department-rest
settings:
  baseUrl: http://127.0.0.1:9
  signing: { scheme: oauth2, key: city, secret: { env: BUREAU_SECRET }, tokenUrl: "http://127.0.0.1:9/token", clientAuthentication: client_secret_post }
  answer: { code: $string(code) }
  codes: { "0": ok }
  operations: { submitCase: { send: { method: POST, path: /cases, body: { no: =caseId, who: =applicant.name } }, honoursKey: true } }
`

t.test('with OAuth 2.0 the request that the token is for is shown', async (t) => {
  const { code, output } = await smallCity(t, oauth2).run([
    'system',
    'try',
    'bureau',
    '--sample',
    'case-online',
  ])
  t.equal(code, 0, output)
  t.match(output, 'POST http://127.0.0.1:9/token\n')
  t.match(output, 'POST http://127.0.0.1:9/cases\n')
  t.match(output, /"no": "case_01kaqf3m2d0000000000000001"/)
  t.notMatch(output, SECRET)
})

t.test('a token alone is no request: what fails after it is told', async (t) => {
  const url = 'http://127.0.0.1:9/token'
  const failure = new AdapterFailure('rejected', 'not fit to be sent', { sent: false })
  const send = async (_content: unknown, attempt: Attempt): Promise<never> => {
    await clientCredentials({ tokenUrl: url, clientId: 'c', clientSecret: 's' }).authorise(attempt)
    throw failure
  }
  const one = {
    system: { id: 'bureau', settings: { url } },
    manifest: {
      settings: { properties: { url: { type: 'string', format: 'uri' } } },
      create: () => ({ outgoing: { withdrawCase: { send } } }),
    },
  } as unknown as Configured
  const attempt = { now: () => new Date(), signal: new AbortController().signal } as Attempt
  const given = { operation: 'withdrawCase', content: givens.withdrawal, attempt } as const
  t.same(await rehearse(one, given), { failed: failure })
})

t.test(
  'an adapter that speaks over sockets of its own, a new one each time, is not tried without a preview',
  async (t) => {
    let sent = 0
    const send = async () => {
      sent += 1
      return { reference: 'P-1' }
    }
    const one = (preview?: Adapter['preview']) =>
      ({
        system: { id: 'bureau', settings: { host: '127.0.0.1', port: 9 } },
        manifest: {
          settings: { properties: { host: { type: 'string' }, port: { type: 'integer' } } },
          create: () => ({ outgoing: { withdrawCase: { send } }, ...(preview ? { preview } : {}) }),
        },
      }) as unknown as Configured
    const attempt = { now: () => new Date(), signal: new AbortController().signal } as Attempt
    const given = { operation: 'withdrawCase', content: givens.withdrawal, attempt } as const
    t.match(await rehearse(one(), given), { failed: { kind: 'rejected', message: /no preview/ } })
    t.same(
      await rehearse(
        one(async () => ['CH|…']),
        given,
      ),
      { preview: ['CH|…'] },
    )
    t.equal(sent, 0)
  },
)

const reporting = `
title: { zh: 园林局, en: Parks Bureau }
adapter: department-rest
settings:
  baseUrl: http://127.0.0.1:9
  signing: { scheme: none }
  answer: { code: $string(code) }
  codes: { "0": ok }
  statuses: { 已受理: case.accepted, 登记: null }
  incoming:
    as: form
    signing: { scheme: bearer, secret: { env: BUREAU_SECRET } }
    caseId: $readJson(biz).no
    status: $readJson(biz).zt
    time: $readJson(biz).sj
    acknowledge: { ok: { success: "true" }, failed: { success: "false", msg: "{detail}" } }
`

t.test('a message of the system’s own is read and answered, and nothing is recorded', async (t) => {
  const city = smallCity(t, reporting)
  const tried = (name: string, biz: object, secret = SECRET) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${secret}` }
    const body = `biz=${encodeURIComponent(JSON.stringify(biz))}`
    const file = city.write(name, JSON.stringify({ title: name, incoming: { headers, body } }))
    return city.run(['system', 'try', 'bureau', '--sample', file])
  }
  const good = await tried('good.json', { no: 'case_1', zt: '已受理', sj: '2026-11-23 9:05' })
  t.equal(good.code, 0, good.output)
  t.match(good.output, '✔ case.accepted\n')
  t.match(good.output, '"at": "2026-11-23T09:05:00+08:00"')
  t.match(good.output, '200 application/json; charset=utf-8\n  {"success":"true"}\n\nNothing was recorded')
  t.match(await tried('quiet.json', { no: 'case_1', zt: '登记', sj: '2026-11-23' }), {
    code: 0,
    output: /tells nothing that is tracked/,
  })
  t.match(await tried('unknown.json', { no: 'case_1', zt: '核查', sj: '2026-11-23' }), {
    code: 1,
    output: /✘ unrecognised \[核查\]: .*statuses/,
  })
  t.match(await tried('forged.json', { no: 'case_1' }, 'another'), { code: 1, output: /✘ unauthorised: / })
})

t.test('a platform’s submission is shown as it is understood', async (t) => {
  const city = smallCity(t, houseBureau('http://127.0.0.1:9'))
  const form = 'adapter: platform-rest\nsettings: { incoming: { fields: { externalId: sbh } } }\n'
  city.write('config/systems/platform.yaml', `title: { zh: 平台, en: Platform }\n${form}`)
  const file = city.write('theirs.json', JSON.stringify({ incoming: { body: { sbh: 'LK-1' } } }))
  const { code, output } = await city.run(['system', 'try', 'platform', '--sample', file])
  t.equal(code, 0, output)
  t.match(output, '"externalId": "LK-1"')
  t.match(output, 'sub_sample')
})

t.test('--send warns, sends once, and shows the receipt or why there is none', async (t) => {
  const server = await pretend(
    t,
    answering([
      { body: { code: '0', data: { projectNo: 'P-1' } } },
      { body: { code: '2001', message: '张晓𬀩 不在受理范围' } },
    ]),
  )
  const city = smallCity(t, houseBureau(server.origin))
  const asked = ['system', 'try', 'bureau', '--sample', 'case-online', '--send']
  const sent = await city.run(asked)
  t.equal(sent.code, 0, sent.output)
  t.match(sent.output, /⚠ This is now sent to the real system bureau/)
  t.match(sent.output, /✔ receipt · 回执: \{"reference":"P-1"\}/)
  t.equal(server.received.length, 1)
  const refused = await city.run(asked)
  t.equal(refused.code, 1)
  t.match(refused.output, /✘ rejected \[2001\]: .*\*\*\* 不在受理范围\n.*拒绝/)
})
