// Why a command could not do its work, for whoever ran it.

import { ConfigurationError } from '../settings/problems.ts'

/** Of certificates, as Node names what is wrong. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
])
const HOW_TO_TRUST =
  'Name the CA of the database or Redis in NODE_EXTRA_CA_CERTS, or for PostgreSQL as sslrootcert in DATABASE_URL, and the host as its certificate does'

/** pg's own words for a server that is there and says nothing. */
const NO_ANSWER = /^(timeout expired|Connection terminated|Query read timeout|timeout exceeded when trying)/

/** What escaped a command as one clear sentence, with what to do where that is known. */
export function explain(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message
  // What failed first, not what failed while it was cleared away.
  if (error instanceof SuppressedError) return explain(error.suppressed)
  const { code, message } = error as { code?: string; message?: string }
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message} Try --help.`
  if (code === 'ECONNREFUSED' || (code === undefined && NO_ANSWER.test(message ?? '')))
    return `the database or Redis does not answer: ${message || code}. Is it running, and is DATABASE_URL or REDIS_URL right? · 数据库或 Redis 无应答，请确认其正在运行且 DATABASE_URL、REDIS_URL 正确`
  if (code === '28P01' || code === '28000')
    return `the database refuses the user or password of DATABASE_URL: ${message}`
  if (code === '3D000') return `the database of DATABASE_URL does not exist: ${message}`
  if (code !== undefined && UNTRUSTED.has(code)) return `${message}. ${HOW_TO_TRUST}`
  if (code === 'EACCES' || code === 'EPERM') return `a right is missing: ${message}`
  return message || String(error)
}
