// The house preset as a whole. A system's settings may lay their own parts over it (configured.ts).

import type { Dialect } from '../dialect.ts'
import { houseCodes, readAnswer, readMessage, readWithdrawal } from './read.ts'
import { findSubmitted, findSupplement, submit, supplement, withdraw } from './speak.ts'

const codes = houseCodes

/** The department has at most one effect per outerNo (and round), so sending again is safe. */
export const house: Dialect = {
  operations: {
    submitCase: {
      say: submit,
      read: readAnswer,
      codes,
      find: { say: findSubmitted, read: readAnswer, codes },
      honoursKey: true,
    },
    supplementCase: {
      say: supplement,
      read: readAnswer,
      codes,
      find: { say: findSupplement, read: readAnswer, codes },
      honoursKey: true,
    },
    withdrawCase: {
      say: withdraw,
      read: readAnswer,
      codes,
      find: { say: findSubmitted, read: readWithdrawal, codes },
      honoursKey: true,
    },
  },
  incoming: readMessage,
  check: { method: 'GET', path: '/api/v1/project/query?outerNo=connection-check' },
}
