// The settings of one EMS system, and what holds where they are silent.
// What the public specification leaves open (U) is a setting with a default, never a constant.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { keyOf } from './cipher.ts'
import { type AnswerRow, knownAnswers } from './return-codes.ts'

export interface Account {
  /** 协议客户号, 14 digits. */
  customerNumber: string
  authorization: string
  /** Base64 of 16 bytes. */
  signKey: string
}

export type PerDirection = Readonly<{ collect: string; deliver: string }>

/** `settings:` of a system whose adapter is postal-ems. */
export interface EmsSettings extends Account {
  /** Scheme, host and mount point, without the path of the API. */
  baseUrl: string
  path?: string
  accounts?: readonly Account[]
  contentsAttribute?: string
  bizProductNo?: string
  pickupType?: PerDirection
  paymentMode?: PerDirection
  projectId?: string
  refusesRepeatedOrders?: boolean
  answers?: readonly AnswerRow[]
}

export type CompleteSettings = Readonly<
  Required<Omit<EmsSettings, 'projectId' | 'baseUrl' | 'path'>> & { url: string; projectId?: string }
>

export const PATH = '/amp-prod-api/f/amp/api/open'

/** Fills in what was left out. @throws AdapterFailure 'unrecognised' for a signKey that cannot be one. */
export function complete(given: EmsSettings): CompleteSettings {
  for (const account of [given, ...(given.accounts ?? [])]) {
    if (!keyOf(account.signKey)) {
      const who = account.customerNumber
      throw new AdapterFailure(
        'unrecognised',
        `客户号 ${who} 的 signKey 不是 16 字节的 Base64 (not the Base64 of 16 bytes)`,
      )
    }
  }
  return {
    contentsAttribute: '1',
    bizProductNo: '1',
    pickupType: { collect: '1', deliver: '1' },
    paymentMode: { collect: '2', deliver: '1' },
    refusesRepeatedOrders: true,
    ...given,
    url: given.baseUrl.replace(/\/+$/, '') + (given.path ?? PATH),
    accounts: given.accounts ?? [],
    answers: [...(given.answers ?? []), ...knownAnswers],
  }
}

/** The county's own account; else the system's credentials with the county's customer number. */
export function accountFor(settings: CompleteSettings, customerNumber: string | undefined): Account {
  const own = settings.accounts.find((account) => account.customerNumber === customerNumber)
  return own ?? { ...pick(settings), customerNumber: customerNumber ?? settings.customerNumber }
}

/** Every key with which a push may be sealed; pushes do not say whose they are. */
export function signKeys(settings: CompleteSettings): string[] {
  return [...new Set([settings.signKey, ...settings.accounts.map((account) => account.signKey)])]
}

function pick({ customerNumber, authorization, signKey }: Account): Account {
  return { customerNumber, authorization, signKey }
}
