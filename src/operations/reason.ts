// Why an operator does it: whoever looks later has to know.

import { problem } from '../http/problems.ts'

/** @throws problem `invalid-request` without one */
export function reasonOf(body: { reason?: unknown } | null): string {
  const reason = body?.reason
  if (typeof reason === 'string' && reason.trim().length > 0 && reason.length <= 500) return reason.trim()
  throw problem('invalid-request', {
    detail: 'say why: {"reason": "…"}',
    detailZh: '请填写原因：{"reason": "…"}',
  })
}
