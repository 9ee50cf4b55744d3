// Faults as the usual programs say them, and what happens next.

import t, { type Test } from 'tap'
import manifest from '../../adapters/department-soap/manifest.ts'
import { answering, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { failureOf } from '../support/failure.ts'

const settings = {
  profile: 'ex-gdbs',
  namespace: 'http://focus.example.gov.cn',
  exGdbs: { deptCode: 'D1', identifyKey: 'key-of-the-tests-01' },
} as const
const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/'
const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope'
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'

async function answeredWith(t: Test, fault: string, namespace = SOAP11) {
  const body = `<s:Envelope xmlns:s="${namespace}"><s:Body><s:Fault>${fault}</s:Fault></s:Body></s:Envelope>`
  const server = await startServer(
    answering([{ status: 500, headers: { 'content-type': 'text/xml' }, body }]),
  )
  const stage = setStage(manifest, { ...settings, baseUrl: 'http://department.example' }, server.origin)
  t.teardown(async () => {
    await stage.close()
    await server.close()
  })
  return failureOf(stage.adapter.outgoing.submitCase?.send(givens['case-online'], stage.attempt()))
}
const fault11 = (code: string, declared: string) =>
  `<faultcode xmlns:p="${declared}">p:${code}</faultcode><faultstring>a security error was encountered</faultstring>`

t.test(
  'whoever refuses our credentials pauses the system, in CXF’s one word or by the standard',
  async (t) => {
    t.match(await answeredWith(t, fault11('SecurityError', 'http://ws.apache.org/wss4j')), {
      kind: 'unauthorised',
      code: 'SecurityError',
    })
    for (const code of ['FailedAuthentication', 'FailedCheck', 'SecurityTokenUnavailable', 'MessageExpired'])
      t.match(await answeredWith(t, fault11(code, WSSE)), { kind: 'unauthorised', code })
  },
)

t.test('CXF says it below Sender in SOAP 1.2', async (t) => {
  const fault = `<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:n="http://ws.apache.org/wss4j">n:SecurityError</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">no</s:Text></s:Reason>`
  t.match(await answeredWith(t, fault, SOAP12), { kind: 'unauthorised' })
})

t.test('what WCF says of its own errors is tried again', async (t) => {
  const dispatcher = 'http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher'
  t.match(await answeredWith(t, fault11('InternalServiceFault', dispatcher)), { kind: 'unavailable' })
})
