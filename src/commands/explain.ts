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
  const { code, message, path } = error as { code?: string; message?: string; path?: string }
  if (code?.startsWith('ERR_PARSE_ARGS')) return wrongUsage(message ?? '')
  if (code === 'ECONNREFUSED' || (code === undefined && NO_ANSWER.test(message ?? '')))
    return `the database or Redis does not answer: ${message || code}. Is it running, and is DATABASE_URL or REDIS_URL right? · 数据库或 Redis 无应答，请确认其正在运行且 DATABASE_URL、REDIS_URL 正确`
  if (code === '28P01' || code === '28000')
    return `the database refuses the user or password of DATABASE_URL: ${message} · 数据库拒绝了 DATABASE_URL 中的用户或口令`
  if (code === '3D000')
    return `the database of DATABASE_URL does not exist: ${message} · DATABASE_URL 指定的数据库不存在`
  if (code !== undefined && UNTRUSTED.has(code)) return `${message}. ${HOW_TO_TRUST}`
  if (code === 'EACCES' || code === 'EPERM') return `a right is missing: ${message} · 权限不足`
  if (code === 'ENOENT' && path) return `there is no such file or folder: ${path} · 没有该文件或目录`
  return message || String(error)
}

/** Node's words name the option or argument; what follows them explains a notation that no command here has. */
function wrongUsage(message: string): string {
  const [what] = message.split(/\.(?: |$)/)
  return `${what}. Try --help · 选项或参数有误，请用 --help 查看用法`
}
