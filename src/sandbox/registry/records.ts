// What the registry holds: for any holder and type an answer that follows from both, so that no list is needed.
// Pure: the date comes in as an argument.

import { fraction } from '../random.ts'
import { identifierOf } from './identifier.ts'

export type Standing = 'valid' | 'not-found' | 'expired' | 'suspended' | 'revoked'

/** A holder about whom the city has decided something. */
export interface Holder {
  name?: string
  /** By certificate type; `*` for all others. */
  standing?: Readonly<Record<string, Standing>>
}

export type Holders = ReadonlyMap<string, Holder>

export interface CertificateRecord {
  standing: Standing
  identifier: string
  certData: Record<string, unknown>
}

const ISSUER = { code: '11410200005310123X', name: '开封市行政审批和政务信息管理局' }
/** Upper bounds of a uniform number; about 92 in 100 are valid. */
const usualStandings: readonly (readonly [number, Standing])[] = [
  [0.92, 'valid'],
  [0.95, 'not-found'],
  [0.97, 'expired'],
  [0.985, 'suspended'],
  [1, 'revoked'],
]
const YEAR_MS = 365 * 24 * 60 * 60 * 1000
const VALID_YEARS = 5

export interface Question {
  holderCode: string
  holderTypeCode: string
  certTypeCode: string
}

/** The registry's record, also for certificates that are no longer good. */
export function recordOf(question: Question, holders: Holders, seed: string, now: Date): CertificateRecord {
  const { holderCode, certTypeCode } = question
  const holder = holders.get(holderCode)
  const standing = holder?.standing?.[certTypeCode] ?? holder?.standing?.['*'] ?? byChance(question, seed)
  const identifier = identifierOf(certTypeCode, ISSUER.code, holderCode)
  const start = now.getTime() - (standing === 'expired' ? VALID_YEARS + 1 : 1) * YEAR_MS
  const surface = [
    { name: '持证主体', value: holder?.name ?? '持证人', valueType: 'string', columnName: 'CZZT' },
  ]
  const certData = {
    certificateType: certTypeCode,
    certificateName: `电子证照${certTypeCode.slice(-3)}`,
    certificateHolder: holder?.name ?? '持证人',
    certificateHolderCode: holderCode,
    certificateHolderType: question.holderTypeCode,
    certificateNumber: identifier.split('.').at(-3),
    issueDept: ISSUER.name,
    issueDeptCode: ISSUER.code,
    issueDate: day(start),
    certificateValidateStart: day(start),
    certificateValidateEnd: day(start + VALID_YEARS * YEAR_MS),
    digitalSign: '',
    surface,
    detail: [],
  }
  return { standing, identifier, certData }
}

function byChance({ holderCode, certTypeCode }: Question, seed: string): Standing {
  const chance = fraction(seed, holderCode, certTypeCode)
  return usualStandings.find(([bound]) => chance < bound)?.[1] ?? 'valid'
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
