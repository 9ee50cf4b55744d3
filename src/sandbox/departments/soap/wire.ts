// The SOAP and EX_GDBS forms as a department's own program knows them, written from their descriptions and not from the
// gateway's code, so that a mistake there is noticed here. Strict: what it does not expect it does not take.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import iconv from 'iconv-lite'

export type SoapVersion = '1.1' | '1.2'
export type Charset = 'utf-8' | 'gbk'

export interface Wire {
  version: SoapVersion
  charset: Charset
  namespace: string
}

const namespaces = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const

type Fields = Record<string, unknown>

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  htmlEntities: true,
  isArray: (name) => ['standardInfo', 'Field', 'ItemInfo'].includes(name),
})

/** Undefined for whatever is not one plain document. */
export function parseXml(text: string): Fields | undefined {
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) return undefined
  try {
    return parser.parse(text) as Fields
  } catch {
    return undefined
  }
}

export interface SoapRequest {
  operation: string
  arguments: Record<string, string>
}

/** The call in the bytes, or undefined. */
export function readCall(body: Buffer, contentType: string, wire: Wire): SoapRequest | undefined {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1]?.toLowerCase()
  const media = wire.version === '1.1' ? 'text/xml' : 'application/soap+xml'
  if (!contentType.startsWith(media) || charset !== wire.charset) return undefined
  const text = iconv.decode(body, wire.charset)
  if (!text.includes(`"${namespaces[wire.version]}"`) || !text.includes(`"${wire.namespace}"`))
    return undefined
  const envelope = parseXml(text)?.Envelope
  const inBody = isFields(envelope) && isFields(envelope.Body) ? Object.entries(envelope.Body) : []
  const [call] = inBody.filter(([name]) => !name.startsWith('@'))
  if (!call || !isFields(call[1])) return undefined
  const given = Object.entries(call[1]).filter(([name]) => !name.startsWith('@'))
  if (given.some(([, value]) => typeof value !== 'string')) return undefined
  return { operation: call[0], arguments: Object.fromEntries(given) as Record<string, string> }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** An envelope around markup, with the type it goes under. */
export function envelope(wire: Wire, markup: string): { type: string; body: Buffer } {
  const media = wire.version === '1.1' ? 'text/xml' : 'application/soap+xml'
  const head = `<?xml version='1.0' encoding='${wire.charset}'?>`
  const space = `xmlns:soapenv="${namespaces[wire.version]}"`
  const text = `${head}<soapenv:Envelope ${space}><soapenv:Header/><soapenv:Body>${markup}</soapenv:Body></soapenv:Envelope>`
  return { type: `${media};charset=${wire.charset}`, body: encodeXml(text, wire.charset) }
}

/** Rare characters that GBK lacks go as references. */
function encodeXml(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text)
  const legible = [...text].map((one) =>
    iconv.decode(iconv.encode(one, charset), charset) === one ? one : `&#${one.codePointAt(0)};`,
  )
  return iconv.encode(legible.join(''), charset)
}

export function operationMarkup(wire: Wire, name: string, given: Readonly<Record<string, string>>): string {
  const parts = Object.entries(given).map(([key, value]) => `<f:${key}>${escapeXml(value)}</f:${key}>`)
  return `<f:${name} xmlns:f="${wire.namespace}">${parts.join('')}</f:${name}>`
}

export function faultMarkup(wire: Wire, reason: string): string {
  const said = escapeXml(reason)
  return wire.version === '1.1'
    ? `<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>${said}</faultstring></soapenv:Fault>`
    : `<soapenv:Fault><soapenv:Code><soapenv:Value>soapenv:Sender</soapenv:Value></soapenv:Code><soapenv:Reason><soapenv:Text xml:lang="zh">${said}</soapenv:Text></soapenv:Reason></soapenv:Fault>`
}

/** A step as its inner document. */
export function infoMarkup(process: string, records: readonly Readonly<Record<string, string>>[]): string {
  const written = records.map((fields) => {
    const list = Object.entries(fields).map(
      ([name, value]) => `<Field FieldName='${name}'>${escapeXml(value)}</Field>`,
    )
    return `<standardInfo process="${process}">${list.join('')}</standardInfo>`
  })
  return `<ExInfo>${written.join('')}</ExInfo>`
}
