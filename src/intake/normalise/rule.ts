// The shape of one normalisation rule: text in, canonical text or a named fault out. Rules are pure and idempotent:
// applied to its own answer, a rule answers the same.

import type { FaultCode } from '../../http/fault-codes.ts'

/** Why a text has no canonical form; the pointer is added by whoever knows where the text stands. */
export interface Fault {
  code: FaultCode
  message: string
  messageZh: string
}

export type Rule = (text: string) => string | Fault

export function fault(code: FaultCode, message: string, messageZh: string): Fault {
  return { code, message, messageZh }
}
