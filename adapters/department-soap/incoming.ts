// A department that calls us: envelope, credentials, then what the profile reads in it; and our answer as SOAP.
// The HTTP binding is followed for faults; a refusal that the department's program can act on is no fault.

import { encode } from '../../src/adapter-kit/charset.ts'
import type {
  ExternalEvent,
  HttpAnswer,
  InboundMessage,
  Incoming,
  IncomingOutcome,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { refuse, sameText } from '../../src/adapter-kit/signing/scheme.ts'
import { basic, bearer } from '../../src/adapter-kit/signing.ts'
import { refusedXml, type XmlElement } from '../../src/adapter-kit/xml.ts'
import type { IncomingSettings, SoapSettings } from './settings.ts'
import {
  childOf,
  type Envelope,
  envelopeNamespaces,
  mediaTypes,
  readEnvelope,
  type SoapVersion,
  writeEnvelope,
} from './soap/envelope.ts'
import { type FaultCode, writeFault } from './soap/fault.ts'
import { type Line, needed } from './soap/line.ts'
import { checkUsernameToken, securityNamespace } from './soap/username-token.ts'
import { type Elements, writeWsdl } from './soap/wsdl-write.ts'
import { xmlTextOf } from './xml/bytes.ts'

export interface IncomingProfile {
  /** The element in the body. */
  operation: string
  /** The elements of the call and of its answer, as the settings read and write them. */
  takes: { parameters: Elements; answer: Elements }
  /** Where the caller's key stands, for `verify: key`. */
  key?: { parameter: string; secrets: readonly string[] }
  read(content: XmlElement, message: InboundMessage): ExternalEvent[] | Promise<ExternalEvent[]>
  /** The content of `<operation>Response`, or a fault. */
  answer(outcome: IncomingOutcome): { status: number; markup: string } | { fault: string }
}

type Verify = (envelope: Envelope, message: InboundMessage) => void

/** @throws AdapterFailure 'unrecognised' when the check lacks what it needs */
export function incomingOf(line: Line, settings: SoapSettings, profile: IncomingProfile): Incoming {
  const { http, soap } = checksOf(settings, profile)
  return {
    async read(message) {
      http(message)
      if (http !== passes) message.proved?.()
      const envelope = envelopeOf(line, message)
      soap(envelope, message)
      if (soap !== passes) message.proved?.()
      checkUnderstood(envelope)
      if (envelope.content.name !== profile.operation)
        throw refusedXml('不是约定的操作 (is another operation)')
      return { events: await profile.read(envelope.content, message) }
    },
    acknowledge: (outcome, message) => acknowledge(line, profile, outcome, message),
    describe: (address) => describe(line, settings, profile, address),
  }
}

const proofs: Readonly<Record<Verification, string>> = {
  key: '以密钥参数表明身份 · the caller proves who it is by the key among the parameters',
  'username-token': 'WS-Security UsernameToken，文本或摘要 · WS-Security UsernameToken, text or digest',
  basic: 'HTTP Basic',
  bearer: 'HTTP Bearer',
  none: '以双向 TLS 或客户端令牌表明身份 · mutual TLS or a client token proves the caller',
}

function describe(
  { version, namespace, qualified, action }: Line,
  settings: SoapSettings,
  { operation, takes }: IncomingProfile,
  address: string,
): HttpAnswer {
  const note = proofs[verificationOf(settings)]
  const described = { version, namespace, qualified, action: action(operation), operation, ...takes, note }
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  return { status: 200, headers, body: writeWsdl(described, address) }
}

type Verification = NonNullable<IncomingSettings['verify']>

const verificationOf = ({ incoming, profile }: SoapSettings): Verification =>
  incoming?.verify ?? (profile === 'ex-gdbs' ? 'key' : 'username-token')

function envelopeOf({ charset }: Line, { body, headers }: InboundMessage): Envelope {
  return readEnvelope(xmlTextOf(body, headers, charset))
}

const passes = () => {}

/** What can be checked before the body is read, and what needs the envelope. */
function checksOf(
  settings: SoapSettings,
  profile: IncomingProfile,
): { http: (message: InboundMessage) => void; soap: Verify } {
  const { incoming = {} } = settings
  const { previousPassword } = incoming
  const verify = verificationOf(settings)
  if (verify === 'none') return { http: passes, soap: passes }
  if (verify === 'key') {
    const key = needed(profile.key, 'incoming.verify: key')
    return { http: passes, soap: ({ content }) => checkKey(content, key) }
  }
  const password = needed(incoming.password, 'incoming.password')
  const passwords = [password, ...(previousPassword ? [previousPassword] : [])]
  if (verify === 'bearer') return { http: bearer(passwords).verify, soap: passes }
  const username = needed(incoming.username, 'incoming.username')
  if (verify === 'basic') return { http: eitherOf(username, passwords), soap: passes }
  return {
    http: passes,
    soap: ({ headers }, { receivedAt }) => checkUsernameToken(headers, { username, passwords }, receivedAt),
  }
}

function eitherOf(username: string, passwords: readonly string[]): (message: InboundMessage) => void {
  const verifiers = passwords.map((password) => basic(username, password).verify)
  return (message) => {
    const failures = verifiers.flatMap((verify) => failureOf(() => verify(message)) ?? [])
    if (failures.length === verifiers.length) throw failures[0]
  }
}

function failureOf(action: () => void): unknown {
  try {
    action()
    return undefined
  } catch (error) {
    return error
  }
}

function checkKey(content: XmlElement, { parameter, secrets }: NonNullable<IncomingProfile['key']>): void {
  const given = childOf(content, parameter)?.text.trim() ?? ''
  if (!secrets.some((secret) => sameText(given, secret))) refuse('标识密钥不符', 'the key is not ours')
}

/** SOAP 1.1 §4.2.3, 1.2 part 1 §5.2.3: a header that must be understood is understood or refused. */
function checkUnderstood({ headers }: Envelope): void {
  const strange = headers.some(
    ({ namespace, attributes }) => namespace !== securityNamespace && isMandatory(attributes),
  )
  if (!strange) return
  const what = '含有必须理解而不认识的头 (a header must be understood and is not known)'
  throw new AdapterFailure('unrecognised', what, { code: 'MustUnderstand' })
}

function isMandatory(attributes: Readonly<Record<string, string>>): boolean {
  return Object.entries(attributes).some(
    ([name, value]) =>
      /(?:^|:)mustUnderstand$/.test(name) && (value.trim() === '1' || value.trim() === 'true'),
  )
}

function acknowledge(
  line: Line,
  profile: IncomingProfile,
  outcome: IncomingOutcome,
  message: InboundMessage,
): HttpAnswer {
  const received = receivedOf(line, message)
  if (received.unreadable !== undefined && !outcome.ok && outcome.status < 500 && outcome.status !== 401)
    return faultAnswer(line, received.version, received.unreadable, outcome.detail)
  const answer = profile.answer(outcome)
  if ('fault' in answer)
    return faultAnswer(line, received.version, isOurs(outcome) ? 'Server' : 'Client', answer.fault)
  const body = line.writer.element(`d:${profile.operation}Response`, answer.markup, {
    'xmlns:d': line.namespace,
  })
  return httpAnswer(line, received.version, answer.status, body)
}

const isOurs = (outcome: IncomingOutcome) => !outcome.ok && outcome.status >= 500

/** The version to answer in; and, for what is no readable call of ours, the fault that says so. */
function receivedOf(line: Line, message: InboundMessage): { version: SoapVersion; unreadable?: FaultCode } {
  try {
    const envelope = envelopeOf(line, message)
    checkUnderstood(envelope)
    return { version: envelope.version }
  } catch (error) {
    const type = String(message.headers['content-type'] ?? '')
    const version = type.startsWith(mediaTypes['1.2']) ? '1.2' : '1.1'
    const start = message.body.toString('latin1', 0, 2048)
    return {
      version: start.includes(envelopeNamespaces['1.2']) ? '1.2' : version,
      unreadable: codeOf(error),
    }
  }
}

function codeOf(error: unknown): FaultCode {
  const code = error instanceof AdapterFailure ? error.code : undefined
  return code === 'MustUnderstand' || code === 'VersionMismatch' ? code : 'Client'
}

function faultAnswer(line: Line, version: SoapVersion, code: FaultCode, reason: string): HttpAnswer {
  const { status, markup } = writeFault(line.writer, version, code, reason)
  return httpAnswer(line, version, status, markup)
}

function httpAnswer(
  { writer, charset }: Line,
  version: SoapVersion,
  status: number,
  body: string,
): HttpAnswer {
  return {
    status,
    headers: { 'content-type': `${mediaTypes[version]}; charset=${charset}` },
    body: encode(writeEnvelope(writer, version, charset, { body }), charset),
  }
}
