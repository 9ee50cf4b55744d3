// The adapter against a SOAP implementation that is not ours: the `soap` package, as the department's server and as
// its client, both made from the WSDL alone.

import { createServer } from 'node:http'
import soap from 'soap'
import t, { type Test } from 'tap'
import type { SoapSettings } from '../../adapters/department-soap/settings.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { failureOf } from '../support/failure.ts'
import { adapterFor, listening, startGateway } from './department-soap-stage.ts'

const namespace = 'http://focus.example.gov.cn'
const key = 'key-of-the-tests-01'
type Version = '1.1' | '1.2'
type Arguments = Record<string, string>
type Answers = Record<'setDataXmlToFocus' | 'getDataXml', (given: Arguments) => unknown>

const parameters = {
  setDataXmlToFocus: ['deptCode', 'xml', 'tableName', 'identifyKey'],
  getDataXml: ['deptCode', 'tableName', 'key'],
}

function wsdl(version: Version, address: string): string {
  const binding = `http://schemas.xmlsoap.org/wsdl/soap${version === '1.1' ? '' : '12'}/`
  const names = Object.entries(parameters)
  const element = (name: string, members: readonly string[]) =>
    `<xs:element name="${name}"><xs:complexType><xs:sequence>${members
      .map((one) => `<xs:element name="${one}" type="xs:string"/>`)
      .join('')}</xs:sequence></xs:complexType></xs:element>`
  const message = (name: string) =>
    `<message name="${name}"><part name="parameters" element="t:${name}"/></message>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="Focus" targetNamespace="${namespace}" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="${namespace}" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:b="${binding}">
<types><xs:schema targetNamespace="${namespace}" elementFormDefault="qualified">
${names.map(([name, members]) => element(name, members) + element(`${name}Response`, ['return'])).join('')}</xs:schema></types>
${names.map(([name]) => message(name) + message(`${name}Response`)).join('')}
<portType name="FocusPort">${names.map(([name]) => `<operation name="${name}"><input message="t:${name}"/><output message="t:${name}Response"/></operation>`).join('')}</portType>
<binding name="FocusBinding" type="t:FocusPort"><b:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${names.map(([name]) => `<operation name="${name}"><b:operation soapAction="urn:${name}"/><input><b:body use="literal"/></input><output><b:body use="literal"/></output></operation>`).join('')}</binding>
<service name="FocusService"><port name="FocusPort" binding="t:FocusBinding"><b:address location="${address}"/></port></service></definitions>`
}

const settingsFor = (baseUrl: string, more: Partial<SoapSettings> = {}): SoapSettings => ({
  baseUrl,
  profile: 'ex-gdbs',
  namespace,
  exGdbs: { deptCode: 'D1', identifyKey: key, query: {} },
  ...more,
})

/** A department made of the `soap` package, and the adapter that is to talk to it. */
async function startDepartment(
  t: Test,
  version: Version,
  answers: Answers,
  more: Partial<SoapSettings> = {},
  authenticate?: (security: unknown) => boolean,
) {
  const http = createServer()
  const url = `${await listening(t, http)}/focus`
  const server = soap.listen(http, {
    path: '/focus',
    services: { FocusService: { FocusPort: answers } },
    xml: wsdl(version, url),
    ...(version === '1.2' ? { forceSoap12Headers: true } : {}),
  } as Parameters<typeof soap.listen>[1])
  if (authenticate) server.authenticate = authenticate
  const settings = settingsFor(url, { version, ...more })
  return { ...adapterFor(t, settings), url }
}

const well: Answers = {
  setDataXmlToFocus: () => ({ return: '编码：0,原因：成功' }),
  getDataXml: () => ({ return: '<ExInfo/>' }),
}

const taken = { ok: true, duplicate: false } as const

for (const version of ['1.1', '1.2'] as const) {
  const published = (address: string) => wsdl(version, address)

  t.test(`SOAP ${version}: their server reads every argument as we meant it`, async (t) => {
    const received: Arguments[] = []
    const { adapter, attempt } = await startDepartment(t, version, {
      ...well,
      setDataXmlToFocus(given) {
        received.push(given)
        return { return: '编码：0,原因：成功' }
      },
    })
    t.same(await adapter.outgoing.submitCase?.send(givens['case-online'], attempt), {})
    t.match(received, [{ deptCode: 'D1', tableName: 'EX_GDBS_SB', identifyKey: key }])
    t.match(received[0]?.xml, /<Field FieldName="SQRMC">张晓𬀩<\/Field>/)
    t.match(received[0]?.xml, /\?a=1&amp;b=2"/, 'the inner document is a document of its own')
  })

  t.test(`SOAP ${version}: an earlier try is looked for and found`, async (t) => {
    const { caseId } = givens['case-online']
    const found = `<ExInfo><standardInfo process="EX_GDBS_SB"><Field FieldName="SBLSH">${caseId}</Field><Field FieldName="SLHZH">R & 1</Field></standardInfo></ExInfo>`
    const { adapter, attempt } = await startDepartment(t, version, {
      ...well,
      getDataXml: ({ key }) => ({ return: key === caseId ? found.replace('&', '&amp;') : '<ExInfo/>' }),
    })
    t.same(await adapter.outgoing.submitCase?.find?.(givens['case-online'], attempt), { reference: 'R & 1' })
    t.equal(await adapter.outgoing.supplementCase?.find?.(givens.supplement, attempt), null)
  })

  t.test(`SOAP ${version}: their faults are named by what happens next`, async (t) => {
    const codes = version === '1.1' ? ['Client', 'Server'] : ['Sender', 'Receiver']
    for (const [index, kind] of (['rejected', 'unavailable'] as const).entries()) {
      const { adapter, attempt } = await startDepartment(t, version, {
        ...well,
        setDataXmlToFocus() {
          const code = { Value: `soap:${codes[index]}` }
          throw { Fault: { Code: code, Reason: { Text: `no: ${key}` } } }
        },
      })
      const failure = await failureOf(adapter.outgoing.submitCase?.send(givens['case-online'], attempt))
      t.match(failure, { kind, sent: true, code: codes[index] ?? '' })
      t.notMatch(failure?.message, key)
    }
  })

  t.test(`SOAP ${version}: a password digest of ours is theirs too`, async (t) => {
    const security = { scheme: 'username-digest', username: 'tongban', password: 'p<&"1' } as const
    const check = (written: unknown) => {
      const token = (written as { UsernameToken: Record<string, { $value?: string } | string> }).UsernameToken
      const value = (name: string) => {
        const one = token[name]
        return typeof one === 'string' ? one : (one?.$value ?? '')
      }
      const digest = soap.passwordDigest(value('Nonce'), value('Created'), security.password)
      return value('Username') === 'tongban' && value('Password') === digest
    }
    const { adapter, attempt } = await startDepartment(t, version, well, { security }, check)
    t.same(await adapter.outgoing.submitCase?.send(givens['case-online'], attempt), {})
    const other = { ...security, password: 'another' }
    const wrong = await startDepartment(t, version, well, { security: other }, check)
    const failure = await failureOf(
      wrong.adapter.outgoing.submitCase?.send(givens['case-online'], wrong.attempt),
    )
    t.ok(failure && failure.kind !== 'uncertain', failure?.message ?? 'no failure')
  })

  t.test(`SOAP ${version}: their client calls us, and understands our answer`, async (t) => {
    const settings = settingsFor('http://department.example/focus', { version })
    const gateway = await startGateway(t, settings, taken, published)
    const client = await clientOf(gateway, version)
    const [answer] = await client.setDataXmlToFocusAsync(report('EX_GDBS_SL', { SLZTDM: '1' }))
    t.same(answer, { return: '编码：0,原因：成功' })
    t.match(gateway.events, [{ type: 'case.accepted', caseId: 'case_1', at: '2026-11-23T09:00:00+08:00' }])
  })

  t.test(`SOAP ${version}: a refusal reaches their client as a sentence, or as a fault`, async (t) => {
    const refused = { ok: false, status: 409, code: 'conflict-state', detail: '办件已撤回 <1>' } as const
    const settings = settingsFor('http://department.example/focus', { version })
    const gateway = await startGateway(t, settings, refused, published)
    const client = await clientOf(gateway, version)
    const [answer] = await client.setDataXmlToFocusAsync(report('EX_GDBS_SL', { SLZTDM: '1' }))
    t.same(answer, { return: '编码：4,原因：办件已撤回 <1>' })
    client.addSoapHeader('<x:Route xmlns:x="urn:x" soap:mustUnderstand="1">1</x:Route>')
    await t.rejects(
      async () => client.setDataXmlToFocusAsync(report('EX_GDBS_SL', { SLZTDM: '1' })),
      /MustUnderstand/,
    )
  })

  t.test(`SOAP ${version}: their UsernameToken opens, another password does not`, async (t) => {
    const incoming = { verify: 'username-token', username: 'dept', password: 'right-password' } as const
    const settings = settingsFor('http://department.example/focus', { version, incoming })
    for (const passwordType of ['PasswordText', 'PasswordDigest']) {
      const gateway = await startGateway(t, settings, taken, published)
      const client = await clientOf(gateway, version)
      const options = { passwordType, hasNonce: true, mustUnderstand: true }
      client.setSecurity(new soap.WSSecurity('dept', 'right-password', options))
      await client.setDataXmlToFocusAsync(report('EX_GDBS_SL', { SLZTDM: '1' }))
      t.equal(gateway.events.length, 1, passwordType)
      client.setSecurity(new soap.WSSecurity('dept', 'wrong-password', options))
      await client.setDataXmlToFocusAsync(report('EX_GDBS_SL', { SLZTDM: '1' })).catch(() => undefined)
      t.match(gateway.failures, [{ kind: 'unauthorised' }], passwordType)
    }
  })
}

t.test('a check compares the published WSDL with the settings, and writes nothing', async (t) => {
  let calls = 0
  const counting = { ...well, setDataXmlToFocus: () => ({ return: String(++calls) }) }
  const good = await startDepartment(t, '1.1', counting)
  t.match(await good.adapter.check?.(good.attempt), { ok: true, summary: /凭证有效/ })
  const exGdbs = {
    deptCode: 'D1',
    identifyKey: key,
    set: {
      parameters: { deptCode: 'deptCode', xml: 'data', tableName: 'tableName', identifyKey: 'identifyKey' },
    },
    query: { operation: 'queryXml' },
  }
  const other = await startDepartment(t, '1.1', counting, { exGdbs, namespace: 'urn:other' })
  const { ok, summary } = (await other.adapter.check?.(other.attempt)) ?? { ok: true, summary: '' }
  t.notOk(ok)
  for (const what of [/data/, /queryXml/, /targetNamespace/]) t.match(summary, what)
  t.equal(calls, 0)
})

t.test('a check proves the credentials by asking for a case that nobody has', async (t) => {
  const asked: Arguments[] = []
  const answering = (text: string): Answers => ({
    ...well,
    getDataXml(given) {
      asked.push(given)
      return { return: text }
    },
  })
  const exGdbs = {
    deptCode: 'D1',
    identifyKey: key,
    query: {},
    answers: [{ code: '1', reason: '标识密钥错误', means: 'unauthorised' }],
  } as const
  const refused = await startDepartment(t, '1.1', answering('编码：1,原因：标识密钥错误'), { exGdbs })
  t.match(await failureOf(refused.adapter.check?.(refused.attempt)), { kind: 'unauthorised' })
  const strange = await startDepartment(t, '1.1', answering('编码：1,原因：查无此办件'), { exGdbs })
  t.match(await strange.adapter.check?.(strange.attempt), { ok: true, summary: /查询被拒.*查无此办件/ })
  t.match(asked, [{ key: /^case_0+$/ }, { key: /^case_0+$/ }], 'a number that no case has')

  const security = { scheme: 'username-digest', username: 'tongban', password: 'wrong' } as const
  const token = await startDepartment(t, '1.1', well, { security }, () => false)
  const failure = await failureOf(token.adapter.check?.(token.attempt))
  t.match(failure, { name: 'AdapterFailure', sent: true }, 'a password that is not theirs is no success')

  const { query: _, ...mute } = exGdbs
  const without = await startDepartment(t, '1.1', well, { exGdbs: mute })
  t.match(await without.adapter.check?.(without.attempt), { ok: true, summary: /凭证未验证/ })
})

function report(process: string, fields: Arguments): Arguments {
  const all = { SBLSH: 'case_1', SLSJ: '2026-11-23 09:00:00', ...fields }
  const written = Object.entries(all).map(([name, value]) => `<Field FieldName='${name}'>${value}</Field>`)
  const xml = `<ExInfo><standardInfo process="${process}">${written.join('')}</standardInfo></ExInfo>`
  return { deptCode: 'D1', xml, tableName: process, identifyKey: key }
}

type Client = soap.Client & { setDataXmlToFocusAsync(given: Arguments): Promise<unknown[]> }

async function clientOf({ url }: { url: string }, version: Version): Promise<Client> {
  const options = version === '1.2' ? { forceSoap12Headers: true } : {}
  return (await soap.createClientAsync(`${url}?wsdl`, options)) as Client
}
