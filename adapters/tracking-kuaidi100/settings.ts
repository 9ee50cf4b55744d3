// The settings of a Kuaidi100 account, and what holds where they are silent.

import type { ParcelEventType } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { TlsOptions } from '../../src/adapter-kit/http.ts'
import type { CodeRow } from './codes.ts'
import { type StateTable, stateTable } from './statuses.ts'

/** `settings:` of a system whose adapter is tracking-kuaidi100. */
export interface Kuaidi100Settings {
  /** Given to the connection by the kit. */
  tls?: TlsOptions
  /** Scheme, host and mount point, without /poll. */
  baseUrl: string
  key: string
  customer: string
  /** Signs callbacks. */
  salt: string
  /** The gateway as Kuaidi100 reaches it: `https://…/v1/carriers/<system>/tracking`. */
  callbackUrl: string
  /** Our carrier systems' ids -> Kuaidi100's codes of carriers (com). */
  carriers: Readonly<Record<string, string>>
  /** Asks for a state of every scan beside that of the parcel. */
  resultv2?: string
  states?: readonly { code: string; word: ParcelEventType | null }[]
  answers?: readonly CodeRow[]
}

export type CompleteSettings = Readonly<
  Omit<Kuaidi100Settings, 'states' | 'answers'> & { states: StateTable; answers: readonly CodeRow[] }
>

export function complete(given: Kuaidi100Settings): CompleteSettings {
  return {
    ...given,
    baseUrl: given.baseUrl.replace(/\/+$/, ''),
    states: stateTable(given.states ?? []),
    answers: given.answers ?? [],
  }
}

/** Kuaidi100's code of a carrier. @throws AdapterFailure 'rejected' for a carrier that the settings do not name */
export function comOf({ carriers }: CompleteSettings, carrier: string): string {
  const com = Object.hasOwn(carriers, carrier) ? carriers[carrier] : undefined
  if (com) return com
  const what = `设置 carriers 中没有系统 ${carrier} 的快递公司编码 (no code for the carrier ${carrier} in the setting carriers)`
  throw new AdapterFailure('rejected', what, { sent: false, code: 'carrier' })
}
