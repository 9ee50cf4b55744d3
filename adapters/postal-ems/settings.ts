// The settings of one EMS system, and what holds where they are silent.
// What the public specification leaves open (U) is a setting with a default, never a constant.

import type { ParcelEventType } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { TlsOptions } from '../../src/adapter-kit/http.ts'
import { keyOf } from './cipher.ts'
import { type AnswerRow, knownAnswers } from './return-codes.ts'
import { type TrackRow, trackRowByCode } from './statuses.ts'

export interface Account {
  /** 协议客户号, 14 digits. */
  customerNumber: string
  authorization: string
  /** Base64 of 16 bytes. */
  signKey: string
}

type PerDirection = Readonly<{ collect: string; deliver: string }>

/** Which generation of the post's interface is spoken. */
type Profile = 'open-api' | 'gen2-xml' | 'gen1-5'

/** An opCode that a city knows beside, or better than, statuses.ts. */
interface OpCodeRow {
  code: string
  word: ParcelEventType | null
  reverses?: string
}

/** `settings:` of a system whose adapter is postal-ems. Which of them a profile demands is in settings-schema.ts. */
export interface EmsSettings extends Partial<Omit<Account, 'customerNumber'>> {
  /** Given to the connection by the kit. */
  tls?: TlsOptions
  customerNumber: string
  /** Default `open-api`. */
  profile?: Profile
  /** Scheme, host and mount point, without the path of the API. */
  baseUrl: string
  path?: string
  accounts?: readonly (Omit<Account, 'signKey'> & { signKey?: string })[]
  contentsAttribute?: string
  bizProductNo?: string
  pickupType?: PerDirection
  paymentMode?: PerDirection
  projectId?: string
  refusesRepeatedOrders?: boolean
  answers?: readonly AnswerRow[]
  opCodes?: readonly OpCodeRow[]
  orderQuery?: { apiCode: string }
  label?: { type?: string; asUrl?: boolean }
  feeProductCode?: string
  feeUnit?: 'yuan' | 'fen'
  gen2?: Gen2Settings
  gen15?: { serviceType?: number }
}

/** What the second generation (OrderNormal XML) wants to know beside. */
export interface Gen2Settings {
  secret: string
  ecommerceNo: string
  /** A 邮务, B 速递. */
  logisticsProvider?: 'A' | 'B'
  baseProductNo?: string
  /** Form fields beside the XML and its digest, such as msg_type and ecCompanyId. */
  form?: Readonly<Record<string, string>>
}

export interface CompleteSettings extends Account {
  url: string
  accounts: readonly Account[]
  contentsAttribute: string
  bizProductNo: string
  pickupType: PerDirection
  paymentMode: PerDirection
  projectId?: string
  refusesRepeatedOrders: boolean
  answers: readonly AnswerRow[]
  opCodes: ReadonlyMap<string, TrackRow>
  orderQuery?: { apiCode: string }
  label: { type: string; asUrl: boolean }
  feeProductCode: string
  feeUnit: 'yuan' | 'fen'
}

export const PATH = '/amp-prod-api/f/amp/api/open'

/** 电商标快, goods. */
export const FEE_PRODUCT = '115104300000691'

/** Fills in what was left out. @throws AdapterFailure 'unrecognised' for a signKey that is missing or cannot be one. */
export function complete(given: EmsSettings): CompleteSettings {
  return {
    ...fullAccount(given),
    contentsAttribute: given.contentsAttribute ?? '1',
    bizProductNo: given.bizProductNo ?? '1',
    pickupType: given.pickupType ?? { collect: '1', deliver: '1' },
    paymentMode: given.paymentMode ?? { collect: '2', deliver: '1' },
    ...(given.projectId ? { projectId: given.projectId } : {}),
    refusesRepeatedOrders: given.refusesRepeatedOrders ?? true,
    url: addressOf(given, PATH),
    accounts: (given.accounts ?? []).map(fullAccount),
    answers: [...(given.answers ?? []), ...knownAnswers],
    opCodes: trackTable(given.opCodes ?? []),
    ...(given.orderQuery ? { orderQuery: given.orderQuery } : {}),
    label: { type: given.label?.type ?? '149', asUrl: given.label?.asUrl ?? false },
    feeProductCode: given.feeProductCode ?? FEE_PRODUCT,
    feeUnit: given.feeUnit ?? 'yuan',
  }
}

/** Where the interface is. */
export function addressOf({ baseUrl, path }: EmsSettings, usual: string): string {
  return baseUrl.replace(/\/+$/, '') + (path ?? usual)
}

function fullAccount({ customerNumber, authorization, signKey }: Partial<Account>): Account {
  if (!customerNumber || !authorization || !signKey || !keyOf(signKey)) {
    throw new AdapterFailure(
      'unrecognised',
      `客户号 ${customerNumber} 的 signKey 不是 16 字节的 Base64，或缺少授权码 (signKey is not the Base64 of 16 bytes, or no authorization)`,
      { sent: false },
    )
  }
  return { customerNumber, authorization, signKey }
}

function trackTable(own: readonly OpCodeRow[]): ReadonlyMap<string, TrackRow> {
  const rows = own.map((row): TrackRow => {
    const usual = trackRowByCode.get(row.code)
    const meaning = { zh: `轨迹 ${row.code}`, en: `opCode ${row.code}` }
    return usual?.word === row.word ? { ...usual, ...row } : { ...row, meaning }
  })
  return new Map([...trackRowByCode, ...rows.map((row) => [row.code, row] as const)])
}

/** The county's own account; else the system's credentials with the county's customer number. */
export function accountFor(settings: CompleteSettings, customerNumber: string | undefined): Account {
  const own = settings.accounts.find((account) => account.customerNumber === customerNumber)
  return own ?? { ...pick(settings), customerNumber: customerNumber ?? settings.customerNumber }
}

/** All accounts, the system's own first. */
export function accountsOf(settings: CompleteSettings): Account[] {
  return [pick(settings), ...settings.accounts]
}

/** Every key with which a push may be sealed; pushes do not say whose they are. */
export function signKeys(settings: CompleteSettings): string[] {
  return [...new Set(accountsOf(settings).map((account) => account.signKey))]
}

function pick({ customerNumber, authorization, signKey }: Account): Account {
  return { customerNumber, authorization, signKey }
}
