// The WSDL 1.1 of our own endpoint, document/literal and wrapped: what the settings read from a call, as the tools of
// the department's stack want to see it. Must say nothing secret: names and addresses only.

import { xmlWriter } from '../xml/text.ts'
import type { SoapVersion } from './envelope.ts'

/** Elements by name, in order; one without members is text. */
export interface Elements {
  readonly [name: string]: Elements
}

interface Described {
  version: SoapVersion
  namespace: string
  qualified: boolean
  action: string
  operation: string
  parameters: Elements
  answer: Elements
  /** How the caller proves who it is, in a sentence. */
  note: string
}

const WSDL = 'http://schemas.xmlsoap.org/wsdl/'
const TRANSPORT = 'http://schemas.xmlsoap.org/soap/http'
const bindings: Readonly<Record<SoapVersion, string>> = {
  '1.1': `${WSDL}soap/`,
  '1.2': `${WSDL}soap12/`,
}

const { element, text } = xmlWriter('utf-8')

/** @param address where the gateway is called */
export function writeWsdl(described: Described, address: string): string {
  const { version, namespace, operation, note } = described
  const answer = `${operation}Response`
  const document = element(
    'wsdl:definitions',
    element('wsdl:documentation', text(note)) +
      element('wsdl:types', schemaOf(described, answer)) +
      messageOf(operation) +
      messageOf(answer) +
      element('wsdl:portType', portOf(operation, answer), { name: 'EventsPort' }) +
      element('wsdl:binding', boundOf(described), { name: 'EventsBinding', type: 'tns:EventsPort' }) +
      element('wsdl:service', servedAt(address), { name: 'EventsService' }),
    {
      'xmlns:wsdl': WSDL,
      'xmlns:soap': bindings[version],
      'xmlns:xs': 'http://www.w3.org/2001/XMLSchema',
      'xmlns:tns': namespace,
      targetNamespace: namespace,
      name: 'Events',
    },
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}`
}

function schemaOf({ namespace, qualified, operation, parameters, answer }: Described, answerName: string) {
  return element('xs:schema', elementOf(operation, parameters, {}) + elementOf(answerName, answer, {}), {
    targetNamespace: namespace,
    elementFormDefault: qualified ? 'qualified' : 'unqualified',
  })
}

/** The order is free when it is read; tools want one, so every element may be left out. */
function elementOf(name: string, members: Elements, attributes: Record<string, string>): string {
  const inner = Object.entries(members).map(([one, own]) =>
    Object.keys(own).length === 0
      ? element('xs:element', '', { name: one, type: 'xs:string', minOccurs: '0' })
      : elementOf(one, own, { minOccurs: '0', maxOccurs: 'unbounded' }),
  )
  const type = element('xs:complexType', element('xs:sequence', inner.join('')))
  return element('xs:element', type, { name, ...attributes })
}

const messageOf = (name: string) =>
  element('wsdl:message', element('wsdl:part', '', { name: 'parameters', element: `tns:${name}` }), { name })

const portOf = (operation: string, answer: string) =>
  element(
    'wsdl:operation',
    element('wsdl:input', '', { message: `tns:${operation}` }) +
      element('wsdl:output', '', { message: `tns:${answer}` }),
    { name: operation },
  )

function boundOf({ action, operation }: Described): string {
  const literal = element('soap:body', '', { use: 'literal' })
  const parts =
    element('soap:operation', '', { soapAction: action, style: 'document' }) +
    element('wsdl:input', literal) +
    element('wsdl:output', literal)
  return (
    element('soap:binding', '', { style: 'document', transport: TRANSPORT }) +
    element('wsdl:operation', parts, { name: operation })
  )
}

const servedAt = (address: string) =>
  element('wsdl:port', element('soap:address', '', { location: address }), {
    name: 'EventsPort',
    binding: 'tns:EventsBinding',
  })
