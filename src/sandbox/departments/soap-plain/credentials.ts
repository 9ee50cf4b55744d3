// UsernameToken with a digest (OASIS 2006), as the old system checks and writes it.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { escapeXml, isFields } from '../soap/wire.ts'

export interface Credentials {
  username: string
  password: string
}

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-'
const DIGEST = `${OASIS}username-token-profile-1.0#PasswordDigest`
const FRESH_MS = 300_000

/** Whether the envelope's header has a token of theirs that is not old. */
export function isTheirs(header: unknown, { username, password }: Credentials): boolean {
  const security = isFields(header) ? header.Security : undefined
  const token = isFields(security) ? security.UsernameToken : undefined
  if (!isFields(token) || textOf(token.Username) !== username) return false
  const created = textOf(token.Created)
  if (!(Math.abs(Date.now() - Date.parse(created)) <= FRESH_MS)) return false
  const wanted = Buffer.from(digestOf(Buffer.from(textOf(token.Nonce), 'base64'), created, password))
  const given = Buffer.from(textOf(token.Password))
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** A header of ours, new each time. */
export function tokenMarkup({ username, password }: Credentials): string {
  const nonce = randomBytes(16)
  const created = new Date().toISOString()
  const digest = digestOf(nonce, created, password)
  const proof = `<w:Password Type="${DIGEST}">${digest}</w:Password><w:Nonce>${nonce.toString('base64')}</w:Nonce><u:Created>${created}</u:Created>`
  return `<w:Security xmlns:w="${OASIS}wssecurity-secext-1.0.xsd" xmlns:u="${OASIS}wssecurity-utility-1.0.xsd" soapenv:mustUnderstand="1"><w:UsernameToken><w:Username>${escapeXml(username)}</w:Username>${proof}</w:UsernameToken></w:Security>`
}

function digestOf(nonce: Buffer, created: string, password: string): string {
  return createHash('sha1').update(nonce).update(`${created}${password}`).digest('base64')
}

const textOf = (value: unknown): string =>
  isFields(value) ? String(value['#text'] ?? '') : typeof value === 'string' ? value : ''
