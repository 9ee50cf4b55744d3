// A configured request with its answer, each part over the preset's.

import { answerReader } from './answers.ts'
import type { Asked, Codes } from './dialect.ts'
import type { Compile } from './expressions.ts'
import { compileRequest } from './requests.ts'
import type { AskedSettings } from './settings.ts'

/** Undefined when the request or how its answer is read is nowhere said. */
export function askedOf<C>(
  own: Partial<AskedSettings>,
  base: Asked<C> | undefined,
  where: string,
  answerWhere: string,
  compile: Compile,
): Asked<C> | undefined {
  const { answer = {} } = own
  const read = answerReader(answer, base?.read, answerWhere, compile)
  const say = isRequest(own) ? compileRequest<C>(own, where, compile) : base?.say
  if (!read || !say) return undefined
  const codes: Codes = { ...base?.codes, ...own.codes }
  const as = answer.as ?? base?.as
  const accept = answer.accept ?? base?.accept
  return { say, read, codes, ...(as ? { as } : {}), ...(accept ? { accept } : {}) }
}

const isRequest = (own: Partial<AskedSettings>): own is AskedSettings =>
  own.method !== undefined && own.path !== undefined
