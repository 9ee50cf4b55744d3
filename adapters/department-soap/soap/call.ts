// One SOAP call: envelope out, the answer's element back, every fault named. No operation's meaning is known here.

import { encode } from '../../../src/adapter-kit/charset.ts'
import type { Attempt } from '../../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import type { HttpResponse } from '../../../src/adapter-kit/http.ts'
import { personsIn } from '../../../src/adapter-kit/masking.ts'
import { refusedXml, type XmlElement } from '../../../src/adapter-kit/xml.ts'
import { xmlTextOf } from '../xml/bytes.ts'
import { mediaTypes, readEnvelope, writeEnvelope } from './envelope.ts'
import { faultFailure, isFault } from './fault.ts'
import type { Line } from './line.ts'

interface SoapCall {
  operation: string
  /** In the order of the WSDL; the value is markup, the type what RPC/encoded calls it, empty for none. */
  parameters: readonly (readonly [name: string, markup: string, type?: string])[]
  /** What the call tells of, so that persons in it are not repeated. */
  content: unknown
  /** A fault is answered as the element that it is, to be read by whoever asked. */
  takesFaults?: boolean
}

/** Statuses under which SOAP sends faults. */
const faultStatuses = [400, 500]

/** The answer's element, `<operation>Response` unless agreed otherwise. @throws AdapterFailure */
export async function call(line: Line, soapCall: SoapCall, attempt: Attempt): Promise<XmlElement> {
  const body = encode(envelopeOf(line, soapCall, attempt.now()), line.charset)
  const target = attempt.http.target({ url: line.url })
  const response = await attempt.http
    .request({
      method: 'POST',
      url: line.url,
      headers: {
        ...line.sign({ method: 'POST', target, body, at: attempt.now() }),
        ...typesOf(line, soapCall.operation),
        'idempotency-key': attempt.key,
      },
      body,
      accept: faultStatuses,
    })
    .catch(unreadFault)
  return answerOf(line, soapCall, response)
}

function typesOf({ version, charset, action }: Line, operation: string): Record<string, string> {
  const type = `${mediaTypes[version]}; charset=${charset}`
  const said = JSON.stringify(action(operation))
  return version === '1.1'
    ? { 'content-type': type, soapaction: said, accept: 'text/xml' }
    : { 'content-type': said === '""' ? type : `${type}; action=${said}`, accept: 'application/soap+xml' }
}

/** Section 5 of SOAP 1.1, as Axis 1, NuSOAP and their time have it. */
const rpcEncoded = {
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'soap:encodingStyle': 'http://schemas.xmlsoap.org/soap/encoding/',
}

function envelopeOf(line: Line, { operation, parameters }: SoapCall, at: Date): string {
  const { writer, qualified, encoded, namespace, version, charset } = line
  const typed = (type = 'xsd:string') => (encoded && type !== '' ? { 'xsi:type': type } : {})
  const content = parameters
    .map(([name, markup, type]) => writer.element(qualified ? `d:${name}` : name, markup, typed(type)))
    .join('')
  const declared = { 'xmlns:d': namespace, ...(encoded ? rpcEncoded : {}) }
  const body = writer.element(`d:${operation}`, content, declared)
  return writeEnvelope(writer, version, charset, { header: line.header(at), body })
}

/** A page too large to be a fault is still the system's own fault when it came with 500. */
function unreadFault(error: unknown): never {
  if (error instanceof AdapterFailure && error.kind === 'unrecognised' && error.status === 500)
    throw new AdapterFailure('unavailable', error.message, { status: 500, cause: error })
  throw error
}

function answerOf(line: Line, asked: SoapCall, response: HttpResponse): XmlElement {
  const { operation, content, takesFaults } = asked
  const { status } = response
  const answer = faultStatuses.includes(status) ? faultOf(line, response) : read(line, response)
  if (isFault(answer)) {
    if (takesFaults) return answer
    const hidden = [...personsIn(content), ...line.secrets]
    throw faultFailure(answer, { authFaults: line.authFaults, hidden, status })
  }
  const agreed = line.answerTo(operation)
  if (answer.name !== agreed && agreed !== '*')
    throw refusedXml('不是所调用操作的应答 (answers another operation)')
  return answer
}

function read({ charset }: Line, { body, headers }: HttpResponse): XmlElement {
  const type = headers['content-type']
  if (typeof type === 'string' && /html|json/i.test(type))
    throw refusedXml('应答不是 XML (the answer is not XML)')
  return readEnvelope(xmlTextOf(body, headers, charset)).content
}

/** 400 and 500 without a readable fault mean what they mean everywhere else. */
function faultOf(line: Line, response: HttpResponse): XmlElement {
  const { status } = response
  const fault = readOrNothing(line, response)
  if (fault && isFault(fault)) return fault
  throw new AdapterFailure(status === 500 ? 'unavailable' : 'rejected', `POST answered ${status}`, { status })
}

function readOrNothing(line: Line, response: HttpResponse): XmlElement | undefined {
  try {
    return read(line, response)
  } catch {
    return undefined
  }
}
