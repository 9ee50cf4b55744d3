// The WSDL 1.1 that the department's service publishes. Must stay a description of what index.ts takes.

import type { Wire } from './wire.ts'

export const operations = {
  setDataXmlToFocus: ['deptCode', 'xml', 'tableName', 'identifyKey'],
  getDataXml: ['deptCode', 'tableName', 'key', 'identifyKey'],
} as const
type OperationName = keyof typeof operations

const bindings = {
  '1.1': 'http://schemas.xmlsoap.org/wsdl/soap/',
  '1.2': 'http://schemas.xmlsoap.org/wsdl/soap12/',
} as const

/** @param address where the service is called */
export function wsdlOf({ version, namespace }: Wire, address: string): string {
  const names = Object.keys(operations) as OperationName[]
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="${bindings[version]}" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}" targetNamespace="${namespace}" name="FocusService">
<wsdl:types><xs:schema targetNamespace="${namespace}" elementFormDefault="qualified">${names.map(elementsOf).join('')}</xs:schema></wsdl:types>
${names.map(messagesOf).join('\n')}
<wsdl:portType name="FocusPort">${names.map(portOf).join('')}</wsdl:portType>
<wsdl:binding name="FocusBinding" type="tns:FocusPort"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>${names.map(boundOf).join('')}</wsdl:binding>
<wsdl:service name="FocusService"><wsdl:port name="FocusPort" binding="tns:FocusBinding"><soap:address location="${address}"/></wsdl:port></wsdl:service>
</wsdl:definitions>`
}

function elementsOf(name: OperationName): string {
  const asked = operations[name].map((one) => `<xs:element name="${one}" type="xs:string"/>`).join('')
  const told = '<xs:element name="return" type="xs:string"/>'
  return elementOf(name, asked) + elementOf(`${name}Response`, told)
}

const elementOf = (name: string, members: string) =>
  `<xs:element name="${name}"><xs:complexType><xs:sequence>${members}</xs:sequence></xs:complexType></xs:element>`

const messagesOf = (name: string) =>
  [name, `${name}Response`]
    .map(
      (one) =>
        `<wsdl:message name="${one}"><wsdl:part name="parameters" element="tns:${one}"/></wsdl:message>`,
    )
    .join('')

const portOf = (name: string) =>
  `<wsdl:operation name="${name}"><wsdl:input message="tns:${name}"/><wsdl:output message="tns:${name}Response"/></wsdl:operation>`

const boundOf = (name: string) =>
  `<wsdl:operation name="${name}"><soap:operation soapAction="urn:${name}"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>`
