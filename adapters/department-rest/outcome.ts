// What a department's answer means for the transfer: a receipt, nothing yet, or a failure named by what happens next.
// Text of an answer reaches a summary only masked.

import { shownCode } from '../../src/adapter-kit/case-report.ts'
import type { Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { maskText, personsIn } from '../../src/adapter-kit/masking.ts'
import { type Codes, type Meaning, meaningOf, type Said } from './dialect.ts'

/** The receipt of `send`. */
export function sent(codes: Codes, said: Said, content: unknown): Receipt {
  const meant = judge(codes, said, content)
  if (meant === 'absent') throw refusal(said, content)
  return {
    ...(said.reference === undefined ? {} : { reference: said.reference }),
    ...(meant === 'duplicate' ? { duplicate: true } : {}),
  }
}

/** The answer of `find`. */
export function found(codes: Codes, said: Said, content: unknown): Receipt | null {
  const meant = judge(codes, said, content)
  if (meant === 'absent' || said.found === false) return null
  return said.reference === undefined ? {} : { reference: said.reference }
}

/** Only what ends well comes back; the rest is thrown. */
export function judge(codes: Codes, said: Said, content: unknown): Meaning {
  const meant = meaningOf(codes, said.code)
  if (meant === undefined) {
    const what =
      said.code === ''
        ? '应答中没有代码，请核对 answer.code (the answer holds no code: see that answer.code is right)'
        : `应答代码不在对照表中，请补入 codes (the code of the answer is not in the table: add it to codes)${shownCode(said.code)}`
    throw new AdapterFailure('unrecognised', what, codeOption(said))
  }
  if (meant === 'refused') throw refusal(said, content)
  if (meant === 'unavailable' || meant === 'throttled' || meant === 'unauthorised') {
    const wait = said.retryAfterMs === undefined ? {} : { retryAfterMs: said.retryAfterMs }
    throw new AdapterFailure(
      meant,
      `部门应答 (the department answered) ${said.code}: ${told(said, content)}`,
      { ...codeOption(said), ...wait },
    )
  }
  return meant
}

function refusal(said: Said, content: unknown): AdapterFailure {
  return new AdapterFailure(
    'rejected',
    `部门拒收 (the department refused) ${said.code}: ${told(said, content)}`,
    codeOption(said),
  )
}

/** The department's own words, without the persons it may repeat back. */
function told({ message = '' }: Said, content: unknown): string {
  return maskText(message, personsIn(content))
}

const LONGEST_CODE = 32

function codeOption({ code }: Said): { code?: string } {
  return code === '' ? {} : { code: code.slice(0, LONGEST_CODE) }
}
