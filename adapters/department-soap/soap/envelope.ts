// SOAP envelopes, 1.1 (W3C Note of 2000) and 1.2 (W3C Recommendation of 2007): written by hand, read strictly.
// Must not know what an operation means.

import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { readXml, refusedXml, type XmlElement } from '../../../src/adapter-kit/xml.ts'
import type { XmlWriter } from '../xml/text.ts'

export type SoapVersion = '1.1' | '1.2'

export const envelopeNamespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
}

/** Media type of each version, without its charset. */
export const mediaTypes: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'text/xml',
  '1.2': 'application/soap+xml',
}

/** @param header, body markup */
export function writeEnvelope(
  { element }: XmlWriter,
  version: SoapVersion,
  charset: string,
  parts: { header?: string; body: string },
): string {
  const header = parts.header ? element('soap:Header', parts.header) : ''
  const body = element('soap:Body', parts.body)
  const envelope = element('soap:Envelope', header + body, { 'xmlns:soap': envelopeNamespaces[version] })
  return `<?xml version="1.0" encoding="${charset.toUpperCase()}"?>\n${envelope}`
}

export interface Envelope {
  version: SoapVersion
  headers: readonly XmlElement[]
  /** The one element in the body: an operation, its answer, or a fault. */
  content: XmlElement
}

/** @throws AdapterFailure 'unrecognised'; code 'VersionMismatch' for an envelope of another SOAP */
export function readEnvelope(text: string): Envelope {
  const root = readXml(text)
  if (root.name !== 'Envelope') throw refusedXml('不是 SOAP 信封 (is no SOAP envelope)')
  const version = (['1.1', '1.2'] as const).find((one) => envelopeNamespaces[one] === root.namespace)
  if (!version) {
    const what = 'SOAP 版本无法识别 (the SOAP version is not known)'
    throw new AdapterFailure('unrecognised', what, { code: 'VersionMismatch' })
  }
  const parts = root.children.filter(({ namespace }) => namespace === root.namespace)
  const bodies = parts.filter(({ name }) => name === 'Body')
  const headers = parts.filter(({ name }) => name === 'Header')
  const content = bodies[0]?.children[0]
  if (bodies.length !== 1 || headers.length > 1 || !content || bodies[0]?.children.length !== 1)
    throw refusedXml('SOAP 信封不完整或有重复 (the envelope lacks a part or repeats one)')
  return { version, headers: headers[0]?.children ?? [], content }
}

/** The only child of that name. @throws AdapterFailure 'unrecognised' when it is repeated */
export function childOf(parent: XmlElement, name: string): XmlElement | undefined {
  const found = parent.children.filter((child) => child.name === name)
  if (found.length > 1) throw refusedXml(`元素 ${name.slice(0, 40)} 重复 (an element is repeated)`)
  return found[0]
}
