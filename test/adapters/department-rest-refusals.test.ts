// Each setting that makes no sense names itself as it is written, so that it can be shown with its line.

import t from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings } from '../../adapters/department-rest/settings.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { settingPointer } from '../../src/adapter-kit/wrong-setting.ts'
import { plain } from './department-rest-stage.ts'

const wrong = 'a.('
const tokenUrl = 'http://department.example/token'
const send = { method: 'POST', path: '/cases' } as const
const hmac = { scheme: 'hmac', key: 'k', secret: 's' } as const

const cases: [setting: string, settings: Partial<DepartmentSettings>][] = [
  [
    'operations.submitCase.send.body.no',
    { operations: { submitCase: { send: { ...send, body: { no: '=$code("nowhere", mode)' } } } } },
  ],
  ['answer.code', { answer: { code: '$readjson(x)' }, operations: { submitCase: { send } } }],
  [
    'operations.submitCase.send.body.no',
    { operations: { submitCase: { send: { ...send, body: { no: '$string(caseId)' } } } } },
  ],
  [
    'signing.token.fields.user',
    { signing: { ...hmac, token: { url: tokenUrl, fields: { user: '{keyy}' } } } },
  ],
  ['signing.token.value', { signing: { ...hmac, token: { url: tokenUrl, value: 'Bearer {accessToken}' } } }],
  ['answer.code', { answer: { code: wrong }, operations: { submitCase: { send } } }],
  ['operations.submitCase.answer.code', { operations: { submitCase: { send, answer: { code: wrong } } } }],
  [
    'operations.submitCase.send.path',
    { operations: { submitCase: { send: { ...send, path: `=${wrong}` } } } },
  ],
  [
    'operations.submitCase.send.query.a',
    { operations: { submitCase: { send: { ...send, query: { a: `=${wrong}` } } } } },
  ],
  [
    'operations.submitCase.send.body.list[1].no',
    { operations: { submitCase: { send: { ...send, body: { list: ['x', { no: `=${wrong}` }] } } } } },
  ],
  ['operations.submitCase.answer.code', { answer: {}, operations: { submitCase: { send } } }],
  ['incoming.caseId', { ...{ signing: hmac }, incoming: { caseId: wrong } }],
  ['incoming', { incoming: { caseId: 'no' } }],
  ['polling.request', { polling: { items: 'rows' } }],
  ['polling.items', { polling: { request: { method: 'GET', path: '/' } } }],
  ['listing.id', { listing: { request: { method: 'GET', path: '/' }, items: 'rows' } }],
  ['signing.tokenUrl', { signing: { scheme: 'oauth2', key: 'k', secret: 's' } }],
  ['signing.secret', { signing: { scheme: 'bearer' } }],
  ['signing.canonical', { signing: { ...hmac, canonical: '{appKey}' } }],
  ['signing.secretEncoding', { signing: { ...hmac, secretEncoding: 'base64', secret: '***' } }],
  ['incoming.signing.canonical', { incoming: { caseId: 'no', signing: { ...hmac, canonical: '{x}' } } }],
  ['signing.envelope.privateKey', { signing: { scheme: 'sm2-sm4', key: 'k', secret: 's' } }],
]

t.test('a setting that makes no sense is told by its place', async (t) => {
  for (const [setting, settings] of cases) {
    try {
      manifest.create({ ...plain, ...settings })
      t.fail(setting)
    } catch (error) {
      t.ok(error instanceof AdapterFailure)
      const failure = error as AdapterFailure
      t.equal(failure.setting, setting)
      t.ok(failure.message.startsWith(`${setting}: `), failure.message)
      t.equal(failure.sent, false)
    }
  }
})

t.test('its place is a pointer into the settings', async (t) => {
  t.equal(
    settingPointer('operations.submitCase.send.body.list[1].a/b'),
    '/operations/submitCase/send/body/list/1/a~1b',
  )
  t.equal(settingPointer(''), '')
})
