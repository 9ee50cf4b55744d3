// SOAP faults: read into failures named by what happens next, and written for departments that call us.
// A fault's words reach a summary only masked.

import { AdapterFailure, type FailureKind } from '../../../src/adapter-kit/failures.ts'
import { maskText } from '../../../src/adapter-kit/masking.ts'
import type { XmlElement } from '../../../src/adapter-kit/xml.ts'
import type { XmlWriter } from '../xml/text.ts'
import { childOf, envelopeNamespaces, type SoapVersion } from './envelope.ts'

/**
 * Fault codes (local names) that say our credentials were refused: those of WS-Security 1.1, what CXF and
 * WSS4J say in place of any of them unless told otherwise, usual dotted forms. Of `MessageExpired` the clocks
 * are to blame: no retry mends them.
 */
export const usualAuthFaults = [
  'FailedAuthentication',
  'FailedCheck',
  'InvalidSecurityToken',
  'InvalidSecurity',
  'SecurityTokenUnavailable',
  'MessageExpired',
  'SecurityError',
  'Client.Authentication',
  'Client.Unauthorized',
] as const

const kinds: Readonly<Record<string, FailureKind>> = {
  Client: 'rejected',
  Sender: 'rejected',
  Server: 'unavailable',
  Receiver: 'unavailable',
  /** What WCF says of its own errors, under 500. */
  InternalServiceFault: 'unavailable',
  MustUnderstand: 'unrecognised',
  VersionMismatch: 'unrecognised',
  DataEncodingUnknown: 'unrecognised',
}

export function isFault({ name, namespace }: XmlElement): boolean {
  return name === 'Fault' && Object.values(envelopeNamespaces).includes(namespace)
}

/** @param hidden words that must not be repeated: persons of the content, our secrets */
export function faultFailure(
  fault: XmlElement,
  {
    authFaults,
    hidden,
    status,
  }: { authFaults: readonly string[]; hidden: readonly string[]; status?: number },
): AdapterFailure {
  const codes = codesOf(fault)
  const kind = kindOf(codes, authFaults)
  const [code = ''] = codes
  const said = maskText(reasonOf(fault), hidden)
  const written = code.slice(0, 60)
  return new AdapterFailure(kind, `部门返回 SOAP 错误 (SOAP fault) ${written}: ${said}`, {
    ...(status === undefined ? {} : { status }),
    ...(written ? { code: written } : {}),
  })
}

function kindOf(codes: readonly string[], authFaults: readonly string[]): FailureKind {
  if (codes.some((code) => authFaults.includes(code))) return 'unauthorised'
  const [code = ''] = codes
  const [first = ''] = code.split('.')
  return Object.hasOwn(kinds, first) ? (kinds[first] ?? 'unrecognised') : 'unrecognised'
}

/** Outermost first, without prefixes: `Client`, or `Sender` and its subcodes. */
function codesOf(fault: XmlElement): string[] {
  const single = childOf(fault, 'faultcode')
  if (single) return [localName(single.text)]
  const codes: string[] = []
  for (let code = childOf(fault, 'Code'); code; code = childOf(code, 'Subcode'))
    codes.push(localName(childOf(code, 'Value')?.text ?? ''))
  return codes
}

function localName(qualified: string): string {
  const trimmed = qualified.trim()
  return trimmed.slice(trimmed.indexOf(':') + 1)
}

function reasonOf(fault: XmlElement): string {
  const text = childOf(fault, 'faultstring')?.text ?? childOf(fault, 'Reason')?.children[0]?.text
  return text?.trim() ?? ''
}

export type FaultCode = 'Client' | 'Server' | 'MustUnderstand' | 'VersionMismatch'

const ofVersion12: Readonly<Record<FaultCode, string>> = {
  Client: 'Sender',
  Server: 'Receiver',
  MustUnderstand: 'MustUnderstand',
  VersionMismatch: 'VersionMismatch',
}

/** A fault as markup, with the HTTP status that the binding asks for. */
export function writeFault(
  { element, text }: XmlWriter,
  version: SoapVersion,
  code: FaultCode,
  reason: string,
): { status: number; markup: string } {
  if (version === '1.1') {
    const parts = element('faultcode', `soap:${code}`) + element('faultstring', text(reason))
    return { status: 500, markup: element('soap:Fault', parts) }
  }
  const value = element('soap:Code', element('soap:Value', `soap:${ofVersion12[code]}`))
  const said = element('soap:Reason', element('soap:Text', text(reason), { 'xml:lang': 'zh-CN' }))
  return { status: code === 'Client' ? 400 : 500, markup: element('soap:Fault', value + said) }
}
