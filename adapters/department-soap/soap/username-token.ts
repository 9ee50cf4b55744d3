// WS-Security UsernameToken Profile 1.1 (OASIS 2006): PasswordText and PasswordDigest, made and checked.
// A digest covers neither the body nor the path: it proves the sender only together with a trusted line.

import { hash, randomBytes } from 'node:crypto'
import { checkTime, refuse, sameText } from '../../../src/adapter-kit/signing/scheme.ts'
import type { XmlElement } from '../../../src/adapter-kit/xml.ts'
import type { XmlWriter } from '../xml/text.ts'
import { childOf } from './envelope.ts'

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-'
export const securityNamespace = `${OASIS}wssecurity-secext-1.0.xsd`
const UTILITY = `${OASIS}wssecurity-utility-1.0.xsd`
const PROFILE = `${OASIS}username-token-profile-1.0`
const BASE64 = `${OASIS}soap-message-security-1.0#Base64Binary`

const NONCE_BYTES = 16

interface Credentials {
  username: string
  password: string
}

/** The header's markup; a digest has a new nonce each time. */
export function usernameToken(
  { element, text }: XmlWriter,
  { username, password }: Credentials,
  form: 'text' | 'digest',
  at: Date,
): string {
  const name = element('wsse:Username', text(username))
  const proof =
    form === 'text'
      ? element('wsse:Password', text(password), { Type: `${PROFILE}#PasswordText` })
      : digestProof(element, password, at.toISOString())
  const token = element('wsse:UsernameToken', name + proof)
  return element('wsse:Security', token, {
    'xmlns:wsse': securityNamespace,
    'xmlns:wsu': UTILITY,
    'soap:mustUnderstand': '1',
  })
}

function digestProof(element: XmlWriter['element'], password: string, created: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  return (
    element('wsse:Password', digestOf(nonce, created, password), { Type: `${PROFILE}#PasswordDigest` }) +
    element('wsse:Nonce', nonce.toString('base64'), { EncodingType: BASE64 }) +
    element('wsu:Created', created)
  )
}

/** Base64(SHA-1(nonce + created + password)), as the profile fixes it. */
function digestOf(nonce: Buffer, created: string, password: string): string {
  return hash('sha1', Buffer.concat([nonce, Buffer.from(created + password)]), 'base64')
}

/** @throws AdapterFailure 'unauthorised' unless one token has the name and one of the passwords */
export function checkUsernameToken(
  headers: readonly XmlElement[],
  known: { username: string; passwords: readonly string[] },
  receivedAt: Date,
): void {
  const security = headers.filter(
    ({ name, namespace }) => name === 'Security' && namespace === securityNamespace,
  )
  const token = security.length === 1 && security[0] ? childOf(security[0], 'UsernameToken') : undefined
  if (!token) refuse('缺少 UsernameToken', 'the UsernameToken is missing')
  const username = childOf(token, 'Username')?.text.trim() ?? ''
  const password = childOf(token, 'Password')
  if (!password) refuse('缺少密码', 'the password is missing')
  const given = password.text.trim()
  const proofs = password.attributes.Type?.endsWith('#PasswordDigest')
    ? digestsOf(token, known.passwords, receivedAt)
    : known.passwords
  const fits = proofs.some((proof) => sameText(given, proof))
  if (!sameText(username, known.username) || !fits)
    refuse('UsernameToken 不符', 'the UsernameToken is not ours')
}

function digestsOf(token: XmlElement, passwords: readonly string[], receivedAt: Date): string[] {
  const created = childOf(token, 'Created')?.text.trim() ?? ''
  const nonce = Buffer.from(childOf(token, 'Nonce')?.text.trim() ?? '', 'base64')
  if (nonce.length === 0) refuse('缺少 Nonce', 'the nonce is missing')
  checkTime(Date.parse(created), receivedAt)
  return passwords.map((password) => digestOf(nonce, created, password))
}
