// POST /v1/certificates/query as a window uses it: what is asked of which registry, what the window is told, and what
// the log may say of it.

import { hash } from 'node:crypto'
import Fastify from 'fastify'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import type { CertificateFacts } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { certificateRoutes } from '../../src/certificates/routes.ts'
import { verdictIn, verdicts } from '../../src/certificates/verdicts.ts'
import type { AskSystem } from '../../src/delivery/questions.ts'
import { schemaComponents } from '../../src/docs/components.ts'
import { installOpenApi } from '../../src/docs/openapi.ts'
import { notFoundHandler, problemHandler } from '../../src/http/problems.ts'
import { fastifyLogging } from '../../src/operations/log.ts'
import { installAccess } from '../../src/security/access.ts'
import { compileSchemas } from '../../src/settings/schemas.ts'
import { accessSettings, client } from '../security/edge.ts'

const TYPE = '11100000000013338W011'
const IDENTIFIER = `1.2.156.3005.2.${TYPE}.11430000006122244L.20230000403.001.U`
const holder = { name: '李明', idType: '111', idNumber: '11010519491231002X' }
/** By the ledger's clock, wherever ours stands. */
const NOW = '2031-05-06T07:08:09.010Z'
const byHolder = { division: '410204', purpose: '办理食品经营许可证核发', certificateType: TYPE, holder }
const byIdentifier = { division: '410204', purpose: '核验证照真伪', identifier: IDENTIFIER }

const divisions = new Map([
  ['410204', { code: '410204', name: { zh: '鼓楼区', en: 'Gulou' }, aliases: ['410203'] }],
])

const licence: CertificateFacts = {
  identifier: IDENTIFIER,
  type: TYPE,
  name: '营业执照',
  number: '91410204MA9XYTK30F',
  holder: '李明',
  status: 'valid',
  validUntil: '2029-02-28',
}

t.test('a window may write its division as in a submission', async (t) => {
  const window = await openWindow(t, async () => [licence])
  for (const division of ['410204000000', '410204001', '410203', '４１０２０４'])
    t.equal((await window.ask({ ...byIdentifier, division })).statusCode, 200, division)
})

t.test('a window that asks by holder is told the registry’s verdict and its certificates', async (t) => {
  const window = await openWindow(t, async () => [licence])
  const answer = await window.ask({ ...byHolder, holder: { ...holder, idNumber: '11010519491231002ｘ' } })
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'no-store')
  t.match(answer.json(), {
    registry: 'registry',
    certificateType: TYPE,
    queriedAt: NOW,
    status: 'valid',
    meaning: { zh: '有效', en: 'Valid' },
    certificates: [licence],
  })
  t.same(compileSchemas()('certificate-answer')(answer.json()), [])
  t.same(window.asked, [
    [
      'registry',
      'searchCertificates',
      { holder, certificateType: TYPE, certificateName: '营业执照', purpose: byHolder.purpose },
    ],
  ])
})

t.test(
  'an identifier needs no type beside it, and a holder’s code makes it use by authorisation',
  async (t) => {
    const window = await openWindow(t, async () => ({ status: 'revoked' }))
    const answer = await window.ask({ ...byIdentifier, authCode: 'SQ-1' })
    t.match(answer.json(), { status: 'revoked', certificateType: TYPE, certificates: [] })
    const grant = { type: 'authorization', authCode: 'SQ-1' }
    t.same(window.asked, [
      ['registry', 'verifyCertificate', { identifier: IDENTIFIER, purpose: byIdentifier.purpose, grant }],
    ])
  },
)

t.test('the code of a certificate of another type than named is a slip, not a verdict', async (t) => {
  const window = await openWindow(t, async () => ({ ...licence, type: '11100000000013338W012' }))
  const asked = { division: '410204', purpose: '核验', certificateType: TYPE, qrcode: 'https://q/1' }
  t.same(await faults(window.ask(asked)), ['/certificateType certificate-type-wrong'])
})

t.test('a registry that refuses because of the certificate has given a verdict', async (t) => {
  for (const status of ['not-found', 'revoked', 'ambiguous', 'not-permitted', 'not-authorised'] as const) {
    const window = await openWindow(t, refusing('rejected', `certificate-${status}`))
    const answer = await window.ask(byHolder)
    t.equal(answer.statusCode, 200)
    t.match(answer.json(), { status, meaning: verdicts[status], certificates: [] })
  }
})

t.test('no certificate at all is not found; one good one among several is enough', async (t) => {
  const none = await openWindow(t, async () => [])
  t.match((await none.ask(byHolder)).json(), { status: 'not-found' })
  const several = await openWindow(t, async () => [{ ...licence, status: 'expired' }, licence])
  t.match((await several.ask(byHolder)).json(), { status: 'valid' })
  const bad = await openWindow(t, async () => [{ ...licence, status: 'suspended' }])
  t.match((await bad.ask(byHolder)).json(), { status: 'suspended' })
})

t.test('a registry that does not answer is no verdict', async (t) => {
  for (const kind of ['unavailable', 'uncertain', 'unrecognised', 'unauthorised', 'rejected'] as const) {
    const window = await openWindow(t, refusing(kind, '12'))
    const answer = await window.ask(byHolder)
    t.equal(answer.statusCode, 503, kind)
    t.match(answer.json(), { code: 'unavailable', detailZh: /证照库/ })
  }
  const busy = await openWindow(t, async () => {
    throw new AdapterFailure('throttled', 'busy', { retryAfterMs: 6_500 })
  })
  t.equal((await busy.ask(byHolder)).headers['retry-after'], '7')
})

t.test('what the window can mend is told at its field', async (t) => {
  const wrong = await openWindow(t, refusing('rejected', 'identifier-wrong'))
  t.same(await faults(wrong.ask(byIdentifier)), ['/identifier identifier-wrong'])
  const silent = await openWindow(t, refusing('rejected', 'cannot-answer'))
  t.same(await faults(silent.ask(byHolder)), ['/holder not-offered'])
})

t.test('every fault of a question is told at once, and nothing is asked', async (t) => {
  const window = await openWindow(t, async () => [])
  for (const [body, expected] of [
    [{}, ['/division required', '/purpose required', ' invalid-form']],
    [{ ...byHolder, purpose: 'x' }, ['/purpose too-short']],
    [{ ...byHolder, purpose: 'x'.repeat(201) }, ['/purpose too-long']],
    [{ ...byHolder, certificateType: '1' }, ['/certificateType invalid-form']],
    [{ ...byHolder, identifier: IDENTIFIER }, [' invalid-form']],
    [
      { ...byHolder, holder: { ...holder, idNumber: '110105194912310021' } },
      ['/holder/idNumber invalid-id-number'],
    ],
    [
      { ...byHolder, certificateType: '11100000000013338W099' },
      ['/certificateType unknown-certificate-type'],
    ],
    [{ ...byIdentifier, identifier: `${IDENTIFIER}1` }, ['/identifier invalid-form']],
    [{ ...byIdentifier, unknown: 1 }, ['/unknown unknown-field']],
  ] as const)
    t.same((await faults(window.ask(body))).sort(), [...expected].sort(), JSON.stringify(body).slice(0, 80))
  t.same(window.asked, [])
})

t.test('who may not ask is not answered', async (t) => {
  const window = await openWindow(t, async () => [licence])
  t.equal((await window.ask(byHolder, 'no-such-token')).statusCode, 401)
  t.equal((await window.ask({ ...byHolder, division: '410225' })).json().code, 'division-not-allowed')
  const stranger = await openWindow(t, async () => [licence], ['submissions:write'])
  t.equal((await stranger.ask(byHolder)).statusCode, 403)
  t.same(window.asked, [])
})

t.test('broken or ambiguous JSON is refused before it is read', async (t) => {
  const window = await openWindow(t, async () => [])
  t.equal((await window.ask('{"purpose":')).json().code, 'malformed-json')
  t.equal((await window.ask('{"purpose":"a","purpose":"b"}')).json().code, 'unsafe-json')
  t.equal((await window.ask(`{"purpose":"${'x'.repeat(20_000)}"}`)).statusCode, 413)
})

t.test('the log tells who asked why and with what verdict, never whose certificate it was', async (t) => {
  const window = await openWindow(t, async () => [licence])
  await window.ask({ ...byHolder, purpose: '李明 11010519491231002X 办理营业执照' })
  const [line] = window.lines
  t.match(line, {
    msg: 'certificate.queried',
    client: client.id,
    division: '410204',
    registry: 'registry',
    certificateType: TYPE,
    by: 'holder',
    purpose: '*** *** 办理营业执照',
    status: 'valid',
    certificates: 1,
  })
  for (const personal of ['李明', '11010519491231002X', '91410204MA9XYTK30F', IDENTIFIER])
    t.notOk(JSON.stringify(window.lines).includes(personal))
})

t.test('a refusal of a registry is a verdict only with a word of ours', async (t) => {
  for (const word of Object.keys(verdicts))
    t.equal(verdictIn(new AdapterFailure('rejected', '', { code: `certificate-${word}` })), word)
  t.equal(verdictIn(new AdapterFailure('rejected', '', { code: 'certificate-toString' })), undefined)
  t.equal(verdictIn(new AdapterFailure('unavailable', '', { code: 'certificate-revoked' })), undefined)
})

t.test('the schema of the answer knows every verdict, and the docs show both schemas', async (t) => {
  const { CertificateAnswer } = schemaComponents()
  const { properties } = CertificateAnswer as { properties: { status: { enum: string[] } } }
  t.same([...properties.status.enum].sort(), Object.keys(verdicts).sort())
  const window = await openWindow(t, async () => [])
  const { paths } = (await window.app.inject('/openapi.json')).json()
  t.match(paths['/v1/certificates/query'].post, {
    security: [{ client: ['certificates:query'] }],
    requestBody: {
      content: { 'application/json': { schema: { $ref: '#/components/schemas/CertificateQuery' } } },
    },
  })
})

t.test('the examples of the docs are good', async (t) => {
  const { CertificateQuery, CertificateAnswer } = schemaComponents() as Record<
    string,
    { examples: unknown[] }
  >
  t.same(compileSchemas()('certificate-query')(CertificateQuery!.examples[0]), [])
  t.same(compileSchemas()('certificate-answer')(CertificateAnswer!.examples[0]), [])
})

const refusing = (kind: AdapterFailure['kind'], code: string) => async () => {
  throw new AdapterFailure(kind, '登记系统拒绝', { code })
}

async function faults(answer: Promise<{ json(): { errors?: { pointer: string; code: string }[] } }>) {
  return ((await answer).json().errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)
}

async function openWindow(
  t: Test,
  answer: (system: string, question: string, asked: unknown) => Promise<unknown>,
  scopes: typeof client.scopes = ['certificates:query'],
) {
  const lines: Record<string, unknown>[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const app = Fastify({ ...fastifyLogging(logger), forceCloseConnections: true })
  t.teardown(() => app.close())
  app.setErrorHandler(problemHandler)
  app.setNotFoundHandler(notFoundHandler)
  const tokenHashes = [hash('sha256', 'token', 'buffer')]
  installAccess(app, { ...accessSettings(), clients: [{ ...client, scopes, tokenHashes }] })
  await installOpenApi(app, { version: '1', publicUrl: 'https://tongban.example' })
  const asked: unknown[] = []
  const ask = ((...question: Parameters<typeof answer>) => {
    asked.push(question)
    return answer(...question)
  }) as AskSystem
  const inForce = () => ({ divisions })
  const type = { code: TYPE, name: { zh: '营业执照', en: 'Business licence' }, registry: 'registry' }
  await certificateRoutes(app, {
    ledger: { now: () => new Date(NOW) },
    ask,
    certificateTypes: new Map([[TYPE, type]]),
    catalogues: { inForce },
  })
  await app.ready()
  return {
    app,
    asked,
    lines,
    ask: (body: unknown, token = 'token') =>
      app.inject({
        method: 'POST',
        url: '/v1/certificates/query',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}
