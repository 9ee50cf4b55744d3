// Transport to a department's own booking system: its slots are asked for, one is reserved, a reservation is cancelled.
// Nothing is remembered: whether a reservation arrived is asked by our own number.

import type { Said } from '../../src/adapter-kit/answer-codes.ts'
import { checkedBy } from '../../src/adapter-kit/check.ts'
import type { Adapter, Attempt } from '../../src/adapter-kit/contract.ts'
import { callJson, type JsonCall } from '../../src/adapter-kit/json-call.ts'
import { hmacSigner } from '../../src/adapter-kit/signing.ts'
import { readSaid } from './codes.ts'
import { type BookSettings, schemeOf } from './settings.ts'
import {
  cancelCall,
  cancelledIn,
  findCall,
  foundIn,
  reserveCall,
  reservedIn,
  slotsCall,
  slotsIn,
} from './translate.ts'

export function createAppointmentBook(settings: BookSettings): Adapter {
  const sign = hmacSigner(schemeOf(settings))
  const ask = async (attempt: Attempt, call: JsonCall, content?: unknown): Promise<Said> =>
    readSaid((await callJson(attempt, call, sign)).json(), settings.codes, content)
  return {
    outgoing: {
      // One reservation per orderNo, however often it is sent.
      reserve: {
        honoursKey: true,
        send: async (content, attempt) =>
          reservedIn(await ask(attempt, reserveCall(content, settings), content)),
        find: async (content, attempt) => foundIn(await ask(attempt, findCall(content), content)),
      },
      cancel: {
        honoursKey: true,
        send: async (content, attempt) =>
          cancelledIn(await ask(attempt, cancelCall(content), content), content),
      },
    },
    questions: { slots: async (asked, attempt) => slotsIn(await ask(attempt, slotsCall(asked, settings))) },
    check: (attempt) => checkedBy(() => ask(attempt, findCall({ reservationId: 'connection-check' }))),
  }
}
