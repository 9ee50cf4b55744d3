// The house preset as a whole. A system's settings may lay their own parts over it (configured.ts).

import type { Dialect } from '../dialect.ts'
import { houseCodes, readAnswer, readListed, readMessage, readPage, readWithdrawal } from './read.ts'
import {
  askEvents,
  askListed,
  checkConnection,
  findSubmitted,
  findSupplement,
  submit,
  supplement,
  withdraw,
} from './speak.ts'

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
  polling: {
    asked: { say: askEvents, read: readAnswer, codes },
    readPage,
    reader: readMessage,
    pageSize: 200,
    first: '',
    maxBytes: 4 * 1024 * 1024,
  },
  listing: {
    asked: { say: askListed, read: readAnswer, codes },
    readPage,
    read: readListed,
    pageSize: 200,
    maxBytes: 4 * 1024 * 1024,
  },
  check: { say: checkConnection, read: readAnswer, codes },
}
