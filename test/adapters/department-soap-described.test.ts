// What WSDLs are good for, against the `soap` package: its client made from the WSDL that we publish, its server made
// from one of a simple department, and a WSDL file that spares settings.

import { createServer, type IncomingMessage } from 'node:http'
import soap from 'soap'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-soap/manifest.ts'
import type { PlainSettings, SoapSettings } from '../../adapters/department-soap/settings.ts'
import { answering, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { readXml } from '../../src/adapter-kit/xml.ts'
import { createAjv } from '../../src/settings/schemas.ts'
import { failureOf } from '../support/failure.ts'
import { adapterFor, listening, startGateway } from './department-soap-stage.ts'

const key = 'key-of-the-tests-01'
const taken = { ok: true, duplicate: false } as const
const exGdbs: SoapSettings = {
  baseUrl: 'http://department.example/focus',
  profile: 'ex-gdbs',
  namespace: 'http://focus.example.gov.cn',
  exGdbs: { deptCode: 'D1', identifyKey: key },
}

const reports: PlainSettings = {
  statuses: { '2': 'case.accepted', '3': 'case.correction-requested' },
  incoming: {
    each: 'list.report',
    eventId: 'no',
    caseId: 'serialNo',
    status: 'status',
    time: '$isoTime(time)',
    reason: 'remark',
    materials: '[missing.material.{ "code": code, "reason": why }]',
    acknowledge: { ok: { code: '0', text: 'ok' }, failed: { code: '{code}', text: '{detail}' } },
  },
}
const plain: SoapSettings = {
  baseUrl: 'http://old.example/ws',
  profile: 'plain',
  namespace: 'http://old.example/ws',
  plain: reports,
  incoming: { operation: 'reportEvents', username: 'dept', password: 'right-password' },
}

type Called = Record<string, (given: unknown) => Promise<unknown[]>>

async function clientFrom(url: string, version: '1.1' | '1.2'): Promise<soap.Client & Called> {
  const options = version === '1.2' ? { forceSoap12Headers: true } : {}
  return (await soap.createClientAsync(`${url}?wsdl`, options)) as soap.Client & Called
}

for (const version of ['1.1', '1.2'] as const) {
  t.test(`SOAP ${version}: their client is made from our WSDL and reports a step`, async (t) => {
    const gateway = await startGateway(t, { ...exGdbs, version }, taken)
    const client = await clientFrom(gateway.url, version)
    t.match(client.describe(), {
      EventsService: { EventsPort: { setDataXmlToFocus: { input: { xml: 'xs:string' } } } },
    })
    const fields = Object.entries({ SBLSH: 'case_1', SLZTDM: '1', SLSJ: '2026-11-23 09:00:00' })
    const written = fields.map(([name, value]) => `<Field FieldName='${name}'>${value}</Field>`).join('')
    const xml = `<ExInfo><standardInfo process="EX_GDBS_SL">${written}</standardInfo></ExInfo>`
    const [answer] = await client.setDataXmlToFocusAsync!({
      deptCode: 'D1',
      xml,
      tableName: 'EX_GDBS_SL',
      identifyKey: key,
    })
    t.same(answer, { return: '编码：0,原因：成功' })
    t.match(gateway.events, [{ type: 'case.accepted', caseId: 'case_1' }])
  })

  for (const parameters of ['qualified', 'unqualified'] as const) {
    t.test(`SOAP ${version}: so it is for a simple department, elements ${parameters}`, async (t) => {
      const gateway = await startGateway(t, { ...plain, version, parameters }, taken)
      const client = await clientFrom(gateway.url, version)
      client.setSecurity(new soap.WSSecurity('dept', 'right-password', { hasNonce: true }))
      const report = (no: string, more: object) => ({
        no,
        serialNo: 'case_1',
        time: '2026-11-23 09:00:00',
        ...more,
      })
      const [answer] = await client.reportEventsAsync!({
        list: {
          report: [
            report('1', { status: '2' }),
            report('2', {
              status: '3',
              remark: '不清晰',
              missing: { material: [{ code: 'm-1', why: '重拍' }, { code: 'm-2' }] },
            }),
          ],
        },
      })
      t.match(answer, { code: '0', text: 'ok' })
      t.match(gateway.events, [
        { id: '1', type: 'case.accepted' },
        {
          id: '2',
          type: 'case.correction-requested',
          detail: { materials: [{ code: 'm-1', reason: '重拍' }, { code: 'm-2' }] },
        },
      ])
    })
  }
}

t.test('our WSDL says every name that the settings read, and nothing that is secret', async (t) => {
  const told = manifest
    .create(plain)
    .incoming?.describe?.('https://gateway.example/v1/systems/d/events?a=1&b=2')
  const wsdl = String(told?.body)
  t.doesNotThrow(() => readXml(wsdl))
  for (const name of [
    'list',
    'report',
    'no',
    'serialNo',
    'status',
    'time',
    'remark',
    'missing',
    'material',
    'code',
    'why',
  ])
    t.match(wsdl, `<xs:element name="${name}"`)
  t.match(wsdl, 'location="https://gateway.example/v1/systems/d/events?a=1&amp;b=2"')
  t.match(wsdl, /UsernameToken/)
  t.notMatch(wsdl, /right-password/)
  t.notMatch(String(manifest.create(exGdbs).incoming?.describe?.('https://g.example').body), key)
})

/**
 * A simple department as a program of another stack describes it: bare answers with another name, an empty
 * SOAPAction.
 */
const registryWsdl = (address: string, action = '') => `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="Old" targetNamespace="http://old.example/service" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="http://old.example/service" xmlns:d="http://old.example/data" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:b="http://schemas.xmlsoap.org/wsdl/soap/">
<types><xs:schema targetNamespace="http://old.example/data">
<xs:element name="acceptProject"><xs:complexType><xs:sequence><xs:element name="serialNo" type="xs:string"/><xs:element name="item"><xs:complexType><xs:sequence><xs:element name="code" type="xs:string"/><xs:element name="name" type="xs:string"/></xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
<xs:element name="acceptResult"><xs:complexType><xs:sequence><xs:element name="code" type="xs:int"/><xs:element name="projectNo" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
</xs:schema></types>
<message name="In"><part name="parameters" element="d:acceptProject"/></message>
<message name="Out"><part name="parameters" element="d:acceptResult"/></message>
<portType name="OldPort"><operation name="acceptProject"><input message="t:In"/><output message="t:Out"/></operation></portType>
<binding name="OldBinding" type="t:OldPort"><b:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="acceptProject"><b:operation soapAction="${action}"/><input><b:body use="literal"/></input><output><b:body use="literal"/></output></operation></binding>
<service name="OldService"><port name="OldPort" binding="t:OldBinding"><b:address location="${address}"/></port></service></definitions>`

const accepting: PlainSettings = {
  answer: { code: 'code', reference: 'projectNo' },
  codes: { '0': 'ok' },
  operations: {
    submitCase: {
      operation: 'acceptProject',
      parameters: { serialNo: '=caseId', item: { code: '=matter.code', name: '=matter.name' } },
    },
  },
}

/** The department as a server of the `soap` package; what it was sent, with the SOAPAction of each call. */
async function startDepartment(t: Test, action = '') {
  const received: unknown[] = []
  const actions: unknown[] = []
  const http = createServer()
  const url = `${await listening(t, http)}/old`
  const acceptProject = (given: unknown, _told: unknown, _headers: unknown, request: IncomingMessage) => {
    received.push(given)
    actions.push(request.headers.soapaction)
    const type = { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', 'xsi:type': 'xsd:int' }
    return { code: { attributes: type, $value: 0 }, projectNo: 'P-1' }
  }
  soap.listen(http, {
    path: '/old',
    services: { OldService: { OldPort: { acceptProject } } },
    xml: registryWsdl(url, action),
  } as Parameters<typeof soap.listen>[1])
  return { url, received, actions }
}

t.test('a WSDL file gives namespace, form of elements, SOAPAction and the name of the answer', async (t) => {
  for (const action of ['', 'http://old.example/accept']) {
    const { url, received, actions } = await startDepartment(t, action)
    const wsdl = registryWsdl(url, action)
    const { adapter, attempt } = adapterFor(t, { baseUrl: url, profile: 'plain', wsdl, plain: accepting })
    const { caseId, matter } = givens['case-online']
    t.same(await adapter.outgoing.submitCase?.send(givens['case-online'], attempt), { reference: 'P-1' })
    t.match(received, [{ serialNo: caseId, item: { code: matter.code, name: matter.name } }])
    t.same(actions, [`"${action}"`])
    t.match(await adapter.check?.(attempt), { ok: true })
  }
})

t.test('without the file the settings say the same', async (t) => {
  const { url } = await startDepartment(t)
  const said: SoapSettings = {
    baseUrl: url,
    profile: 'plain',
    namespace: 'http://old.example/data',
    soapAction: '',
    parameters: 'unqualified',
    answerElement: 'acceptResult',
    plain: accepting,
  }
  for (const answerElement of ['acceptResult', '*']) {
    const { adapter, attempt } = adapterFor(t, { ...said, answerElement })
    t.same(await adapter.outgoing.submitCase?.send(givens['case-online'], attempt), { reference: 'P-1' })
  }
  const { answerElement: _, ...silent } = said
  const { adapter, attempt } = adapterFor(t, silent)
  const failure = await failureOf(adapter.outgoing.submitCase?.send(givens['case-online'], attempt))
  t.match(failure, { kind: 'unrecognised' }, 'an answer under another name is not guessed to be one')
})

t.test('an empty SOAPAction is left out of the media type of SOAP 1.2', async (t) => {
  const body =
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><acceptProjectResponse><code>0</code></acceptProjectResponse></s:Body></s:Envelope>'
  const server = await startServer(answering([{ headers: { 'content-type': 'application/soap+xml' }, body }]))
  t.teardown(() => server.close())
  const settings = {
    ...plain,
    baseUrl: server.origin,
    version: '1.2',
    soapAction: '',
    plain: accepting,
  } as const
  const { adapter, attempt } = adapterFor(t, settings)
  t.same(await adapter.outgoing.submitCase?.send(givens['case-online'], attempt), {})
  t.equal(server.received[0]?.headers['content-type'], 'application/soap+xml; charset=utf-8')
})

t.test(
  'settings may name a WSDL by address or as a document, and leave the namespace to the document',
  async (t) => {
    const validate = createAjv().compile(manifest.settings)
    const given = { baseUrl: 'http://old.example/ws', profile: 'plain', plain: {} }
    for (const wsdl of ['https://old.example/ws?wsdl', registryWsdl('http://old.example/ws')])
      t.ok(validate({ ...given, wsdl, soapAction: '' }), wsdl.slice(0, 20))
    for (const wsdl of ['focus.wsdl', 'file:///etc/passwd', '']) t.notOk(validate({ ...given, wsdl }), wsdl)
    t.throws(() => manifest.create({ ...given, profile: 'plain' }), { message: /namespace/ })
    t.throws(() => manifest.create({ ...given, profile: 'plain', wsdl: '<!DOCTYPE a><a/>' }), {
      message: /^wsdl: /,
    })
  },
)
