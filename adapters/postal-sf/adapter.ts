// SF Express 丰桥: which service each operation and question is. What is said is in order.ts, routes.ts and questions.ts.

import { checkedBy } from '../../src/adapter-kit/check.ts'
import type {
  Adapter,
  Attempt,
  ParcelContent,
  ParcelReference,
  Receipt,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { personsIn } from '../../src/adapter-kit/masking.ts'
import type { Answer } from './answer.ts'
import { type Call, openLine } from './call.ts'
import {
  cancellationBody,
  cancellationReceipt,
  isTurnedDown,
  orderBody,
  orderReceipt,
  searchBody,
} from './order.ts'
import { openQuestions } from './questions.ts'
import { acknowledgePush, readPush, readRoutes, routesBody } from './routes.ts'
import { type CompleteSettings, complete, type SfSettings } from './settings.ts'

const services = {
  create: 'EXP_RECE_CREATE_ORDER',
  search: 'EXP_RECE_SEARCH_ORDER_RESP',
  update: 'EXP_RECE_UPDATE_ORDER',
  routes: 'EXP_RECE_SEARCH_ROUTES',
} as const

/** An SF system. @throws AdapterFailure 'unrecognised' for settings that make no sense together. */
export function createPostalSf(given: SfSettings): Adapter {
  const settings = complete(given)
  const call = openLine(settings)
  const { pushToken, opCodes } = settings
  return {
    outgoing: {
      createOrder: {
        send: (parcel, attempt) => createOrder(settings, call, parcel, attempt),
        find: (parcel, attempt) => findOrder(call, parcel.parcelId, attempt),
        honoursKey: true,
      },
      cancelOrder: { send: (parcel, attempt) => cancelOrder(call, parcel, attempt), honoursKey: true },
    },
    ...(pushToken === undefined
      ? {}
      : {
          incoming: {
            read: (message) => readPush(message, pushToken, opCodes),
            acknowledge: acknowledgePush,
          },
        }),
    tracking: {
      async read(parcel, attempt) {
        const { data } = await call(services.routes, routesBody(parcel), { persons: [] }, attempt)
        return readRoutes(data, parcel, opCodes)
      },
    },
    questions: openQuestions(settings, call),
    check: (attempt) => check(call, attempt),
  }
}

/** SF refuses a second order of the same number; what it has is then looked up. */
async function createOrder(
  settings: CompleteSettings,
  call: Call,
  parcel: ParcelContent,
  attempt: Attempt,
): Promise<Receipt> {
  const asked = { persons: personsIn(parcel), bears: ['duplicate'] as const }
  const answer = await call(services.create, orderBody(parcel, settings), asked, attempt)
  if (answer.means === 'done') return orderReceipt(answer, parcel.parcelId)
  const known = await lookUp(call, parcel.parcelId, attempt)
  if (known) return { ...orderReceipt(known, parcel.parcelId), duplicate: true }
  const what = '顺丰称重复下单，却查不到该订单 (called a repeated order, but it cannot be found)'
  throw new AdapterFailure('uncertain', what, { code: answer.code })
}

/** An order that SF has turned down is as good as none: sent again, it is refused for certain. */
async function findOrder(call: Call, parcelId: string, attempt: Attempt): Promise<Receipt | null> {
  const answer = await lookUp(call, parcelId, attempt)
  return answer === null || isTurnedDown(answer) ? null : orderReceipt(answer, parcelId)
}

async function lookUp(call: Call, parcelId: string, attempt: Attempt): Promise<Answer | null> {
  const asked = { persons: [], bears: ['absent'] as const }
  const answer = await call(services.search, searchBody(parcelId), asked, attempt)
  return answer.means === 'absent' ? null : answer
}

async function cancelOrder(call: Call, parcel: ParcelReference, attempt: Attempt): Promise<Receipt> {
  const asked = { persons: [parcel.reason], bears: ['duplicate'] as const }
  const answer = await call(services.update, cancellationBody(parcel), asked, attempt)
  if (answer.code !== 'A1007') return cancellationReceipt(answer, parcel.reference)
  throw new AdapterFailure('uncertain', '顺丰：同一请求已收到过 (this very request was received before)', {
    code: 'A1007',
  })
}

/** Looks for an order that nobody made: no effect, and it needs the same credentials as an order. */
function check(call: Call, attempt: Attempt): Promise<{ ok: boolean; summary: string }> {
  const about = { persons: [], bears: ['absent' as const] }
  return checkedBy(
    () => call(services.search, searchBody('tongban-check'), about, attempt),
    '地址与授权有效 (address and credentials accepted)',
  )
}
