// The codes of a booking system's answers, and what each means. A code without a row is never guessed at.

import { type Meaning, readAnswer, type Said } from '../../src/adapter-kit/answer-codes.ts'
import { AdapterFailure, type FailureKind } from '../../src/adapter-kit/failures.ts'

/** full: no seat is left. gone: there is no such slot, or not at that time any more. */
export const meanings = [
  'done',
  'duplicate',
  'absent',
  'full',
  'gone',
  'unavailable',
  'throttled',
  'rejected',
  'unauthorised',
] as const
export type Means = (typeof meanings)[number]

const known: Readonly<Record<string, Means>> = {
  '0': 'done',
  DUPLICATE: 'duplicate',
  NOT_FOUND: 'absent',
  FULL: 'full',
  NO_SLOT: 'gone',
  SLOT_CHANGED: 'gone',
  CANCELLED: 'gone',
  BUSY: 'throttled',
  MAINTENANCE: 'unavailable',
  SIGNATURE: 'unauthorised',
  INVALID: 'rejected',
}

/**
 * @throws AdapterFailure named by the code: 'rejected' with `slot-full` or `slot-gone` where it says
 * something of the slot
 */
export function readSaid(
  answer: unknown,
  own: readonly { code: string; means: Means }[] = [],
  content?: unknown,
): Said {
  const all = { ...known, ...Object.fromEntries(own.map(({ code, means }) => [code, means])) }
  const codes = Object.fromEntries(
    Object.entries(all).map(([code, means]): [string, Meaning | FailureKind] => [
      code,
      means === 'full' || means === 'gone' ? 'rejected' : means,
    ]),
  )
  try {
    return readAnswer(answer, { who: '预约系统', codes }, content)
  } catch (error) {
    const means = error instanceof AdapterFailure && error.code ? all[error.code] : undefined
    if (means !== 'full' && means !== 'gone') throw error
    throw new AdapterFailure('rejected', (error as Error).message, { code: `slot-${means}`, cause: error })
  }
}
