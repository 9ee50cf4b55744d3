// What all calls to one department share, made once from its settings. Keeps secrets only to say and to hide them.

import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import type { Charset } from '../../../src/adapter-kit/http.ts'
import { basic, bearer, type Signable } from '../../../src/adapter-kit/signing.ts'
import { wrongSetting } from '../../../src/adapter-kit/wrong-setting.ts'
import { readXml } from '../../../src/adapter-kit/xml.ts'
import type { SecuritySettings, SoapSettings } from '../settings.ts'
import { type XmlWriter, xmlWriter } from '../xml/text.ts'
import type { SoapVersion } from './envelope.ts'
import { usualAuthFaults } from './fault.ts'
import { usernameToken } from './username-token.ts'
import { type Described, describedBy } from './wsdl.ts'

export interface Line {
  url: string
  version: SoapVersion
  charset: Charset
  namespace: string
  qualified: boolean
  /** RPC/encoded: each parameter says its type. */
  encoded: boolean
  /** SOAPAction; may be empty. */
  action(operation: string): string
  /** Name of the element that answers; `*` is any. */
  answerTo(operation: string): string
  writer: XmlWriter
  /** Markup of the envelope's header; empty when there is none. */
  header(at: Date): string
  /** HTTP headers that prove who we are. */
  sign(request: Signable): Record<string, string>
  authFaults: readonly string[]
  /** Values that no summary may repeat. */
  secrets: readonly string[]
}

/** @throws AdapterFailure 'unrecognised' when the scheme lacks what it needs */
export function lineOf(settings: SoapSettings): Line {
  const { version = '1.1', charset = 'utf-8', soapAction, answerElement, security } = settings
  const described = isDocument(settings.wsdl) ? readWsdl(settings.wsdl) : nothing
  const qualified = settings.parameters ? settings.parameters === 'qualified' : described.qualified
  const writer = xmlWriter(charset)
  return {
    url: settings.baseUrl,
    version,
    charset,
    namespace: needed(settings.namespace ?? described.namespace, 'namespace'),
    qualified: qualified ?? true,
    encoded: isEncoded(settings),
    action: (operation) =>
      soapAction?.replace('{operation}', operation) ?? described.actions.get(operation) ?? `urn:${operation}`,
    answerTo: (operation) =>
      answerElement?.replace('{operation}', operation) ??
      described.answers.get(operation) ??
      `${operation}Response`,
    writer,
    ...proofOf(writer, security ?? { scheme: 'none' }),
    authFaults: [...usualAuthFaults, ...(settings.authFaults ?? [])],
    secrets: secretsOf(settings),
  }
}

function isEncoded({ parameters, version }: SoapSettings): boolean {
  if (parameters !== 'encoded') return false
  if (version !== '1.2') return true
  const what =
    'parameters: encoded 仅用于 SOAP 1.1，请去掉 version: "1.2" (parameters: encoded is for SOAP 1.1: leave out version: "1.2")'
  throw new AdapterFailure('unrecognised', what, { sent: false })
}

const nothing: Described = { actions: new Map(), answers: new Map() }

/** The WSDL itself, read from a file, and not its address. */
export const isDocument = (wsdl: string | undefined): wsdl is string => /^\s*</.test(wsdl ?? '')

function readWsdl(text: string): Described {
  try {
    return describedBy(readXml(text))
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    throw new AdapterFailure('unrecognised', `wsdl: ${error.message}`, { sent: false })
  }
}

const noHeader = () => ''
const noSignature = () => ({})

function proofOf(writer: XmlWriter, security: SecuritySettings): Pick<Line, 'header' | 'sign'> {
  const { scheme } = security
  if (scheme === 'none') return { header: noHeader, sign: noSignature }
  const password = needed(security.password, 'security.password')
  if (scheme === 'bearer') return { header: noHeader, sign: bearer([password]).sign }
  const username = needed(security.username, 'security.username')
  if (scheme === 'basic') return { header: noHeader, sign: basic(username, password).sign }
  const form = scheme === 'username-text' ? 'text' : 'digest'
  return { header: (at) => usernameToken(writer, { username, password }, form, at), sign: noSignature }
}

function secretsOf({ security, exGdbs, incoming }: SoapSettings): string[] {
  const secrets = [security?.password, exGdbs?.identifyKey, incoming?.password, incoming?.previousPassword]
  return secrets.filter((one) => one !== undefined)
}

/** @throws AdapterFailure 'unrecognised' naming the setting */
export function needed<T>(value: T | undefined, name: string): T {
  if (value !== undefined && value !== '') return value
  throw wrongSetting(name, '缺失 (is missing)')
}
