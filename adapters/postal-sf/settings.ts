// The settings of one SF system, and what holds where they are silent.
// What public sources leave open or contradict (U) is a setting with a default, never a constant.

import type { ParcelEventType } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { TlsOptions } from '../../src/adapter-kit/http.ts'
import type { CodeRow } from './codes.ts'
import { type RouteTable, routeTable } from './statuses.ts'

type PerDirection = Readonly<{ collect: number; deliver: number }>

/** `settings:` of a system whose adapter is postal-sf. Exactly one of `checkword` and `oauthSecret`. */
export interface SfSettings {
  /** Given to the connection by the kit. */
  tls?: TlsOptions
  /** Scheme, host and mount point, without /std/service. */
  baseUrl: string
  partnerID: string
  checkword?: string
  oauthSecret?: string
  /** 月结卡号 of parcels whose county has none of its own. */
  monthlyCard: string
  expressTypeId?: number
  payMethod?: PerDirection
  isDocall?: PerDirection
  opCodes?: readonly { code: string; word: ParcelEventType | null }[]
  answers?: readonly CodeRow[]
  label?: { templateCode?: string; origins?: readonly string[] }
  /** Must be the query `token` of the address that SF pushes routes to; without it no push is taken. */
  pushToken?: string
}

export interface CompleteSettings {
  serviceUrl: string
  tokenUrl: string
  partnerID: string
  checkword?: string
  oauthSecret?: string
  monthlyCard: string
  expressTypeId: number
  payMethod: PerDirection
  isDocall: PerDirection
  opCodes: RouteTable
  answers: readonly CodeRow[]
  label: { templateCode: string; origins: readonly string[] }
  pushToken?: string
}

/** @throws AdapterFailure 'unrecognised' unless exactly one way of proving who we are is given */
export function complete(given: SfSettings): CompleteSettings {
  const { partnerID, checkword, oauthSecret, monthlyCard, pushToken } = given
  if ((checkword === undefined) === (oauthSecret === undefined)) {
    const what = 'checkword 与 oauthSecret 须且只须设置一个 (set exactly one of checkword and oauthSecret)'
    throw new AdapterFailure('unrecognised', what, { sent: false })
  }
  const base = given.baseUrl.replace(/\/+$/, '')
  return {
    serviceUrl: `${base}/std/service`,
    tokenUrl: `${base}/oauth2/accessToken`,
    partnerID,
    ...(checkword === undefined ? {} : { checkword }),
    ...(oauthSecret === undefined ? {} : { oauthSecret }),
    monthlyCard,
    expressTypeId: given.expressTypeId ?? 2,
    payMethod: given.payMethod ?? { collect: 2, deliver: 1 },
    isDocall: given.isDocall ?? { collect: 1, deliver: 1 },
    opCodes: routeTable(given.opCodes ?? []),
    answers: given.answers ?? [],
    label: {
      templateCode: given.label?.templateCode ?? `fm_76130_standard_${partnerID}`,
      origins: (given.label?.origins ?? []).map((origin) => new URL(origin).origin),
    },
    ...(pushToken === undefined ? {} : { pushToken }),
  }
}
